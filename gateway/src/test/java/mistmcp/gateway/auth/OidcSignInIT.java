package mistmcp.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Signing in over real HTTP: a browser with a cookie jar, the gateway's endpoints, and a little provider.
class OidcSignInIT {
    @RegisterExtension
    final SignInRig rig = new SignInRig();

    @Test
    void signsABrowserInAndKeepsTheTokens() throws IOException, InterruptedException {
        var browser = rig.browser();

        var page = browser.signIn("/auth/login?return=/ui/plans/pl_1");

        assertThat(page).isEqualTo("/ui/plans/pl_1");
        var session = browser.session();
        assertThat(session.string("sub")).contains("anna");
        assertThat(session.string("role")).contains("ReadWrite");
        assertThat(session.object("roleSource").flatMap(source -> source.string("claim")))
                .contains("roles");
        assertThat(session.string("authMode")).contains("oidc");
        assertThat(session.bool("renews")).contains(true);
        assertThat(browser.get("/whoami").statusCode()).isEqualTo(200);
        assertThat(rig.opened()).hasSize(1);
        assertThat(rig.provider.issuedTokens).hasSize(3).allSatisfy(token -> {
            assertThat(session.toString()).doesNotContain(token);
            assertThat(browser.cookies().toString()).doesNotContain(token);
            assertThat(rig.events.toString()).doesNotContain(token);
        });
    }

    @Test
    void asksTheProviderAsAClientMust() throws IOException, InterruptedException {
        var browser = rig.browser();

        browser.signIn("/auth/login");

        var asked = rig.provider.asked.getFirst();
        assertThat(asked)
                .containsEntry("response_type", "code")
                .containsEntry("client_id", FakeAuthorization.CLIENT)
                .containsEntry("redirect_uri", rig.base() + "/auth/callback")
                .containsEntry("scope", "openid profile email")
                .containsEntry("code_challenge_method", "S256")
                .containsKeys("state", "nonce", "code_challenge")
                .doesNotContainKeys("prompt", "max_age");
        assertThat(asked.get("state")).hasSize(43);
        assertThat(asked.get("nonce")).hasSize(43).isNotEqualTo(asked.get("state"));
    }

    @Test
    void itsCookiesAreOutOfReachOfScriptsAndOtherHosts() throws IOException, InterruptedException {
        var browser = rig.browser();
        var begun = browser.get("/auth/login");
        var back = URI.create(WebBrowser.location(browser.send("GET", URI.create(WebBrowser.location(begun)))));
        var done = browser.send("GET", back);

        assertThat(begun.headers().firstValue("Set-Cookie").orElseThrow())
                .startsWith("__Host-mist-sign-in=")
                .contains("; Path=/", "; Secure", "; HttpOnly", "; SameSite=Lax", "; Max-Age=600");
        assertThat(done.headers().allValues("Set-Cookie"))
                .anySatisfy(cookie -> assertThat(cookie)
                        .startsWith("__Host-mist=")
                        .contains("; Path=/", "; Secure", "; HttpOnly", "; SameSite=Strict"));
        assertThat(done.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(done.headers().firstValue("Referrer-Policy")).contains("no-referrer");
    }

    @Test
    void twoTabsOfABrowserCanSignInAtOnce() throws IOException, InterruptedException {
        var browser = rig.browser();
        var first = browser.toCallback("/auth/login?return=/ui/plans");
        var second = browser.toCallback("/auth/login?return=/ui/audit");

        assertThat(WebBrowser.location(browser.send("GET", first))).isEqualTo("/ui/plans");
        assertThat(WebBrowser.location(browser.send("GET", second))).isEqualTo("/ui/audit");

        assertThat(browser.signedIn()).isTrue();
    }

    @Test
    void goesToPagesOfItsOwnOnly() throws IOException, InterruptedException {
        for (var path : List.of(
                "https://evil.example.com/",
                "//evil.example.com/",
                "/%2Fevil.example.com",
                "/ui//evil.example.com",
                "/ui/%255cevil",
                "/ui/../auth/logout",
                "/ui/%0d%0aSet-Cookie:x=y",
                "/auth/logout",
                "/ui/x%23y",
                "ui/",
                "")) {
            assertThat(rig.browser().signIn("/auth/login?return=" + path))
                    .as(path)
                    .isEqualTo("/ui/");
        }
        assertThat(rig.browser().signIn("/auth/login?return=%2Fui%2Faudit%3Fuser%3Danna"))
                .isEqualTo("/ui/audit?user=anna");
    }

    @Test
    void aLinkOnAnotherSiteBeginsNothing() throws IOException, InterruptedException {
        var browser = rig.browser();

        var answer = browser.send("GET", URI.create(rig.base() + "/auth/login"), "Sec-Fetch-Site", "cross-site");

        assertThat(WebBrowser.location(answer)).isEqualTo("/ui/sign-in");
        assertThat(browser.cookies()).isEmpty();
        assertThat(rig.provider.asked).isEmpty();
    }

    @Test
    void tellsThePersonWithoutARoleWhatWasSeen() throws IOException, InterruptedException {
        rig.provider.roles = List.of("guests", "printers");
        var browser = rig.browser();

        browser.signIn("/auth/login");

        assertThat(browser.session()
                        .object("refusal")
                        .flatMap(refusal -> refusal.string("detail"))
                        .orElseThrow())
                .contains("`guests`", "`printers`");
        assertThat(rig.events)
                .filteredOn(SignInEvent.TurnedAway.class::isInstance)
                .singleElement()
                .asString()
                .contains("anna", "guests");
    }

    @Test
    void somebodyElseCanComeInAProvidersSession() throws IOException, InterruptedException {
        var browser = rig.browser();
        rig.provider.roles = List.of("guests");
        browser.signIn("/auth/login");
        rig.provider.person = "ben";
        rig.provider.roles = List.of("ReadOnly");

        browser.signIn("/auth/login?return=/ui/&switch=1");

        assertThat(rig.provider.asked.getLast())
                .containsEntry("prompt", "login")
                .doesNotContainKey("max_age");
        assertThat(browser.session().string("sub")).contains("ben");
        assertThat(browser.session().has("refusal")).isFalse();
    }

    @Test
    void theIdTokenCountsOnlyWhereThatIsSet() throws IOException, InterruptedException {
        rig.provider.opaque = true;
        rig.provider.idClaims = SignInRig.with("groups", List.of("net-admins"));
        rig.start(Map.of(
                "OIDC_SIGN_IN_TOKEN", "id",
                "ROLE_CLAIM", "groups",
                "ROLE_MAP_JSON", "{\"ReadWrite\": \"net-admins\"}"));
        var browser = rig.browser();

        browser.signIn("/auth/login");

        assertThat(browser.session().string("role")).contains("ReadWrite");
        rig.clock.pass(Duration.ofSeconds(301));
        assertThat(browser.signedIn()).as("renewed by the ID token").isTrue();
        rig.provider.tokenAnswer = answer -> answer.without("id_token");
        rig.clock.pass(Duration.ofSeconds(301));
        assertThat(browser.signedIn()).isFalse();
    }

    @Test
    void anIdTokenIsStillNoBearer() throws IOException, InterruptedException {
        rig.start(Map.of("OIDC_SIGN_IN_TOKEN", "id"));
        rig.provider.idClaims = SignInRig.with("roles", List.of("ReadWrite"));
        rig.browser().signIn("/auth/login");
        var id = rig.provider.issuedTokens.get(1);

        var answer = rig.browser().send("GET", URI.create(rig.base() + "/whoami"), "Authorization", "Bearer " + id);

        assertThat(answer.statusCode()).isEqualTo(401);
    }

    @Test
    void theGatewaysOwnClientNeedNotBeAmongTheAllowedOnes() throws IOException, InterruptedException {
        rig.start(Map.of("ALLOWED_CLIENTS", "claude"));
        var browser = rig.browser();

        browser.signIn("/auth/login");

        assertThat(browser.signedIn()).isTrue();
        var access = rig.provider.issuedTokens.getFirst();
        assertThat(rig.browser()
                        .send("GET", URI.create(rig.base() + "/whoami"), "Authorization", "Bearer " + access)
                        .statusCode())
                .isEqualTo(401);
    }
}

package mistmcp.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import mistmcp.json.Json;
import mistmcp.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// How a browser session is ended by its human.
class OidcSignOutIT {
    @RegisterExtension
    final SignInRig rig = new SignInRig();

    @Test
    void signsOutHereAndAtTheProvider() throws IOException, InterruptedException {
        var browser = rig.browser();
        browser.signIn("/auth/login");
        var csrf = browser.session().string("csrf").orElseThrow();
        var out = URI.create(rig.base() + "/auth/logout");

        assertThat(browser.send("POST", out, "Origin", rig.base()).statusCode()).isEqualTo(403);
        assertThat(browser.send("POST", out, "Origin", "http://localhost:1", "X-CSRF-Token", csrf)
                        .statusCode())
                .isEqualTo(403);
        assertThat(browser.signedIn()).isTrue();

        var answer = browser.send("POST", out, "Origin", rig.base(), "X-CSRF-Token", csrf);

        assertThat(answer.statusCode()).isEqualTo(200);
        var next = URI.create(Json.parseObject(answer.body()).string("next").orElseThrow());
        assertThat(next.toString()).startsWith(rig.provider.issuer() + "/logout?");
        assertThat(FakeAuthorization.query(next))
                .containsEntry("client_id", FakeAuthorization.CLIENT)
                .containsEntry("post_logout_redirect_uri", rig.base() + "/auth/callback")
                .doesNotContainKey("id_token_hint");
        assertThat(browser.signedIn()).isFalse();
        assertThat(rig.events).hasAtLeastOneElementOfType(SignInEvent.Closed.class);
        assertThat(rig.provider.revoked)
                .as("revoked before the browser was sent to the provider")
                .singleElement()
                .asString()
                .startsWith("refresh-");
        assertThat(WebBrowser.location(browser.get("/auth/callback"))).isEqualTo("/ui/sign-in");
    }

    @Test
    void aProviderThatIsSlowToRevokeKeepsNobodySignedIn() throws IOException, InterruptedException {
        rig.start(
                Map.of(), new Provider.Patience(Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(1)));
        var asked = new CountDownLatch(1);
        var told = new CountDownLatch(1);
        rig.provider.revocationEndpoint = Optional.of(response -> {
            asked.countDown();
            told.await();
            response.send(200);
        });
        var browser = rig.browser();
        browser.signIn("/auth/login");

        var answer = browser.post("/auth/logout", JsonObject.EMPTY);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(Json.parseObject(answer.body()).string("next").orElseThrow())
                .startsWith(rig.provider.issuer() + "/logout?");
        assertThat(browser.signedIn()).isFalse();
        assertThat(told.getCount()).as("the provider has not answered yet").isOne();
        asked.await();
        told.countDown();
    }
}

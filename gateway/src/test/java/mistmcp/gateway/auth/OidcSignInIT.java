package mistmcp.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import mistmcp.gateway.api.AuthEndpoints;
import mistmcp.gateway.api.GatewayFacts;
import mistmcp.http.HttpServer;
import mistmcp.http.ServerSettings;
import mistmcp.json.Json;
import mistmcp.json.JsonObject;
import mistmcp.settings.Env;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Signing in over real HTTP: a browser with a cookie jar, the gateway's endpoints, and a little provider.
class OidcSignInIT {
    private static final GatewayFacts FACTS = new GatewayFacts(() -> true, true, "localhost", "planner/1");

    @TempDir
    private Path folder;

    private final SetClock clock = new SetClock();
    private final HttpClient wire = HttpClient.newHttpClient();
    private final mistmcp.http.HttpClient outbound = new mistmcp.http.HttpClient(Duration.ofSeconds(2), 16);
    private final List<SignInEvent> events = Collections.synchronizedList(new ArrayList<>());
    private FakeIdp idp;
    private FakeAuthorization provider;
    private JwksStore keys;
    private HttpServer server;

    @BeforeEach
    void start() throws InterruptedException {
        idp = new FakeIdp(Signer.rsa("key-1"), clock);
        provider = idp.people();
        start(Map.of());
    }

    private void start(Map<String, String> more) throws InterruptedException {
        if (server != null) {
            server.close();
            keys.close();
        }
        var values = new HashMap<>(Map.of(
                "MODE_AUTH",
                "oidc",
                "OIDC_ISSUER",
                provider.issuer(),
                "OIDC_JWKS_URL",
                idp.url().toString(),
                "OIDC_CLIENT_ID",
                FakeAuthorization.CLIENT,
                "OIDC_CLIENT_SECRET",
                FakeAuthorization.SECRET,
                "DATA_DIR",
                folder.toString()));
        values.putAll(more);
        var env = Env.of(values);
        var settings = (AuthSettings.Oidc) AuthSettings.read(env);
        env.check();
        keys = JwksStore.open(settings, outbound, clock);
        keys.awaitFirst(Duration.ofSeconds(10));
        var browsers = new BrowserSessions(settings.address(), clock);
        var authenticator = new Authenticator(settings, keys, clock);
        var callers = new Callers(authenticator, browsers, events::add);
        var oidc = new OidcSignIn(
                settings, FakeAuthorization.CLIENT, authenticator, browsers, outbound, events::add, clock);
        server = HttpServer.start(
                ServerSettings.loopback(0),
                new AuthEndpoints(settings, FACTS, callers, browsers, events::add, Optional.empty(), Optional.of(oidc))
                        .routes());
    }

    @AfterEach
    void stop() {
        server.close();
        keys.close();
        idp.close();
        outbound.close();
        wire.close();
    }

    private String base() {
        return "http://localhost:" + server.port();
    }

    private WebBrowser browser() {
        return WebBrowser.at(base(), wire);
    }

    private List<SignInEvent> opened() {
        return events.stream().filter(SignInEvent.Opened.class::isInstance).toList();
    }

    @Test
    void signsABrowserInAndKeepsTheTokens() throws IOException, InterruptedException {
        var browser = browser();

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
        assertThat(opened()).hasSize(1);
        assertThat(provider.issuedTokens).hasSize(3).allSatisfy(token -> {
            assertThat(session.toString()).doesNotContain(token);
            assertThat(browser.cookies().toString()).doesNotContain(token);
            assertThat(events.toString()).doesNotContain(token);
        });
    }

    @Test
    void asksTheProviderAsAClientMust() throws IOException, InterruptedException {
        var browser = browser();

        browser.signIn("/auth/login");

        var asked = provider.asked.getFirst();
        assertThat(asked)
                .containsEntry("response_type", "code")
                .containsEntry("client_id", FakeAuthorization.CLIENT)
                .containsEntry("redirect_uri", base() + "/auth/callback")
                .containsEntry("scope", "openid profile email")
                .containsEntry("code_challenge_method", "S256")
                .containsKeys("state", "nonce", "code_challenge")
                .doesNotContainKeys("prompt", "max_age");
        assertThat(asked.get("state")).hasSize(43);
        assertThat(asked.get("nonce")).hasSize(43).isNotEqualTo(asked.get("state"));
    }

    @Test
    void itsCookiesAreOutOfReachOfScriptsAndOtherHosts() throws IOException, InterruptedException {
        var browser = browser();
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

    /// One attack or failure: what the provider or the network does, and what the page and the audit log then say.
    private record Case(String name, Consumer<FakeAuthorization> lie, String code, String reason) {}

    private static UnaryOperator<JsonObject> with(String name, Object value) {
        return claims -> claims.with(name, value);
    }

    private List<Case> cases() {
        var stranger = Signer.rsa("key-1");
        return List.of(
                new Case(
                        "no state",
                        fake -> fake.callback = without("state"),
                        "sign_in_answer_malformed",
                        "answer_malformed"),
                new Case(
                        "other state",
                        fake -> fake.callback = put("state", "x".repeat(43)),
                        "sign_in_state_unknown",
                        "state_unknown"),
                new Case(
                        "iss of another",
                        fake -> fake.callback = put("iss", "https://evil.example.com"),
                        "sign_in_issuer",
                        "answer_issuer_wrong"),
                new Case("no iss", fake -> fake.callback = without("iss"), "sign_in_issuer", "answer_issuer_missing"),
                new Case(
                        "no code",
                        fake -> fake.callback = without("code"),
                        "sign_in_answer_malformed",
                        "answer_malformed"),
                new Case(
                        "other code",
                        fake -> fake.callback = put("code", "guessed"),
                        "sign_in_code_refused",
                        "code_refused"),
                new Case(
                        "declined",
                        fake -> fake.callback = put("error", "access_denied"),
                        "sign_in_declined",
                        "declined"),
                new Case(
                        "nonce of another sign-in",
                        fake -> fake.idClaims = with("nonce", "other"),
                        "sign_in_id_token",
                        "id_token_nonce"),
                new Case(
                        "no nonce",
                        fake -> fake.idClaims = claims -> claims.without("nonce"),
                        "sign_in_id_token",
                        "id_token_nonce"),
                new Case(
                        "ID token of another issuer",
                        fake -> fake.idClaims = with("iss", "https://evil.example.com"),
                        "sign_in_id_token",
                        "id_token_issuer"),
                new Case(
                        "ID token for another client",
                        fake -> fake.idClaims = with("aud", "other"),
                        "sign_in_id_token",
                        "id_token_audience"),
                new Case(
                        "two audiences, no azp",
                        fake -> fake.idClaims = with("aud", List.of(FakeAuthorization.CLIENT, "other")),
                        "sign_in_id_token",
                        "id_token_azp"),
                new Case(
                        "azp of another",
                        fake -> fake.idClaims = with("azp", "other"),
                        "sign_in_id_token",
                        "id_token_azp"),
                new Case(
                        "wrong at_hash",
                        fake -> fake.idClaims = with("at_hash", "AAAAAAAAAAAAAAAAAAAAAA"),
                        "sign_in_id_token",
                        "access_hash_wrong"),
                new Case(
                        "expired",
                        fake -> fake.idClaims = with("exp", 1_000_000),
                        "sign_in_id_token",
                        "id_token_expired"),
                new Case(
                        "no exp",
                        fake -> fake.idClaims = claims -> claims.without("exp"),
                        "sign_in_id_token",
                        "id_token_times"),
                new Case(
                        "no iat",
                        fake -> fake.idClaims = claims -> claims.without("iat"),
                        "sign_in_id_token",
                        "id_token_times"),
                new Case(
                        "issued long ago",
                        fake -> fake.idClaims = with("iat", clock.instant().getEpochSecond() - 3_600),
                        "sign_in_id_token",
                        "id_token_times"),
                new Case(
                        "exp as text",
                        fake -> fake.idClaims = with("exp", "4000000000"),
                        "sign_in_id_token",
                        "id_token_times"),
                new Case(
                        "no sub",
                        fake -> fake.idClaims = claims -> claims.without("sub"),
                        "sign_in_id_token",
                        "id_token_subject"),
                new Case(
                        "a refresh token as ID token",
                        fake -> fake.idClaims = with("typ", "Refresh"),
                        "sign_in_id_token",
                        "id_token_kind"),
                new Case(
                        "alg none",
                        fake -> fake.idToken = OidcSignInIT::unsigned,
                        "sign_in_id_token",
                        "id_token_invalid"),
                new Case(
                        "HS256 with the client's secret",
                        fake -> fake.idToken = OidcSignInIT::symmetric,
                        "sign_in_id_token",
                        "id_token_invalid"),
                new Case(
                        "signed by a stranger",
                        fake -> fake.idToken = token -> resigned(stranger, token),
                        "sign_in_id_token",
                        "id_token_invalid"),
                new Case(
                        "no ID token",
                        fake -> fake.tokenAnswer = answer -> answer.without("id_token"),
                        "sign_in_id_token",
                        "id_token_missing"),
                new Case(
                        "no access token",
                        fake -> fake.tokenAnswer = answer -> answer.without("access_token"),
                        "sign_in_provider_unavailable",
                        "token_endpoint_unusable"),
                new Case(
                        "not a bearer",
                        fake -> fake.tokenAnswer = with("token_type", "DPoP"),
                        "sign_in_provider_unavailable",
                        "token_endpoint_unusable"),
                new Case(
                        "access token of somebody else",
                        fake -> {
                            fake.accessClaims = with("sub", "eve");
                            fake.idClaims = claims -> claims.without("at_hash");
                        },
                        "sign_in_subject_mismatch",
                        "subject_mismatch"),
                new Case(
                        "access token for another audience",
                        fake -> fake.accessClaims = with("aud", "other"),
                        "token_audience",
                        "audience_not_accepted"),
                new Case(
                        "the ID token as access token",
                        fake -> fake.accessClaims = with("at_hash", "x"),
                        "token_kind",
                        "id_token"),
                new Case("opaque access token", fake -> fake.opaque = true, "sign_in_token_opaque", "token_opaque"),
                new Case(
                        "opaque access token with two dots",
                        fake -> fake.tokenAnswer = with("access_token", "ya29.a0.x~y"),
                        "sign_in_id_token",
                        "access_hash_wrong"),
                new Case(
                        "opaque access token with two dots, no at_hash",
                        fake -> {
                            fake.tokenAnswer = with("access_token", "ya29.a0.x~y");
                            fake.idClaims = claims -> claims.without("at_hash");
                        },
                        "sign_in_token_opaque",
                        "token_opaque"),
                new Case(
                        "access token for another resource, signed by another key",
                        fake -> {
                            fake.tokenAnswer = answer -> answer.with(
                                    "access_token",
                                    resigned(
                                            stranger,
                                            answer.string("access_token").orElseThrow()));
                            fake.idClaims = claims -> claims.without("at_hash");
                        },
                        "sign_in_token_foreign",
                        "token_foreign"),
                new Case("no role", fake -> fake.roles = List.of("guests"), "no_role", "no_role"),
                new Case(
                        "token endpoint fails",
                        fake -> fake.tokenEndpoint = Optional.of(FakeIdp.status(500)),
                        "sign_in_provider_unavailable",
                        "token_endpoint_failed"),
                new Case(
                        "token endpoint gives garbage",
                        fake -> fake.tokenEndpoint = Optional.of(FakeIdp.text("<html>")),
                        "sign_in_provider_unavailable",
                        "token_endpoint_unusable"),
                new Case(
                        "token endpoint gives 50 MB",
                        fake -> fake.tokenEndpoint = Optional.of(FakeIdp.flood(50)),
                        "sign_in_provider_unavailable",
                        "token_endpoint_failed"),
                new Case(
                        "token endpoint drops the connection",
                        fake -> fake.tokenEndpoint = Optional.of(dropped()),
                        "sign_in_provider_unavailable",
                        "token_endpoint_failed"),
                new Case(
                        "token endpoint redirects",
                        fake -> fake.tokenEndpoint = Optional.of(redirect()),
                        "sign_in_provider_unavailable",
                        "token_endpoint_unusable"),
                new Case(
                        "duplicate member",
                        fake -> fake.tokenEndpoint = Optional.of(FakeIdp.text(
                                "{\"access_token\":\"a\",\"access_token\":\"b\",\"token_type\":\"Bearer\"}")),
                        "sign_in_provider_unavailable",
                        "token_endpoint_unusable"));
    }

    private static FakeIdp.Answer dropped() {
        return mistmcp.http.HttpResponse::abort;
    }

    private static FakeIdp.Answer redirect() {
        return response ->
                response.header("Location", "http://127.0.0.1:1/token").send(307);
    }

    private static UnaryOperator<Map<String, String>> put(String name, String value) {
        return answer -> {
            var changed = new LinkedHashMap<>(answer);
            changed.put(name, value);
            return changed;
        };
    }

    private static UnaryOperator<Map<String, String>> without(String name) {
        return answer -> {
            var changed = new LinkedHashMap<>(answer);
            changed.remove(name);
            return changed;
        };
    }

    private static String payload(String token) {
        return token.split("\\.")[1];
    }

    private static String unsigned(String token) {
        return Signer.base64("{\"alg\":\"none\",\"typ\":\"JWT\"}") + "." + payload(token) + ".";
    }

    private static String symmetric(String token) {
        var signed = Signer.base64("{\"alg\":\"HS256\",\"typ\":\"JWT\"}") + "." + payload(token);
        try {
            var mac = javax.crypto.Mac.getInstance("HmacSHA256");
            mac.init(new javax.crypto.spec.SecretKeySpec(
                    FakeAuthorization.SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return signed + "." + Signer.base64(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
        } catch (java.security.GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static String resigned(Signer stranger, String token) {
        var signed = token.substring(0, token.lastIndexOf('.'));
        return signed + "." + Signer.base64(stranger.sign(signed));
    }

    @Test
    void refusesEachAttackAndFailureAndSignsNobodyIn() throws IOException, InterruptedException {
        for (var attack : cases()) {
            reset();
            attack.lie().accept(provider);
            var browser = browser();

            var page = browser.signIn("/auth/login?return=/ui/audit");

            assertThat(page).as(attack.name()).startsWith("/ui/").doesNotContain("?");
            var session = browser.session();
            assertThat(session.string("code")).as(attack.name()).contains("sign_in_required");
            assertThat(session.object("refusal").flatMap(refusal -> refusal.string("code")))
                    .as(attack.name())
                    .contains(attack.code());
            assertThat(browser.cookies()).as(attack.name()).doesNotContainKey("__Host-mist");
            assertThat(reasons()).as(attack.name()).containsExactly(attack.reason());
            assertThat(opened()).as(attack.name()).isEmpty();
        }
    }

    private List<String> reasons() {
        return events.stream()
                .map(event -> switch (event) {
                    case SignInEvent.Refused refused -> refused.reason();
                    case SignInEvent.TurnedAway away -> away.reason();
                    default -> "";
                })
                .filter(reason -> !reason.isEmpty() && !reason.equals("sign_in_required"))
                .toList();
    }

    private void reset() {
        events.clear();
        provider.callback = UnaryOperator.identity();
        provider.idClaims = UnaryOperator.identity();
        provider.accessClaims = UnaryOperator.identity();
        provider.tokenAnswer = UnaryOperator.identity();
        provider.idToken = UnaryOperator.identity();
        provider.tokenEndpoint = Optional.empty();
        provider.roles = List.of("ReadWrite");
        provider.opaque = false;
    }

    @Test
    void aTokenEndpointThatDripsIsGivenUp() throws IOException, InterruptedException {
        provider.tokenEndpoint = Optional.of(FakeIdp.drip());
        var browser = browser();

        browser.signIn("/auth/login");

        assertThat(browser.signedIn()).isFalse();
        assertThat(reasons()).containsExactly("token_endpoint_failed");
    }

    @Test
    void aProviderThatIsNotThereIsToldOnThePage() throws IOException, InterruptedException {
        idp.close();
        var browser = browser();

        assertThat(WebBrowser.location(browser.get("/auth/login?return=/ui/tools")))
                .isEqualTo("/ui/tools");

        assertThat(browser.session().object("refusal").flatMap(refusal -> refusal.string("code")))
                .contains("sign_in_provider_unavailable");
    }

    @Test
    void tellsThePersonWithoutARoleWhatWasSeen() throws IOException, InterruptedException {
        provider.roles = List.of("guests", "printers");
        var browser = browser();

        browser.signIn("/auth/login");

        assertThat(browser.session()
                        .object("refusal")
                        .flatMap(refusal -> refusal.string("detail"))
                        .orElseThrow())
                .contains("`guests`", "`printers`");
        assertThat(events)
                .filteredOn(SignInEvent.TurnedAway.class::isInstance)
                .singleElement()
                .asString()
                .contains("anna", "guests");
    }

    @Test
    void aSignInOfAnotherBrowserIsRefused() throws IOException, InterruptedException {
        var attacker = browser();
        var stolen = attacker.toCallback("/auth/login");
        var victim = browser();
        victim.get("/auth/login");

        assertThat(victim.send("GET", stolen).statusCode()).isEqualTo(302);

        assertThat(victim.signedIn()).isFalse();
        assertThat(reasons()).containsExactly("state_foreign");
        assertThat(provider.redeemed).hasValue(0);
        attacker.send("GET", stolen);
        assertThat(attacker.signedIn())
                .as("a state that was seen elsewhere is used up")
                .isFalse();
    }

    @Test
    void aBrowserWithoutTheCookieIsRefused() throws IOException, InterruptedException {
        var stolen = browser().toCallback("/auth/login");
        var victim = browser();

        victim.send("GET", stolen);

        assertThat(victim.signedIn()).isFalse();
        assertThat(provider.redeemed).hasValue(0);
    }

    @Test
    void anAnswerIsTakenOnce() throws IOException, InterruptedException {
        var browser = browser();
        var callback = browser.toCallback("/auth/login");
        browser.send("GET", callback);
        var first = browser.cookies().get("__Host-mist");

        browser.send("GET", callback);

        assertThat(provider.redeemed).hasValue(1);
        assertThat(reasons()).containsExactly("state_unknown");
        assertThat(browser.cookies()).containsEntry("__Host-mist", first);
        assertThat(browser.signedIn()).isTrue();
    }

    @Test
    void ofTwoAnswersAtOnceOneIsTaken() throws Exception {
        var browser = browser();
        var callback = browser.toCallback("/auth/login");
        var cookie = "__Host-mist-sign-in=" + browser.cookies().get("__Host-mist-sign-in");
        try (var threads = Executors.newFixedThreadPool(8)) {
            Callable<Boolean> send = () -> wire
                    .send(
                            java.net.http.HttpRequest.newBuilder(callback)
                                    .header("Cookie", cookie)
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .headers()
                    .allValues("Set-Cookie")
                    .stream()
                    .anyMatch(line -> line.startsWith("__Host-mist="));
            var results = threads.invokeAll(Collections.nCopies(8, send));
            int signedIn = 0;
            for (var result : results) {
                signedIn += result.get() ? 1 : 0;
            }
            assertThat(signedIn).isEqualTo(1);
        }
        assertThat(provider.redeemed).hasValue(1);
    }

    @Test
    void anAnswerThatComesTooLateIsRefused() throws IOException, InterruptedException {
        var browser = browser();
        var callback = browser.toCallback("/auth/login");
        clock.pass(Duration.ofMinutes(10));

        browser.send("GET", callback);

        assertThat(browser.signedIn()).isFalse();
        assertThat(reasons()).containsExactly("state_unknown");
    }

    @Test
    void aParameterGivenTwiceIsRefused() throws IOException, InterruptedException {
        var browser = browser();
        var callback = browser.toCallback("/auth/login");

        browser.send("GET", URI.create(callback + "&code=other"));

        assertThat(browser.signedIn()).isFalse();
        assertThat(reasons()).containsExactly("answer_malformed");
        assertThat(provider.redeemed).hasValue(0);
    }

    @Test
    void twoTabsOfABrowserCanSignInAtOnce() throws IOException, InterruptedException {
        var browser = browser();
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
            assertThat(browser().signIn("/auth/login?return=" + path)).as(path).isEqualTo("/ui/");
        }
        assertThat(browser().signIn("/auth/login?return=%2Fui%2Faudit%3Fuser%3Danna"))
                .isEqualTo("/ui/audit?user=anna");
    }

    @Test
    void aLinkOnAnotherSiteBeginsNothing() throws IOException, InterruptedException {
        var browser = browser();

        var answer = browser.send("GET", URI.create(base() + "/auth/login"), "Sec-Fetch-Site", "cross-site");

        assertThat(WebBrowser.location(answer)).isEqualTo("/ui/sign-in");
        assertThat(browser.cookies()).isEmpty();
        assertThat(provider.asked).isEmpty();
    }

    @Test
    void theProviderMustDescribeItselfAsTheIssuerThatIsSet() throws IOException, InterruptedException {
        provider.discovery = with("issuer", "https://evil.example.com");
        var browser = browser();

        assertThat(WebBrowser.location(browser.get("/auth/login?return=/ui/plans")))
                .isEqualTo("/ui/plans");

        assertThat(browser.session().object("refusal").flatMap(refusal -> refusal.string("code")))
                .contains("sign_in_provider_unavailable");
        assertThat(provider.asked).isEmpty();
    }

    @Test
    void sendsNoSecretInTheClear() throws IOException, InterruptedException {
        provider.discovery = with("token_endpoint", "http://login.example.com/token");
        var browser = browser();

        assertThat(WebBrowser.location(browser.get("/auth/login"))).isEqualTo("/ui/");

        assertThat(reasons()).containsExactly("discovery_unusable");
        assertThat(provider.asked).isEmpty();
    }

    @Test
    void signsOutHereAndAtTheProvider() throws IOException, InterruptedException {
        var browser = browser();
        browser.signIn("/auth/login");
        var csrf = browser.session().string("csrf").orElseThrow();
        var out = URI.create(base() + "/auth/logout");

        assertThat(browser.send("POST", out, "Origin", base()).statusCode()).isEqualTo(403);
        assertThat(browser.send("POST", out, "Origin", "http://localhost:1", "X-CSRF-Token", csrf)
                        .statusCode())
                .isEqualTo(403);
        assertThat(browser.signedIn()).isTrue();

        var answer = browser.send("POST", out, "Origin", base(), "X-CSRF-Token", csrf);

        assertThat(answer.statusCode()).isEqualTo(200);
        var next = URI.create(Json.parseObject(answer.body()).string("next").orElseThrow());
        assertThat(next.toString()).startsWith(provider.issuer() + "/logout?");
        assertThat(FakeAuthorization.query(next))
                .containsEntry("client_id", FakeAuthorization.CLIENT)
                .containsEntry("post_logout_redirect_uri", base() + "/auth/callback")
                .doesNotContainKey("id_token_hint");
        assertThat(browser.signedIn()).isFalse();
        assertThat(events).hasAtLeastOneElementOfType(SignInEvent.Closed.class);
        eventually(() -> provider.revoked.size() == 1);
        assertThat(provider.revoked.getFirst()).startsWith("refresh-");
        assertThat(WebBrowser.location(browser.get("/auth/callback"))).isEqualTo("/ui/sign-in");
    }

    private static void eventually(Callable<Boolean> holds) throws InterruptedException {
        for (int tries = 0; tries < 500; tries++) {
            try {
                if (holds.call()) {
                    return;
                }
            } catch (Exception failed) {
                throw new AssertionError(failed);
            }
            Thread.sleep(20);
        }
        throw new AssertionError("did not come about in 10 s");
    }

    @Test
    void renewsAheadOfTheEndAndTakesTheNewRole() throws IOException, InterruptedException {
        var browser = browser();
        browser.signIn("/auth/login");
        var csrf = browser.session().string("csrf");
        provider.roles = List.of("ReadOnly");
        clock.pass(Duration.ofSeconds(215));

        eventually(() -> browser.session().string("role").equals(Optional.of("ReadOnly")));

        assertThat(provider.renewed).hasValue(1);
        assertThat(browser.session().string("csrf")).isEqualTo(csrf);
        assertThat(events).hasAtLeastOneElementOfType(SignInEvent.Changed.class);
        clock.pass(Duration.ofSeconds(215));
        eventually(() -> browser.signedIn() && provider.renewed.get() == 2);
        assertThat(browser.session().bool("renews"))
                .as("the refresh token rotates")
                .contains(true);
    }

    @Test
    void renewsOnceForAllWhoAsk() throws Exception {
        var browser = browser();
        browser.signIn("/auth/login");
        clock.pass(Duration.ofSeconds(301));
        var cookie = "__Host-mist=" + browser.cookies().get("__Host-mist");

        try (var threads = Executors.newFixedThreadPool(16)) {
            Callable<Integer> ask = () -> wire.send(
                            java.net.http.HttpRequest.newBuilder(URI.create(base() + "/whoami"))
                                    .header("Cookie", cookie)
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .statusCode();
            for (var answer : threads.invokeAll(Collections.nCopies(32, ask))) {
                assertThat(answer.get()).isEqualTo(200);
            }
        }

        assertThat(provider.renewed).hasValue(1);
    }

    @Test
    void whenTheProviderRefusesTheSessionGoesOnToTheTokensEnd() throws IOException, InterruptedException {
        var browser = browser();
        browser.signIn("/auth/login");
        provider.endEverySession();
        clock.pass(Duration.ofSeconds(215));

        eventually(() -> browser.session().string("trouble").isPresent());

        assertThat(browser.signedIn()).isTrue();
        assertThat(browser.session().bool("renews")).contains(false);
        assertThat(events).hasAtLeastOneElementOfType(SignInEvent.NotRenewed.class);
        clock.pass(Duration.ofSeconds(85));
        assertThat(browser.session().object("ended").flatMap(ended -> ended.string("code")))
                .contains("sign_in_renewal_refused");
        assertThat(provider.renewed).as("a no is a no").hasValue(1);
    }

    @Test
    void whenTheProviderIsDownTheSessionEndsWithTheToken() throws IOException, InterruptedException {
        var browser = browser();
        browser.signIn("/auth/login");
        provider.tokenEndpoint = Optional.of(FakeIdp.status(503));
        clock.pass(Duration.ofSeconds(215));
        eventually(() -> browser.session().string("trouble").isPresent());
        provider.tokenEndpoint = Optional.empty();
        clock.pass(Duration.ofSeconds(10));
        eventually(() -> browser.session().string("trouble").isEmpty());
        assertThat(browser.session().bool("renews")).as("it came back").contains(true);

        provider.tokenEndpoint = Optional.of(FakeIdp.status(503));
        clock.pass(Duration.ofSeconds(301));

        assertThat(browser.session().object("ended").flatMap(ended -> ended.string("code")))
                .contains("sign_in_renewal_failed");
        assertThat(browser.signedIn()).isFalse();
    }

    @Test
    void whoLosesTheirRoleIsOutAtTheNextRenewal() throws IOException, InterruptedException {
        var browser = browser();
        browser.signIn("/auth/login");
        provider.roles = List.of("guests");
        clock.pass(Duration.ofSeconds(215));

        eventually(() -> !browser.signedIn());

        assertThat(browser.session().object("ended").flatMap(ended -> ended.string("code")))
                .contains("no_role");
        assertThat(browser.get("/whoami").statusCode()).isEqualTo(401);
    }

    @Test
    void aRenewalThatBringsSomebodyElseEndsTheSession() throws IOException, InterruptedException {
        var browser = browser();
        browser.signIn("/auth/login");
        provider.accessClaims = with("sub", "eve");
        provider.idClaims = claims -> claims.with("sub", "eve").without("at_hash");
        clock.pass(Duration.ofSeconds(215));

        eventually(() -> !browser.signedIn());

        assertThat(browser.session().object("ended").flatMap(ended -> ended.string("code")))
                .contains("sign_in_subject_mismatch");
    }

    @Test
    void withoutARefreshTokenTheSessionEndsWithTheToken() throws IOException, InterruptedException {
        provider.refreshes = false;
        var browser = browser();
        browser.signIn("/auth/login");
        clock.pass(Duration.ofSeconds(299));
        assertThat(browser.signedIn()).isTrue();
        clock.pass(Duration.ofSeconds(1));

        assertThat(browser.session().object("ended").flatMap(ended -> ended.string("code")))
                .contains("sign_in_ended");
    }

    @Test
    void aFreshSignInAsksForAProofAndChecksItsTime() throws IOException, InterruptedException {
        provider.authTime = Optional.of(clock.instant().getEpochSecond() - 3_600);
        var browser = browser();
        browser.signIn("/auth/login");
        assertThat(browser.session().string("provenAt")).isEmpty();
        var before = browser.cookies().get("__Host-mist");
        clock.pass(Duration.ofSeconds(30));

        assertThat(browser.signIn("/auth/login?fresh=1&return=/ui/plans/pl_1")).isEqualTo("/ui/plans/pl_1");
        assertThat(provider.asked.getLast()).containsEntry("prompt", "login").containsEntry("max_age", "0");
        assertThat(browser.session().object("refusal").flatMap(refusal -> refusal.string("code")))
                .contains("sign_in_not_fresh");
        assertThat(browser.session().string("provenAt"))
                .as("the old one stays, unproven")
                .isEmpty();

        provider.authTime = Optional.of(clock.instant().getEpochSecond());
        browser.signIn("/auth/login?fresh=1");
        assertThat(browser.session().string("provenAt"))
                .contains(clock.instant().toString());
        assertThat(browser.session().has("refusal")).isFalse();
        assertThat(browser.cookies().get("__Host-mist")).isNotEqualTo(before);
    }

    @Test
    void somebodyElseCanComeInAProvidersSession() throws IOException, InterruptedException {
        var browser = browser();
        provider.roles = List.of("guests");
        browser.signIn("/auth/login");
        provider.person = "ben";
        provider.roles = List.of("ReadOnly");

        browser.signIn("/auth/login?return=/ui/&switch=1");

        assertThat(provider.asked.getLast()).containsEntry("prompt", "login").doesNotContainKey("max_age");
        assertThat(browser.session().string("sub")).contains("ben");
        assertThat(browser.session().has("refusal")).isFalse();
    }

    @Test
    void aFreshSignInIsOfTheSamePerson() throws IOException, InterruptedException {
        var browser = browser();
        browser.signIn("/auth/login");
        provider.person = "eve";
        provider.authTime = Optional.of(clock.instant().getEpochSecond());

        browser.signIn("/auth/login?fresh=1");

        assertThat(browser.session().string("sub")).contains("anna");
        assertThat(browser.session().string("provenAt")).isEmpty();
        assertThat(reasons()).containsExactly("other_person");
    }

    @Test
    void aFreshSignInWithoutATimeIsRefused() throws IOException, InterruptedException {
        var browser = browser();

        browser.signIn("/auth/login?fresh=1");

        assertThat(browser.signedIn()).isFalse();
        assertThat(reasons()).containsExactly("not_fresh");
    }

    @Test
    void theIdTokenCountsOnlyWhereThatIsSet() throws IOException, InterruptedException {
        provider.opaque = true;
        provider.idClaims = with("groups", List.of("net-admins"));
        start(Map.of(
                "OIDC_SIGN_IN_TOKEN", "id",
                "ROLE_CLAIM", "groups",
                "ROLE_MAP_JSON", "{\"ReadWrite\": \"net-admins\"}"));
        var browser = browser();

        browser.signIn("/auth/login");

        assertThat(browser.session().string("role")).contains("ReadWrite");
        clock.pass(Duration.ofSeconds(301));
        assertThat(browser.signedIn()).as("renewed by the ID token").isTrue();
        provider.tokenAnswer = answer -> answer.without("id_token");
        clock.pass(Duration.ofSeconds(301));
        assertThat(browser.signedIn()).isFalse();
    }

    @Test
    void anIdTokenIsStillNoBearer() throws IOException, InterruptedException {
        start(Map.of("OIDC_SIGN_IN_TOKEN", "id"));
        provider.idClaims = with("roles", List.of("ReadWrite"));
        browser().signIn("/auth/login");
        var id = provider.issuedTokens.get(1);

        var answer = browser().send("GET", URI.create(base() + "/whoami"), "Authorization", "Bearer " + id);

        assertThat(answer.statusCode()).isEqualTo(401);
    }

    @Test
    void theGatewaysOwnClientNeedNotBeAmongTheAllowedOnes() throws IOException, InterruptedException {
        start(Map.of("ALLOWED_CLIENTS", "claude"));
        var browser = browser();

        browser.signIn("/auth/login");

        assertThat(browser.signedIn()).isTrue();
        var access = provider.issuedTokens.getFirst();
        assertThat(browser()
                        .send("GET", URI.create(base() + "/whoami"), "Authorization", "Bearer " + access)
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void aBrowserSessionLastsTwelveHoursAtMost() throws IOException, InterruptedException {
        provider.life = 3_600;
        var browser = browser();
        browser.signIn("/auth/login");
        for (int step = 0; step < 35; step++) {
            clock.pass(Duration.ofMinutes(20));
            assertThat(browser.signedIn())
                    .as("after " + (step + 1) * 20 + " min")
                    .isTrue();
        }
        clock.pass(Duration.ofMinutes(20));

        assertThat(browser.signedIn()).isFalse();
    }
}

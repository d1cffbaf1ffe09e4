package mistmcp.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Sign-ins that go wrong: what the provider, the network or somebody in between does, and that nobody gets
/// in by it.
class OidcSignInAttackIT {
    @RegisterExtension
    final SignInRig rig = new SignInRig();

    /// One attack or failure: what the provider or the network does, and what the page and the audit log then
    /// say.
    private record Case(String name, Consumer<FakeAuthorization> lie, String code, String reason) {}

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
                        fake -> fake.idClaims = SignInRig.with("nonce", "other"),
                        "sign_in_id_token",
                        "id_token_nonce"),
                new Case(
                        "no nonce",
                        fake -> fake.idClaims = claims -> claims.without("nonce"),
                        "sign_in_id_token",
                        "id_token_nonce"),
                new Case(
                        "ID token of another issuer",
                        fake -> fake.idClaims = SignInRig.with("iss", "https://evil.example.com"),
                        "sign_in_id_token",
                        "id_token_issuer"),
                new Case(
                        "ID token for another client",
                        fake -> fake.idClaims = SignInRig.with("aud", "other"),
                        "sign_in_id_token",
                        "id_token_audience"),
                new Case(
                        "two audiences, no azp",
                        fake -> fake.idClaims = SignInRig.with("aud", List.of(FakeAuthorization.CLIENT, "other")),
                        "sign_in_id_token",
                        "id_token_azp"),
                new Case(
                        "azp of another",
                        fake -> fake.idClaims = SignInRig.with("azp", "other"),
                        "sign_in_id_token",
                        "id_token_azp"),
                new Case(
                        "wrong at_hash",
                        fake -> fake.idClaims = SignInRig.with("at_hash", "AAAAAAAAAAAAAAAAAAAAAA"),
                        "sign_in_id_token",
                        "access_hash_wrong"),
                new Case(
                        "expired",
                        fake -> fake.idClaims = SignInRig.with("exp", 1_000_000),
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
                        fake -> fake.idClaims =
                                SignInRig.with("iat", rig.clock.instant().getEpochSecond() - 3_600),
                        "sign_in_id_token",
                        "id_token_times"),
                new Case(
                        "exp as text",
                        fake -> fake.idClaims = SignInRig.with("exp", "4000000000"),
                        "sign_in_id_token",
                        "id_token_times"),
                new Case(
                        "no sub",
                        fake -> fake.idClaims = claims -> claims.without("sub"),
                        "sign_in_id_token",
                        "id_token_subject"),
                new Case(
                        "a refresh token as ID token",
                        fake -> fake.idClaims = SignInRig.with("typ", "Refresh"),
                        "sign_in_id_token",
                        "id_token_kind"),
                new Case(
                        "alg none",
                        fake -> fake.idToken = OidcSignInAttackIT::unsigned,
                        "sign_in_id_token",
                        "id_token_invalid"),
                new Case(
                        "HS256 with the client's secret",
                        fake -> fake.idToken = OidcSignInAttackIT::symmetric,
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
                        fake -> fake.tokenAnswer = SignInRig.with("token_type", "DPoP"),
                        "sign_in_provider_unavailable",
                        "token_endpoint_unusable"),
                new Case(
                        "access token of somebody else",
                        fake -> {
                            fake.accessClaims = SignInRig.with("sub", "eve");
                            fake.idClaims = claims -> claims.without("at_hash");
                        },
                        "sign_in_subject_mismatch",
                        "subject_mismatch"),
                new Case(
                        "access token for another audience",
                        fake -> fake.accessClaims = SignInRig.with("aud", "other"),
                        "token_audience",
                        "audience_not_accepted"),
                new Case(
                        "the ID token as access token",
                        fake -> fake.accessClaims = SignInRig.with("at_hash", "x"),
                        "token_kind",
                        "id_token"),
                new Case("opaque access token", fake -> fake.opaque = true, "sign_in_token_opaque", "token_opaque"),
                new Case(
                        "opaque access token with two dots",
                        fake -> fake.tokenAnswer = SignInRig.with("access_token", "ya29.a0.x~y"),
                        "sign_in_id_token",
                        "access_hash_wrong"),
                new Case(
                        "opaque access token with two dots, no at_hash",
                        fake -> {
                            fake.tokenAnswer = SignInRig.with("access_token", "ya29.a0.x~y");
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
            attack.lie().accept(rig.provider);
            var browser = rig.browser();

            var page = browser.signIn("/auth/login?return=/ui/audit");

            assertThat(page).as(attack.name()).startsWith("/ui/").doesNotContain("?");
            var session = browser.session();
            assertThat(session.string("code")).as(attack.name()).contains("sign_in_required");
            assertThat(session.object("refusal").flatMap(refusal -> refusal.string("code")))
                    .as(attack.name())
                    .contains(attack.code());
            assertThat(browser.cookies()).as(attack.name()).doesNotContainKey("__Host-mist");
            assertThat(rig.reasons()).as(attack.name()).containsExactly(attack.reason());
            assertThat(rig.opened()).as(attack.name()).isEmpty();
        }
    }

    private void reset() {
        rig.events.clear();
        rig.provider.callback = UnaryOperator.identity();
        rig.provider.idClaims = UnaryOperator.identity();
        rig.provider.accessClaims = UnaryOperator.identity();
        rig.provider.tokenAnswer = UnaryOperator.identity();
        rig.provider.idToken = UnaryOperator.identity();
        rig.provider.tokenEndpoint = Optional.empty();
        rig.provider.roles = List.of("ReadWrite");
        rig.provider.opaque = false;
    }

    @Test
    void aTokenEndpointThatDripsIsGivenUp() throws IOException, InterruptedException {
        rig.start(Map.of(), new Provider.Patience(Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofSeconds(3)));
        rig.provider.tokenEndpoint = Optional.of(FakeIdp.drip());
        var browser = rig.browser();

        browser.signIn("/auth/login");

        assertThat(browser.signedIn()).isFalse();
        assertThat(rig.reasons()).containsExactly("token_endpoint_failed");
    }

    @Test
    void aProviderThatIsNotThereIsToldOnThePage() throws IOException, InterruptedException {
        rig.idp.close();
        var browser = rig.browser();

        assertThat(WebBrowser.location(browser.get("/auth/login?return=/ui/tools")))
                .isEqualTo("/ui/tools");

        assertThat(browser.session().object("refusal").flatMap(refusal -> refusal.string("code")))
                .contains("sign_in_provider_unavailable");
    }

    @Test
    void theProviderMustDescribeItselfAsTheIssuerThatIsSet() throws IOException, InterruptedException {
        rig.provider.discovery = SignInRig.with("issuer", "https://evil.example.com");
        var browser = rig.browser();

        assertThat(WebBrowser.location(browser.get("/auth/login?return=/ui/plans")))
                .isEqualTo("/ui/plans");

        assertThat(browser.session().object("refusal").flatMap(refusal -> refusal.string("code")))
                .contains("sign_in_provider_unavailable");
        assertThat(rig.provider.asked).isEmpty();
    }

    @Test
    void sendsNoSecretInTheClear() throws IOException, InterruptedException {
        rig.provider.discovery = SignInRig.with("token_endpoint", "http://login.example.com/token");
        var browser = rig.browser();

        assertThat(WebBrowser.location(browser.get("/auth/login"))).isEqualTo("/ui/");

        assertThat(rig.reasons()).containsExactly("discovery_unusable");
        assertThat(rig.provider.asked).isEmpty();
    }
}

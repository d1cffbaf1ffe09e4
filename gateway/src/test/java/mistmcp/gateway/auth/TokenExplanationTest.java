package mistmcp.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import mistmcp.json.JsonObject;
import org.junit.jupiter.api.Test;

/// What `mist doctor --token` says of a token.
class TokenExplanationTest {
    private static List<DoctorFinding> explain(Mode mode, String token) {
        return explain(mode, mode.keys().current(), token);
    }

    private static List<DoctorFinding> explain(Mode mode, Optional<KeySet> keys, String token) {
        try {
            return TokenExplanation.of(
                    mode.settings(), keys, token, mode.clock().instant());
        } catch (InterruptedException stopped) {
            throw new AssertionError(stopped);
        }
    }

    private static String told(List<DoctorFinding> findings) {
        return findings.stream()
                .map(finding -> finding.state() + " " + finding.check() + " " + finding.told()
                        + (finding.fix().isEmpty() ? "" : " / " + finding.fix()))
                .collect(Collectors.joining("\n"));
    }

    private static DoctorFinding of(List<DoctorFinding> findings, String check) {
        return findings.stream()
                .filter(finding -> finding.check().equals(check))
                .findFirst()
                .orElseThrow(() -> new AssertionError(told(findings)));
    }

    @Test
    void namesTheRoleAndWhatGaveItAndEveryClaim() {
        for (var mode : List.of(Mode.dev(), Mode.oidc())) {
            var token = mode.signer().token(mode.claims().with("tid", "corp").with("sites", List.of("s1")));

            var findings = explain(mode, token);

            assertThat(findings).allMatch(finding -> finding.state() == DoctorFinding.State.OK);
            assertThat(findings.getFirst().told())
                    .isEqualTo("is accepted: ReadWrite by `roles` = `ReadWrite`, sites "
                            + (mode.name().equals("dev") ? "`s1`" : "all") + ", until "
                            + mode.clock().instant().plusSeconds(900));
            assertThat(of(findings, "signature").told()).startsWith("is good: RS256 with the key");
            assertThat(of(findings, "azp").told()).isEqualTo("is `some-client`: the program it was given to");
            assertThat(of(findings, "roles").told()).isEqualTo("is `ReadWrite`: ROLE_CLAIM looks here");
            assertThat(of(findings, "tid").told()).isEqualTo("is `corp`, not used");
            assertThat(findings).hasSize(2 + 9);
        }
    }

    @Test
    void neverRepeatsTheTokenOrWhatIsSecretInIt() {
        var mode = Mode.oidc();
        var token = mode.signer()
                .token(mode.claims()
                        .with("jti", "canary-jti")
                        .with("nonce", "canary-nonce")
                        .with("sid", "canary-sid"));

        var told = told(explain(mode, "Bearer " + token + "\n"));

        assertThat(told).contains("OK jti is there", "OK token is accepted");
        assertThat(told).doesNotContain("canary", token);
        for (var part : token.split("\\.")) {
            assertThat(told).doesNotContain(part);
        }
    }

    @Test
    void tellsEverythingThatIsInTheWayAtOnceWithTheSettingsThatWouldDo() {
        var mode = Mode.oidc(Map.of("ALLOWED_CLIENTS", "desktop", "JWT_AUDIENCE", "api://one"));
        var token = mode.signer()
                .token(mode.claims()
                        .with("iss", "https://sts.windows.net/11111111-2222-3333-4444-555555555555/")
                        .with("aud", "api://mist-gateway")
                        .without("roles")
                        .with("groups", List.of("g1", "g2")));

        var findings = explain(mode, token);

        assertThat(findings.getFirst().told())
                .isEqualTo("is refused: 401 `token_issuer`, the token's issuer is not accepted:"
                        + " `https://sts.windows.net/11111111-2222-3333-4444-555555555555/`; in the audit log"
                        + " `issuer_not_accepted`");
        assertThat(findings.stream()
                        .filter(finding -> finding.check().equals("in the way"))
                        .map(DoctorFinding::fix))
                .satisfiesExactly(
                        issuer -> assertThat(issuer)
                                .startsWith("OIDC_ISSUER=" + Mode.OIDC_ISSUER
                                        + ",https://sts.windows.net/11111111-2222-3333-4444-555555555555/ accepts it")
                                .contains("requestedAccessTokenVersion"),
                        audience ->
                                assertThat(audience).startsWith("JWT_AUDIENCE=api://one,api://mist-gateway accepts it"),
                        client -> assertThat(client).isEqualTo("ALLOWED_CLIENTS=desktop,some-client accepts it"),
                        role -> assertThat(role).contains("lists in this token: `groups` with `g1`, `g2`"));
    }

    @Test
    void tellsASlashThatIsMissing() {
        var mode = Mode.oidc();

        var findings = explain(mode, mode.signer().token(mode.claims().with("iss", Mode.OIDC_ISSUER + "/")));

        assertThat(of(findings, "in the way").fix())
                .isEqualTo("OIDC_ISSUER=" + Mode.OIDC_ISSUER + "/ accepts it: only the slash at the end differs");
    }

    @Test
    void doesNotAdviseToAcceptAForeignAudience() {
        var mode = Mode.oidc();
        for (var audience :
                List.of("account", "https://example.eu.auth0.com/userinfo", "00000003-0000-0000-c000-000000000000")) {
            var findings = explain(mode, mode.signer().token(mode.claims().with("aud", audience)));

            assertThat(of(findings, "in the way").fix())
                    .startsWith("that audience is another service")
                    .doesNotContain("JWT_AUDIENCE=");
        }
    }

    @Test
    void findsTheRolesThatStandElsewhere() {
        var mode = Mode.oidc();
        var token = mode.signer()
                .token(mode.claims()
                        .without("roles")
                        .with("realm_access", JsonObject.of("roles", List.of("net-reader")))
                        .with(
                                "resource_access",
                                JsonObject.of("my.client/x", JsonObject.of("roles", List.of("writer")))));

        assertThat(of(explain(mode, token), "in the way").fix())
                .contains(
                        "`/realm_access/roles` with `net-reader`",
                        "`/resource_access/my.client~1x/roles` with `writer`");
    }

    @Test
    void goesOnBehindAnExpiredToken() {
        var mode = Mode.oidc();
        var token = mode.signer()
                .token(mode.claims()
                        .with("iat", mode.now() - 7_200)
                        .with("exp", mode.now() - 3_600)
                        .with("roles", List.of("Guest")));

        var findings = explain(mode, token);

        assertThat(findings.getFirst().told()).contains("401 `token_expired`");
        assertThat(findings.stream().filter(finding -> finding.check().equals("in the way")))
                .hasSize(2)
                .last()
                .satisfies(role -> assertThat(role.told()).contains("it has `Guest`"));
    }

    @Test
    void saysThatClaimsAreNotProvenWithoutTheKey() {
        var mode = Mode.oidc();
        var stranger = Signer.rsa("stranger").token(mode.claims());

        var unknown = explain(mode, stranger);
        var forged = explain(mode, Signer.rsa("key-1").token(mode.claims()));
        var without = explain(mode, Optional.empty(), stranger);

        assertThat(unknown.getFirst().told()).contains("401 `token_invalid`", "in the audit log `key_unknown`");
        assertThat(of(unknown, "signature").told())
                .isEqualTo(
                        "the key `stranger` is not among the provider's, which are `key-1`, `other`: the claims below"
                                + " are not proven");
        assertThat(of(forged, "signature").told()).contains("does not verify");
        assertThat(without.getFirst().told()).contains("503 `keys_unavailable`");
        assertThat(of(without, "signature").state()).isEqualTo(DoctorFinding.State.WARN);
        assertThat(of(without, "iss").told()).contains("which is accepted");
    }

    @Test
    void explainsWhatIsNoAccessTokenAtAll() {
        var mode = Mode.oidc();
        var hmac = Signer.base64("{\"alg\":\"HS512\",\"typ\":\"JWT\",\"kid\":\"k\"}") + "." + Signer.base64("{}") + "."
                + Signer.base64("signature");

        assertThat(explain(mode, "ya29.a0AfH6SMBx").getFirst().fix()).startsWith("this is no JWT");
        assertThat(explain(mode, "canarytoken.abc.def").getFirst().fix()).startsWith("the text was changed or cut");
        assertThat(explain(mode, "secret words").getFirst().told()).contains("400 `authorization_malformed`");
        assertThat(explain(mode, hmac).getFirst().fix()).contains("a refresh token of Keycloak is one");
        assertThat(explain(mode, mode.signer().token(mode.claims().with("typ", "ID")))
                        .getFirst()
                        .fix())
                .startsWith("send the access token that came with it");
    }

    @Test
    void tellsWhatIsMissing() {
        var mode = Mode.oidc();

        var findings = explain(mode, mode.signer().token(mode.claims().without("iss", "aud")));

        assertThat(findings.getFirst().told()).contains("`issuer_missing`");
        assertThat(of(findings, "iss").fix()).contains("PingFederate");
        assertThat(of(findings, "aud").fix()).contains("PingFederate", "Keycloak");
    }
}

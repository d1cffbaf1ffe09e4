package mistmcp.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// `./mist doctor` as a person runs it, beside a real Keycloak.
final class ProviderDoctorIT {
    private static final Keycloak KEYCLOAK = Company.shared().keycloak();
    private static final String URL = Company.shared().stack().url();

    private final Path folder = RunningStack.installation();

    @AfterEach
    void removesTheFolder() {
        RunningStack.delete(folder);
    }

    @Test
    void findsNothingWrongWithAGoodProvider() {
        var ended = doctor(Map.of());

        assertThat(ended.output())
                .contains(
                        "ok    discovery: " + KEYCLOAK.issuer() + "/.well-known/openid-configuration answers",
                        "ok    issuer: the provider calls itself `" + KEYCLOAK.issuer() + "`, as OIDC_ISSUER does",
                        "ok    OIDC_JWKS_URL: is the one that the provider names",
                        "(RSA 2048, RS256)",
                        "ok    browser sign-in: as the client `mist-web`, with a secret",
                        "ok    redirect: register at the provider, to the letter: " + URL + "/auth/callback")
                .doesNotContain("FAIL", "web-secret");
        assertThat(ended.exitCode()).isZero();
    }

    @Test
    void namesWhatDoesNotAgreeAndTheFix() {
        var ended = doctor(Map.of(
                "OIDC_ISSUER", KEYCLOAK.issuer() + "/",
                "OIDC_JWKS_URL", KEYCLOAK.issuer() + "/protocol/openid-connect/keys"));

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.output())
                .contains(
                        "FAIL  issuer: the provider calls itself `" + KEYCLOAK.issuer() + "`, but OIDC_ISSUER says `"
                                + KEYCLOAK.issuer() + "/`",
                        "fix: set OIDC_ISSUER to the provider's own spelling, slash included",
                        "WARN  OIDC_JWKS_URL: is",
                        "FAIL  keys: " + KEYCLOAK.issuer() + "/protocol/openid-connect/keys answered with status 404");
    }

    @Test
    void namesAProviderThatDoesNotAnswer() {
        var nobody = "http://127.0.0.1:" + RunningStack.freePort() + "/realms/corp";

        var ended = doctor(Map.of("OIDC_ISSUER", nobody, "OIDC_JWKS_URL", nobody + "/certs"));

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.output())
                .contains(
                        "FAIL  discovery: " + nobody + "/.well-known/openid-configuration cannot be reached",
                        "fix: check OIDC_ISSUER, and the network and the proxy of this machine");
    }

    @Test
    void explainsATokenAndKeepsNothingOfIt() throws IOException {
        var token = KEYCLOAK.accessToken("wanda");

        var accepted = explain(Map.of(), token + "\n");
        var refused = explain(Map.of("JWT_AUDIENCE", "another"), "Bearer " + token);

        assertThat(accepted.exitCode()).isZero();
        assertThat(accepted.output())
                .contains(
                        "ok    token: is accepted: ReadWrite by `/resource_access/mist.gateway/roles` = `writer`, sites all",
                        "ok    signature: is good: RS256",
                        "ok    azp: is `mist-desk`: the program it was given to",
                        "ok    resource_access: is",
                        "ok    jti: is there, not used");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.output())
                .contains(
                        "FAIL  token: is refused: 401 `token_audience`",
                        "in the audit log `audience_not_accepted`",
                        "fix: JWT_AUDIENCE=another,mcp-gateway accepts it");
        for (var part : token.split("\\.")) {
            assertThat(accepted.output() + refused.output()).doesNotContain(part);
            assertThat(files(folder)).noneMatch(text -> text.contains(part));
        }
    }

    @Test
    void explainsAUserWithoutARole() {
        var ended = explain(Map.of(), KEYCLOAK.accessToken("nora"));

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.output())
                .contains("403 `no_role`", "lists in this token: `/realm_access/roles` with", "`staff`")
                .doesNotContain("unexpectedly");
    }

    @Test
    void saysSoWhenNoTokenComes() {
        var ended = explain(Map.of(), "");

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.output()).contains("FAIL  token: none was given");
    }

    private MistCommand.Ended doctor(Map<String, String> changed) {
        return MistCommand.run(folder, settings(changed), "", "doctor");
    }

    private MistCommand.Ended explain(Map<String, String> changed, String input) {
        return MistCommand.run(folder, settings(changed), input, "doctor", "--token");
    }

    private static Map<String, String> settings(Map<String, String> changed) {
        var settings = new HashMap<>(Company.settings(KEYCLOAK, URL));
        settings.putAll(changed);
        return settings;
    }

    /// All that stands in the files of a folder, links left alone.
    private static java.util.List<String> files(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> {
                        try {
                            return Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1);
                        } catch (IOException failed) {
                            throw new UncheckedIOException(failed);
                        }
                    })
                    .toList();
        }
    }
}

package mistmcp.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import mistmcp.gateway.Gateway;
import mistmcp.gateway.GatewaySettings;
import mistmcp.settings.Env;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A whole gateway in OIDC mode, and what of DEV mode it must not have.
class OidcGatewayIT {
    @TempDir
    private Path folder;

    private final FakeIdp idp = new FakeIdp(Signer.rsa("key-1").jwk());
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        http.close();
        idp.close();
    }

    private Gateway start(Map<String, String> more) throws InterruptedException {
        var values = new HashMap<>(Map.of(
                "MODE_AUTH", "oidc",
                "OIDC_ISSUER", Mode.OIDC_ISSUER,
                "OIDC_JWKS_URL", idp.url().toString(),
                "GATEWAY_PORT", "0",
                "DATA_DIR", folder.toString(),
                "DEV_MINT_READWRITE", "true",
                "POLICY_PATH", "../policy_rbac.json",
                "PROMPT_PATH", "../rbac_prompt.txt"));
        values.putAll(more);
        var env = Env.of(values);
        var settings = GatewaySettings.read(env);
        env.check();
        return Gateway.start(settings, InstantSource.system());
    }

    private String ask(Gateway gateway, String method, String path, String body, String... headers) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
                .method(method, BodyPublishers.ofString(body))
                .header("Content-Type", "application/json");
        if (headers.length > 0) {
            request.headers(headers);
        }
        var answer = http.send(request.build(), BodyHandlers.ofString());
        return answer.statusCode() + " " + answer.body();
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /auth/dev/mint",
        "POST, /auth/dev/link",
        "POST, /auth/dev/session",
        "GET, /.well-known/jwks.json",
        "POST, /mist/auth/dev/mint"
    })
    void hasNoDevEndpointFromNowhere(String method, String path) throws Exception {
        var body = "{\"sub\":\"anna\",\"roles\":[\"ReadWrite\"]}";
        for (var setting : new String[] {"", "127.0.0.1"}) {
            var outside = Map.of("TRUSTED_PROXIES", setting, "PUBLIC_URL", "https://gw.example.com/mist");
            try (var gateway = start(outside)) {
                assertThat(ask(gateway, method, path, body)).startsWith("404").contains("not_found");
                assertThat(ask(
                                gateway,
                                method,
                                path,
                                body,
                                "X-Forwarded-For",
                                "127.0.0.1",
                                "X-Forwarded-Host",
                                "localhost"))
                        .startsWith("404");
                assertThat(ask(gateway, method, path, body, "Forwarded", "for=127.0.0.1;host=localhost"))
                        .startsWith("404");
            }
        }
        try (var keys = Files.list(folder.resolve("keys"))) {
            assertThat(keys.map(file -> file.getFileName().toString())).noneMatch(name -> name.startsWith("dev-"));
        }
    }

    @Test
    void tellsHowItsKeysAreDoing() throws Exception {
        try (var gateway = start(Map.of())) {
            for (int i = 0; i < 600 && !ask(gateway, "GET", "/readyz", "").startsWith("200"); i++) {
                Thread.sleep(50);
            }
            assertThat(ask(gateway, "GET", "/readyz", ""))
                    .startsWith("200")
                    .contains("\"notes\":{}", "\"keyIds\":[\"key-1\"]", "\"failures\":0", "\"ageSeconds\":");
            assertThat(ask(gateway, "GET", "/metrics", ""))
                    .startsWith("200")
                    .contains("mist_gateway_keys_age_seconds ", "mist_gateway_keys_failures 0.0")
                    .contains("mist_gateway_keys_fetches 1.0", "mist_gateway_certificate_left_seconds NaN");
        }
    }

    @Test
    void isNotReadyWithoutKeysAndSaysWhy() throws Exception {
        idp.answers(FakeIdp.status(500));
        try (var gateway = start(Map.of())) {
            for (int i = 0; i < 600 && !ask(gateway, "GET", "/readyz", "").contains("status 500"); i++) {
                Thread.sleep(50);
            }
            assertThat(ask(gateway, "GET", "/readyz", ""))
                    .startsWith("503")
                    .contains("\"keys\":\"no key can check a token\"", "was answered with status 500");
        }
    }

    @ParameterizedTest
    @CsvSource({"/metrics, X-Forwarded-For", "/metrics, Forwarded", "/metrics, Via", "/operator/writes, X-Real-IP"})
    void keepsWhatIsForThisMachineFromWhatCameThroughAProxy(String path, String mark) throws Exception {
        try (var gateway = start(Map.of("TRUSTED_PROXIES", "127.0.0.1"))) {
            var value = mark.equals("Forwarded") ? "for=127.0.0.1" : "127.0.0.1";
            assertThat(ask(gateway, "GET", path, "", mark, value))
                    .startsWith("403")
                    .contains("forwarded_call");
        }
    }
}

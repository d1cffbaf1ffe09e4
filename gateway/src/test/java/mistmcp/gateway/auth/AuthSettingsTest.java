package mistmcp.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mistmcp.settings.Env;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuthSettingsTest {
    private static final Map<String, String> OIDC =
            Map.of("MODE_AUTH", "oidc", "OIDC_ISSUER", "https://i.example/", "OIDC_JWKS_URL", "https://i.example/keys");

    private static List<String> faults(Map<String, String> values) {
        var env = Env.of(values);
        AuthSettings.read(env);
        return env.faults();
    }

    @Test
    void isDevByDefaultWithKeysInTheDataFolder() {
        var env = Env.of(Map.of("DATA_DIR", "data"));

        var settings = (AuthSettings.Dev) AuthSettings.read(env);

        assertThat(env.faults()).isEmpty();
        assertThat(settings.keys())
                .isEqualTo(new DevKeyFiles(Path.of("data/keys/dev-jwks.json"), Path.of("data/keys/dev-private.pem")));
        assertThat(settings.tokens().audiences()).containsExactly("mcp-gateway", "http://127.0.0.1:8000/mcp");
        assertThat(settings.mintReadWrite()).isFalse();
    }

    @Test
    void readsOidc() {
        var values = new HashMap<>(OIDC);
        values.put("JWT_AUDIENCE", "a, b");
        values.put("PUBLIC_URL", "https://gw.example.com/");
        values.put("JWKS_TTL", "10m");

        var settings = (AuthSettings.Oidc) AuthSettings.read(Env.of(values));

        assertThat(settings.tokens().audiences()).containsExactly("a", "b", "https://gw.example.com/mcp");
        assertThat(settings.ttl()).isEqualTo(Duration.ofMinutes(10));
        assertThat(settings.maxStale()).isEqualTo(Duration.ofHours(24));
        assertThat(settings.sites()).isEqualTo(SiteScopes.EVERYTHING);
    }

    @ParameterizedTest
    @CsvSource({"0.0.0.0", "192.168.1.5", "::", "gateway.example.com", "localhost.example.com", "127.0.0.1.example"})
    void refusesDevOnAnyOtherThanALoopbackAddress(String host) {
        assertThat(faults(Map.of("GATEWAY_HOST", host))).anyMatch(fault -> fault.startsWith("`GATEWAY_HOST`"));
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1", "127.8.9.1", "localhost", "::1", "[::1]"})
    void takesDevOnLoopback(String host) {
        assertThat(faults(Map.of("GATEWAY_HOST", host))).isEmpty();
    }

    @Test
    void refusesAPublicAddressInDev() {
        assertThat(faults(Map.of("PUBLIC_URL", "https://gw.example.com"))).hasSize(1);
    }

    @Test
    void tellsAllFaultsAtOnce() {
        var faults = faults(Map.of(
                "MODE_AUTH", "oidc",
                "ROLE_MAP_JSON", "{\"Admin\":[\"x\"],\"ReadOnly\":[\"a\"],\"ReadWrite\":[\"a\"]}",
                "SITE_SCOPE_JSON", "{\"sites\":1,\"roles\":{\"Boss\":[\"*\"]},\"subjects\":{\"anna\":[\"*\"]}}",
                "JWKS_TTL", "1s",
                "DEV_MINT_READWRITE", "maybe"));

        assertThat(faults)
                .anyMatch(fault -> fault.contains("OIDC_ISSUER"))
                .anyMatch(fault -> fault.contains("OIDC_JWKS_URL"))
                .anyMatch(fault -> fault.contains("ROLE_MAP_JSON") && fault.contains("Admin"))
                .anyMatch(fault -> fault.contains("ROLE_MAP_JSON") && fault.contains("both"))
                .anyMatch(fault -> fault.contains("SITE_SCOPE_JSON") && fault.contains("`sites`"))
                .anyMatch(fault -> fault.contains("SITE_SCOPE_JSON") && fault.contains("Boss"))
                .anyMatch(fault -> fault.contains("SITE_SCOPE_JSON") && fault.contains("anna"))
                .anyMatch(fault -> fault.contains("JWKS_TTL"))
                .anyMatch(fault -> fault.contains("DEV_MINT_READWRITE"))
                .hasSize(9);
    }

    @Test
    void refusesWhatWouldOpenOidcMode() {
        assertThat(faults(with("OIDC_ISSUER", AuthSettings.DEV_ISSUER))).hasSize(1);
        assertThat(faults(with("OIDC_ISSUER", "https://login.microsoftonline.com/common/v2.0")))
                .hasSize(1);
        assertThat(faults(with("OIDC_JWKS_URL", "http://i.example/keys"))).hasSize(1);
        assertThat(faults(with("OIDC_JWKS_URL", "http://127.0.0.1:9/keys"))).isEmpty();
        assertThat(faults(with("JWKS_MAX_STALE", "1m"))).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "OIDC_CLIENT_ID, '', OIDC_CLIENT_SECRET",
        "PUBLIC_URL, http://gw.example.com, PUBLIC_URL",
        "OIDC_SCOPES, profile email, OIDC_SCOPES",
        "OIDC_SIGN_IN_TOKEN, both, OIDC_SIGN_IN_TOKEN",
        "OIDC_LOGIN_PARAMS, audience=a&redirect_uri=https://evil.example.com, OIDC_LOGIN_PARAMS",
        "OIDC_LOGIN_PARAMS, audience=a&audience=b, OIDC_LOGIN_PARAMS",
    })
    void findsFaultsOfSigningInAtTheStart(String name, String value, String told) {
        var values = with(name, value);
        values.putIfAbsent("OIDC_CLIENT_ID", "gateway");
        values.put("OIDC_CLIENT_SECRET", "secret");

        assertThat(faults(values)).singleElement().asString().startsWith("`" + told + "` ");
    }

    @Test
    void takesWhatSigningInNeeds() {
        var values = with("OIDC_CLIENT_ID", "gateway");
        values.put("OIDC_CLIENT_SECRET", "secret");
        values.put("PUBLIC_URL", "https://gw.example.com");
        values.put("OIDC_SCOPES", "openid offline_access");
        values.put("OIDC_LOGIN_PARAMS", "audience=mcp-gateway&resource=https%3A%2F%2Fgw.example.com%2Fmcp");
        var settings = (AuthSettings.Oidc) AuthSettings.read(Env.of(values));

        assertThat(faults(values)).isEmpty();
        assertThat(settings.signIn().scopes()).containsExactly("openid", "offline_access");
        assertThat(settings.signIn().parameters())
                .containsOnly(
                        Map.entry("audience", "mcp-gateway"), Map.entry("resource", "https://gw.example.com/mcp"));
    }

    @Test
    void namesAnUnknownMode() {
        assertThat(faults(Map.of("MODE_AUTH", "none"))).containsExactly("`MODE_AUTH` expected `dev` or `oidc`");
    }

    private static Map<String, String> with(String name, String value) {
        var values = new HashMap<>(OIDC);
        values.put(name, value);
        return values;
    }

    @Test
    void takesTheAlgorithmsThatAreNamed() {
        var settings = AuthSettings.read(Env.of(with("JWT_ALGORITHMS", "RS256, ES256")));

        assertThat(settings.tokens().algorithms()).containsExactlyInAnyOrder("RS256", "ES256");
        for (var other : List.of("HS256", "none", "RS256,rs256", "RS256 PS256")) {
            assertThat(faults(with("JWT_ALGORITHMS", other)))
                    .singleElement()
                    .asString()
                    .startsWith("`JWT_ALGORITHMS` holds `");
        }
    }
}

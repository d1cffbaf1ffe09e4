package mistmcp.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mistmcp.settings.Env;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GatewaySettingsTest {
    private static final Map<String, String> OIDC =
            Map.of("MODE_AUTH", "oidc", "OIDC_ISSUER", "https://i.example/", "OIDC_JWKS_URL", "https://i.example/keys");

    private static Env env(Map<String, String> values) {
        var all = new HashMap<>(values);
        all.put("PROMPT_PATH", "../rbac_prompt.txt");
        return Env.of(all);
    }

    private static List<String> faults(Map<String, String> values) {
        var env = env(values);
        GatewaySettings.read(env);
        return env.faults();
    }

    private static GatewaySettings read(Map<String, String> more) {
        var env = env(oidc(more));
        var settings = GatewaySettings.read(env);
        env.check();
        return settings;
    }

    private static Map<String, String> oidc(Map<String, String> more) {
        var values = new HashMap<>(OIDC);
        values.putAll(more);
        return values;
    }

    @Test
    void readsHowItIsReachedFromOutside() {
        var settings = read(Map.of(
                "TLS_CERT", "cert.pem",
                "TLS_KEY_FILE", "key.pem",
                "TRUSTED_PROXIES", "10.0.0.0/8, 192.168.1.7",
                "PUBLIC_URL", "https://gw.example.com/tools/mist/"));

        var outside = settings.outside();
        assertThat(outside.tls().orElseThrow().certificate()).isEqualTo(Path.of("cert.pem"));
        assertThat(outside.tls().orElseThrow().key()).isEqualTo(Path.of("key.pem"));
        assertThat(outside.proxies()).hasSize(2);
        assertThat(outside.proxies().getLast().contains(InetAddress.ofLiteral("192.168.1.7")))
                .isTrue();
        assertThat(outside.path()).isEqualTo("/tools/mist");
        assertThat(settings.publicUrl()).contains("https://gw.example.com/tools/mist");
        assertThat(settings.auth().tokens().audiences()).contains("https://gw.example.com/tools/mist/mcp");
        assertThat(read(Map.of("PUBLIC_URL", "https://gw.example.com/"))
                        .outside()
                        .path())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "TLS_CERT        | cert.pem          | `TLS_KEY` is not set, but `TLS_CERT` is: expected the file of the certificate's key",
                "TLS_KEY         | key.pem           | `TLS_CERT` is not set, but `TLS_KEY` is: expected the file of the key's certificate",
                "TRUSTED_PROXIES | proxy.example     | `TRUSTED_PROXIES` expected addresses and ranges such as `10.1.2.3` or `10.0.0.0/8`",
                "TRUSTED_PROXIES | 10.0.0.1/8        | `TRUSTED_PROXIES` expected addresses and ranges such as `10.1.2.3` or `10.0.0.0/8`",
                "TRUSTED_PROXIES | 0.0.0.0/0         | `TRUSTED_PROXIES` must not hold `0.0.0.0/0`: anybody could say where he comes from",
                "TRUSTED_PROXIES | 10.0.0.0/8, ::/0  | `TRUSTED_PROXIES` must not hold `::/0`: anybody could say where he comes from",
                "PUBLIC_URL      | https://gw.example.com/a%2Fb | `PUBLIC_URL` expected a path of letters, digits and `._~-` only",
                "PUBLIC_URL      | https://gw.example.com/a//b  | `PUBLIC_URL` expected a path of letters, digits and `._~-` only",
                "PUBLIC_URL      | https://gw.example.com/{a}   | `PUBLIC_URL` expected an address such as `https://host/path`",
                "HTTPS_PROXY     | proxy:3128        | `HTTPS_PROXY` expected `http://host:port` or `http://user:password@host:port`",
                "EXTRA_CA_CERTS  | absent.pem        | `EXTRA_CA_CERTS` names a file that cannot be read: `absent.pem`",
            })
    void tellsWhatIsWrongOutside(String name, String value, String fault) {
        assertThat(faults(oidc(Map.of(name, value)))).containsExactly(fault);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "::",
                "[::]",
                "0",
                "::ffff:0.0.0.0",
                "::ffff:10.0.0.1",
                "::ffff:c0a8:0105",
                "192.168.1.5",
                "fe80::1",
                "167772161",
                "gateway.example.com",
                "localhost.",
                "localhost.example.com",
                "ip6-localhost",
                "127.0.0.1.example",
                "127.0.0.1:8000",
                "*"
            })
    void devModeStartsOnNoOtherAddressThanLoopback(String host) {
        assertThat(faults(Map.of("GATEWAY_HOST", host)))
                .singleElement()
                .asString()
                .startsWith("`GATEWAY_HOST` is `" + host + "`, but with `MODE_AUTH=dev` only a loopback address");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.9.9.9", "::1", "[::1]", "::ffff:127.0.0.1", "localhost", "LOCALHOST"})
    void devModeStartsOnLoopback(String host) {
        assertThat(faults(Map.of("GATEWAY_HOST", host))).isEmpty();
    }

    @Test
    void localhostIsBoundByItsAddressWhateverTheHostsFileSays() {
        assertThat(GatewaySettings.read(env(Map.of("GATEWAY_HOST", "LocalHost")))
                        .bindHost())
                .isEqualTo("127.0.0.1");
        assertThat(read(Map.of("GATEWAY_HOST", "gw.example.com")).bindHost()).isEqualTo("gw.example.com");
    }

    @Test
    void devModeTakesNoProxyAndNoPublicAddress() {
        assertThat(faults(Map.of("TRUSTED_PROXIES", "127.0.0.1")))
                .containsExactly(
                        "`TRUSTED_PROXIES` must not be set with `MODE_AUTH=dev`, which takes no calls through a proxy");
        assertThat(faults(Map.of("PUBLIC_URL", "https://gw.example.com")))
                .containsExactly("`PUBLIC_URL` must be a loopback address with `MODE_AUTH=dev`");
    }
}

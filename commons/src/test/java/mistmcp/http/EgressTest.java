package mistmcp.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import mistmcp.settings.Env;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EgressTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https://idp.example.com/keys         |                       | true",
                "https://idp.example.com/keys         | example.com           | false",
                "https://idp.example.com/keys         | .example.com          | false",
                "https://idp.example.com/keys         | *.example.com         | false",
                "https://idp.example.com/keys         | IDP.example.COM       | false",
                "https://notexample.com/              | example.com           | true",
                "https://example.com.evil.example/    | example.com           | true",
                "https://idp.example.com:8443/        | idp.example.com:8443  | false",
                "https://idp.example.com/             | idp.example.com:8443  | true",
                "https://idp.example.com/             | idp.example.com:443   | false",
                "https://idp.example.com/             | *                     | false",
                "https://10.1.2.3/                    | 10.0.0.0/8            | false",
                "https://11.1.2.3/                    | 10.0.0.0/8            | true",
                "https://10.1.2.3/                    | 10.1.2.3              | false",
                "https://[fd00::1]/                   | fd00::/8              | false",
                "https://10.example.com/              | 10.0.0.0/8            | true",
                "https://localhost:9/                 |                       | false",
                "https://127.3.2.1/                   |                       | false",
                "https://[::1]/                       |                       | false",
                "http://idp.example.com/keys          |                       | true",
            })
    void knowsWhatGoesThroughTheProxy(String address, String noProxy, boolean through) {
        var env = Env.of(Map.of(
                "HTTPS_PROXY", "http://proxy.example:3128", "NO_PROXY", noProxy == null ? "" : "a.example," + noProxy));

        var egress = Egress.read(env);

        assertThat(env.faults()).isEmpty();
        boolean plain = address.startsWith("http:");
        assertThat(egress.proxyFor(URI.create(address)).isPresent()).isEqualTo(through && !plain);
    }

    @Test
    void readsTheProxysCredentialsAndKeepsThePasswordSecret() {
        var egress = Egress.read(Env.of(Map.of("HTTPS_PROXY", "http://bob:p%40ss+word@proxy.example:3128/")));

        var proxy = egress.proxy().orElseThrow();
        assertThat(proxy.host()).isEqualTo("proxy.example");
        assertThat(proxy.port()).isEqualTo(3128);
        assertThat(proxy.credentials().orElseThrow().password().reveal()).isEqualTo("p@ss+word");
        assertThat(egress.secrets()).hasSize(1);
        assertThat(egress.toString()).doesNotContain("p@ss");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "proxy:3128",
                "proxy.example",
                "https://proxy.example:3128",
                "socks5://proxy.example:1080",
                "http://proxy.example",
                "http://bob@proxy.example:3128",
                "http://proxy.example:3128/path",
                "http://bob:hunter2 @proxy:1"
            })
    void refusesWhatIsNoProxyWithoutShowingIt(String value) {
        var env = Env.of(Map.of("HTTPS_PROXY", value));

        Egress.read(env);

        assertThat(env.faults())
                .containsExactly("`HTTPS_PROXY` expected `http://host:port` or `http://user:password@host:port`");
    }

    @Test
    void refusesAFileWithoutCertificates(@TempDir Path folder) throws IOException {
        var empty = Files.writeString(folder.resolve("empty.pem"), "");
        var text = Files.writeString(folder.resolve("text.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n");
        for (var file : new Path[] {empty, text, folder.resolve("absent.pem")}) {
            var env = Env.of(Map.of("EXTRA_CA_CERTS_FILE", file.toString()));

            Egress.read(env);

            assertThat(env.faults()).singleElement().asString().startsWith("`EXTRA_CA_CERTS` names a file");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.0.1, true",
        "10.0.0.0/8, 11.0.0.1, false",
        "10.0.0.0/9, 10.128.0.1, false",
        "192.168.1.7, 192.168.1.7, true",
        "192.168.1.7, 192.168.1.8, false",
        "0.0.0.0/0, 8.8.8.8, true",
        "0.0.0.0/0, ::1, false",
        "fd00::/8, fdff::1, true",
        "fd00::/8, fe80::1, false",
        "10.0.0.0/8, ::ffff:10.0.0.1, true",
    })
    void aRangeHoldsItsAddresses(String range, String address, boolean within) {
        assertThat(AddressRange.of(range).contains(InetAddress.ofLiteral(address)))
                .isEqualTo(within);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.1/8",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10",
                "10.1",
                "proxy.example",
                "::1/129",
                "",
                "/8",
                "0x7f.0.0.1"
            })
    void refusesWhatIsNoRange(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> AddressRange.of(text));
    }
}

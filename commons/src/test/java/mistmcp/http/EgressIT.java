package mistmcp.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import mistmcp.settings.Env;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EgressIT {
    private static final TestCertificate COMPANY = TestCertificate.authority("Company CA");

    @TempDir
    private Path folder;

    private TlsPeer peer;

    @BeforeEach
    void listen() throws IOException, GeneralSecurityException {
        peer = new TlsPeer(COMPANY.server("localhost"));
    }

    @AfterEach
    void close() throws IOException {
        peer.close();
    }

    private Egress egress(Map<String, String> values) throws IOException {
        var all = new HashMap<>(values);
        all.put(
                "EXTRA_CA_CERTS",
                Files.writeString(folder.resolve("ca.pem"), COMPANY.pem()).toString());
        var env = Env.of(all);
        var egress = Egress.read(env);
        env.check();
        return egress;
    }

    private static String get(Egress egress, String address) throws IOException {
        var deadline = Duration.ofSeconds(5);
        try (var client = new HttpClient(Duration.ofSeconds(2), 4, egress);
                var response = client.send(new OutboundRequest(
                        "GET", URI.create(address), Map.of(), Optional.empty(), deadline, deadline))) {
            return response.status() + " " + new String(response.body(100), StandardCharsets.US_ASCII);
        }
    }

    private static void fails(Egress egress, String address, String why) {
        assertThatExceptionOfType(HttpFailure.class)
                .isThrownBy(() -> get(egress, address))
                .withMessage(why)
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(HttpFailure.Kind.CONNECT));
    }

    @Test
    void aCompanysCertificateCountsOnlyWhenItIsNamed() throws IOException {
        var address = "https://127.0.0.1:" + peer.port() + "/";

        fails(Egress.DIRECT, address, "the other side's certificate is not trusted");
        assertThat(peer.heads).isEmpty();
        assertThat(get(egress(Map.of()), address)).isEqualTo("200 ok");
    }

    @Test
    void theCertificatesOfJavaCountBesideTheCompanys() throws IOException {
        var egress = egress(Map.of());

        assertThat(egress.trust()).isPresent();
        assertThat(Egress.DIRECT.trust()).isEmpty();
        var other = TestCertificate.authority("Another CA").server("localhost");
        try (var stranger = new TlsPeer(other)) {
            fails(egress, "https://127.0.0.1:" + stranger.port() + "/", "the other side's certificate is not trusted");
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @Test
    void goesThroughTheProxyAndChecksTheServersNameBehindIt() throws IOException {
        try (var proxy = new ConnectProxy(peer.port(), Optional.empty())) {
            var egress = egress(Map.of("HTTPS_PROXY", "http://127.0.0.1:" + proxy.port()));

            fails(egress, "https://idp.example.com/keys", "the other side's certificate is for another host");

            assertThat(proxy.asked).singleElement().asString().startsWith("CONNECT idp.example.com:443 HTTP/1.1");
            assertThat(peer.heads).isEmpty();
        }
    }

    @Test
    void tellsTheProxyWhoCallsAndNobodyElse() throws IOException {
        var basic = "Basic dTpwIHc="; // u:p w
        try (var proxy = new ConnectProxy(peer.port(), Optional.of(basic))) {
            var way = new ForwardProxy(
                    "127.0.0.1",
                    proxy.port(),
                    Optional.of(new ForwardProxy.Credentials("u", new mistmcp.settings.Secret("p w"))));
            var egress = new Egress(
                    Optional.of(way), java.util.List.of(), egress(Map.of()).authorities());

            // A name below localhost is no loopback address by its text, and the certificate is for `localhost`.
            assertThat(get(egress, "https://LOCALHOST.:" + peer.port() + "/keys"))
                    .isEqualTo("200 ok");

            assertThat(proxy.asked).hasSize(2);
            assertThat(proxy.asked.getLast()).contains("Proxy-Authorization: " + basic);
            assertThat(peer.heads)
                    .singleElement()
                    .asString()
                    .startsWith("GET /keys")
                    .doesNotContain("Authorization");
        }
    }

    @Test
    void saysThatTheProxyRefuses() throws IOException {
        try (var proxy = new ConnectProxy(peer.port(), Optional.empty())) {
            proxy.refuse();
            var egress = egress(Map.of("HTTPS_PROXY", "http://127.0.0.1:" + proxy.port()));

            fails(egress, "https://idp.example.com/keys", "the proxy refused to open the way, with status 403");
            assertThat(peer.heads).isEmpty();
        }
    }

    @Test
    void callsThisMachineWithoutTheProxy() throws IOException {
        try (var proxy = new ConnectProxy(peer.port(), Optional.empty())) {
            var egress = egress(Map.of("HTTPS_PROXY", "http://127.0.0.1:" + proxy.port()));

            assertThat(get(egress, "https://localhost:" + peer.port() + "/")).isEqualTo("200 ok");
            assertThat(proxy.asked).isEmpty();
        }
    }
}

package mistmcp.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLSocket;
import mistmcp.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsIT {
    private static final TestCertificate AUTHORITY = TestCertificate.authority("Company CA");
    private static final TestCertificate FIRST = AUTHORITY.server("first");

    @TempDir
    private Path folder;

    private Path chain;
    private Path key;
    private Optional<HttpServer> running = Optional.empty();

    @BeforeEach
    void write() throws IOException {
        chain = folder.resolve("cert.pem");
        key = folder.resolve("key.pem");
        write(FIRST.pem() + AUTHORITY.pem(), FIRST.keyPem());
    }

    @AfterEach
    void close() {
        running.ifPresent(HttpServer::close);
    }

    private void write(String certificates, String secret) throws IOException {
        Files.writeString(chain, certificates);
        Files.writeString(key, secret);
    }

    private HttpServer start() {
        var tls = new TlsFiles(chain, key, Duration.ofMillis(50));
        var outside = new ServerSettings.Outside(Optional.of(tls), List.of(), "");
        var settings =
                new ServerSettings("127.0.0.1", 0, Set.of(), Duration.ofSeconds(5), Duration.ofSeconds(1), outside);
        var route = new Route(
                "GET", "/", (request, response) -> response.json(200, JsonObject.of("scheme", request.scheme())));
        running = Optional.of(HttpServer.start(settings, List.of(route)));
        return running.get();
    }

    /// The name in the certificate that the server shows to a new connection.
    private static String shown(HttpServer server) throws IOException {
        var context = new Egress(Optional.empty(), List.of(), List.of(AUTHORITY.certificate()))
                .trust()
                .orElseThrow();
        try (var socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", server.port())) {
            socket.startHandshake();
            var name = ((java.security.cert.X509Certificate) socket.getSession().getPeerCertificates()[0])
                    .getSubjectX500Principal()
                    .getName();
            return name.substring("CN=".length());
        }
    }

    private static String get(Egress egress, String address) throws IOException {
        var deadline = Duration.ofSeconds(5);
        try (var client = new HttpClient(Duration.ofSeconds(2), 4, egress);
                var response = client.send(new OutboundRequest(
                        "GET", URI.create(address), Map.of(), Optional.empty(), deadline, deadline))) {
            return response.status() + " " + new String(response.body(500), StandardCharsets.UTF_8);
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 200 && !condition.getAsBoolean(); i++) {
            Thread.sleep(50);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    @Test
    void servesTlsToAllAndPlainHttpToThisMachine() throws IOException {
        var server = start();
        var egress = new Egress(Optional.empty(), List.of(), List.of(AUTHORITY.certificate()));

        assertThat(get(egress, "https://localhost:" + server.port() + "/")).isEqualTo("200 {\"scheme\":\"https\"}");
        assertThat(get(egress, "http://127.0.0.1:" + server.plainPort() + "/")).isEqualTo("200 {\"scheme\":\"http\"}");
        assertThat(server.port()).isNotEqualTo(server.plainPort());
        assertThatThrownBy(() -> get(egress, "http://127.0.0.1:" + server.port() + "/"))
                .isInstanceOf(HttpFailure.class);
        assertThat(server.certificateFault()).isEmpty();
        assertThat(server.certificateEnd().orElseThrow()).isAfter(Instant.now());
    }

    @Test
    void speaksNoOldProtocol() throws IOException {
        var server = start();
        var context = new Egress(Optional.empty(), List.of(), List.of(AUTHORITY.certificate()))
                .trust()
                .orElseThrow();
        try (var socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", server.port())) {
            socket.startHandshake();
            assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.3");
        }
        try (var socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", server.port())) {
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            socket.startHandshake();
            assertThat(socket.getSession().getCipherSuite()).contains("ECDHE").doesNotContain("_CBC_");
        }
    }

    @Test
    void showsANewCertificateWithoutARestart() throws IOException, InterruptedException {
        var server = start();
        assertThat(shown(server)).isEqualTo("first");

        var second = AUTHORITY.server("second", Instant.now().plus(Duration.ofDays(3)));
        write(second.pem() + AUTHORITY.pem(), second.keyPem());

        await(() -> server.certificateEnd().orElseThrow().isAfter(Instant.now().plus(Duration.ofDays(2))));
        assertThat(shown(server)).isEqualTo("second");
        assertThat(server.certificateFault()).isEmpty();
    }

    @Test
    void aBadNewPairKeepsTheOneBeforeAndSaysWhy() throws IOException, InterruptedException {
        var server = start();
        for (var bad : bad().entrySet()) {
            bad.getValue().write();

            await(() -> server.certificateFault()
                    .filter(fault -> fault.contains(bad.getKey()) && fault.contains("serves on until"))
                    .isPresent());
            assertThat(shown(server)).as(bad.getKey()).isEqualTo("first");

            write(FIRST.pem() + AUTHORITY.pem(), FIRST.keyPem());
            await(() -> server.certificateFault().isEmpty());
            assertThat(shown(server)).isEqualTo("first");
        }
    }

    @Test
    void doesNotStartWithABadPair() throws IOException {
        for (var bad : bad().entrySet()) {
            bad.getValue().write();

            assertThatThrownBy(this::start)
                    .isInstanceOf(HttpServer.NoCertificate.class)
                    .hasMessageContaining(bad.getKey());
        }
    }

    @Test
    void readsAnRsaKeyInTheOlderForm() throws IOException, GeneralSecurityException, UnusableCertificate {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        var pair = generator.generateKeyPair();
        var encoded = pair.getPrivate().getEncoded();
        // PKCS #8 is the older form with 26 bytes before it.
        var older = TestCertificate.block("RSA PRIVATE KEY", Arrays.copyOfRange(encoded, 26, encoded.length));
        write(FIRST.pem(), older);
        var content = TlsPair.Content.of(new TlsFiles(chain, key));

        assertThatThrownBy(() -> TlsPair.of(content, new TlsFiles(chain, key), Instant.now()))
                .as("it is read, and found to be another's")
                .hasMessageContaining("is not that of the certificate");
    }

    @FunctionalInterface
    private interface Writing {
        void write() throws IOException;
    }

    private Map<String, Writing> bad() {
        var other = AUTHORITY.server("other");
        var ended = AUTHORITY.server("ended", Instant.now().minus(Duration.ofDays(1)));
        var early = AUTHORITY.server("early", Instant.now().plus(Duration.ofDays(30)));
        var cases = new LinkedHashMap<String, Writing>();
        cases.put("is not that of the certificate", () -> write(other.pem(), FIRST.keyPem()));
        cases.put("ended at", () -> write(ended.pem(), ended.keyPem()));
        cases.put("is not valid before", () -> write(early.pem(), early.keyPem()));
        cases.put("is no list of PEM certificates", () -> write("-----BEGIN CERTIFICATE-----\nAAAA\n", FIRST.keyPem()));
        cases.put("holds no certificate", () -> write("", FIRST.keyPem()));
        cases.put("do not follow each other", () -> write(AUTHORITY.pem() + FIRST.pem(), AUTHORITY.keyPem()));
        cases.put("openssl pkcs8", () -> write(FIRST.pem(), FIRST.keyPem().replace("PRIVATE", "ENCRYPTED PRIVATE")));
        cases.put("holds no PEM key", () -> write(FIRST.pem(), "hello"));
        cases.put(
                "cannot be read as RSA, EC or Ed25519",
                () -> write(FIRST.pem(), TestCertificate.block("PRIVATE KEY", new byte[] {1, 2, 3})));
        cases.put("cannot be read", () -> Files.delete(key));
        cases.put("larger than", () -> write("x".repeat(2 << 20), FIRST.keyPem()));
        return cases;
    }
}

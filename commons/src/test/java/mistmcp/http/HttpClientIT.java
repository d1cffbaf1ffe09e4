package mistmcp.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpClientIT {
    private final HttpClient client = new HttpClient(Duration.ofSeconds(1), 4);
    private final CountDownLatch asked = new CountDownLatch(1);
    private final List<String> heads = new CopyOnWriteArrayList<>();
    private volatile String answer = "";
    private volatile boolean keepOpen;
    private ServerSocket server;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().start(() -> {
            try {
                while (true) {
                    var socket = server.accept();
                    Thread.ofPlatform().daemon().start(() -> serve(socket));
                }
            } catch (IOException closed) {
                // The test is over.
            }
        });
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        server.close();
    }

    @Test
    void sendsExactlyTheHeadersGiven() throws Exception {
        answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-A: 1\r\nX-A: 2\r\n\r\nok";

        try (var response = client.send(get(Duration.ofSeconds(2), Duration.ofSeconds(2)))) {
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.headers("x-a")).containsExactly("1", "2");
            assertThat(response.body(10)).asString(StandardCharsets.UTF_8).isEqualTo("ok");
        }
        assertThat(heads.getFirst()).contains("X-Own: yes").doesNotContainIgnoringCase("user-agent", "cookie");
    }

    @Test
    void followsNoRedirect() throws Exception {
        answer = "HTTP/1.1 302 Found\r\nLocation: http://example.com/\r\nContent-Length: 0\r\n\r\n";

        try (var response = client.send(get(Duration.ofSeconds(2), Duration.ofSeconds(2)))) {
            assertThat(response.status()).isEqualTo(302);
        }
    }

    @Test
    void failsWithoutAConnection() throws Exception {
        int port = server.getLocalPort();
        server.close();

        assertFails(HttpFailure.Kind.CONNECT, request(port, Duration.ofSeconds(2), Duration.ofSeconds(2)));
    }

    @Test
    void failsWhenNoHeadComesBeforeTheDeadline() {
        keepOpen = true;

        assertFails(HttpFailure.Kind.TIMEOUT, get(Duration.ofMillis(300), Duration.ofSeconds(5)));
    }

    @Test
    void failsWhenTheBodyIsStillComingAtTheDeadline() throws Exception {
        answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab";
        keepOpen = true;

        try (var response = client.send(get(Duration.ofMillis(500), Duration.ofSeconds(5)))) {
            assertThatExceptionOfType(HttpFailure.class)
                    .isThrownBy(() -> response.body(10))
                    .satisfies(failed -> assertThat(failed.kind()).isEqualTo(HttpFailure.Kind.TIMEOUT));
        }
    }

    @Test
    void failsWhenTheOtherSideIsSilent() throws Exception {
        answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab";
        keepOpen = true;

        try (var response = client.send(get(Duration.ofSeconds(5), Duration.ofMillis(300)))) {
            response.streaming();
            assertThatExceptionOfType(HttpFailure.class)
                    .isThrownBy(() -> response.body(10))
                    .satisfies(failed -> assertThat(failed.kind()).isEqualTo(HttpFailure.Kind.TIMEOUT));
        }
    }

    @Test
    void failsWhenTheBodyIsCut() throws Exception {
        answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab";

        try (var response = client.send(get(Duration.ofSeconds(2), Duration.ofSeconds(2)))) {
            assertThatExceptionOfType(HttpFailure.class)
                    .isThrownBy(() -> response.body(10))
                    .satisfies(
                            failed -> assertThat(failed.kind()).isIn(HttpFailure.Kind.GARBAGE, HttpFailure.Kind.RESET));
        }
    }

    @Test
    void failsWhenTheConnectionCloses() {
        assertFails(HttpFailure.Kind.RESET, get(Duration.ofSeconds(2), Duration.ofSeconds(2)));
    }

    @Test
    void failsWhenTheAnswerIsNoHttp() {
        answer = "HTTP/1.1 two-hundred OK\r\n\r\n";

        assertFails(HttpFailure.Kind.RESET, get(Duration.ofSeconds(2), Duration.ofSeconds(2)));
    }

    @Test
    void failsWhenTheBodyIsTooLong() throws Exception {
        answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcde";

        try (var response = client.send(get(Duration.ofSeconds(2), Duration.ofSeconds(2)))) {
            assertThatExceptionOfType(HttpFailure.class)
                    .isThrownBy(() -> response.body(4))
                    .satisfies(failed -> assertThat(failed.kind()).isEqualTo(HttpFailure.Kind.TOO_LARGE));
        }
    }

    @Test
    void stopsWaitingWhenItIsCancelled() throws Exception {
        keepOpen = true;
        var call = client.prepare(get(Duration.ofMinutes(1), Duration.ofMinutes(1)));
        Thread.ofVirtual().start(() -> {
            try {
                asked.await();
                call.cancel();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        });

        // Not as one that waited in vain.
        assertThatExceptionOfType(HttpFailure.class)
                .isThrownBy(call::send)
                .matches(failure -> failure.kind() == HttpFailure.Kind.RESET);
    }

    @Test
    void aCallThatWasCancelledBeforeItIsSentFailsAsOneThatBroke() {
        var call = client.prepare(get(Duration.ofSeconds(5), Duration.ofSeconds(5)));
        call.cancel();

        assertThatExceptionOfType(HttpFailure.class)
                .isThrownBy(call::send)
                .matches(failure -> failure.kind() == HttpFailure.Kind.RESET);
    }

    @Test
    void handsOnEachPartOfAStreamAsItComes() throws Exception {
        answer = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n";
        keepOpen = true;

        try (var response = client.send(get(Duration.ofSeconds(5), Duration.ofSeconds(5)))) {
            var part = new byte[100];
            int read = response.body().read(part);
            assertThat(new String(part, 0, read, StandardCharsets.UTF_8)).isEqualTo("data: 1\n\n");
        }
    }

    private void assertFails(HttpFailure.Kind kind, OutboundRequest request) {
        assertThatExceptionOfType(HttpFailure.class)
                .isThrownBy(() -> client.send(request).close())
                .satisfies(failed -> assertThat(failed.kind()).isEqualTo(kind));
    }

    private OutboundRequest get(Duration deadline, Duration silence) {
        return request(server.getLocalPort(), deadline, silence);
    }

    private static OutboundRequest request(int port, Duration deadline, Duration silence) {
        return new OutboundRequest(
                "GET",
                URI.create("http://127.0.0.1:" + port + "/x"),
                Map.of("X-Own", "yes"),
                Optional.empty(),
                deadline,
                silence);
    }

    private void serve(Socket socket) {
        try (socket) {
            var head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int next = socket.getInputStream().read();
                if (next < 0) {
                    return;
                }
                head.append((char) next);
            }
            heads.add(head.toString());
            asked.countDown();
            socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            if (keepOpen) {
                Thread.sleep(20_000);
            }
        } catch (IOException | InterruptedException over) {
            // The test is over.
        }
    }
}

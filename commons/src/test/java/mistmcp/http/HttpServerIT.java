package mistmcp.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import mistmcp.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpServerIT {
    private final AtomicInteger handled = new AtomicInteger();
    private final CompletableFuture<Throwable> broken = new CompletableFuture<>();
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);
    private final HttpServer server = HttpServer.start(
            new ServerSettings("127.0.0.1", 0, Set.of("gw.example.com"), Duration.ofSeconds(1), Duration.ofSeconds(5)),
            List.of(
                    new Route("GET", "/hello", (_, response) -> {
                        handled.incrementAndGet();
                        response.json(
                                200,
                                JsonObject.of("virtual", Thread.currentThread().isVirtual()));
                    }),
                    new Route("POST", "/echo", 10, (request, response) -> {
                        var body = request.body();
                        handled.incrementAndGet();
                        response.send(200, "application/octet-stream", body);
                    }),
                    new Route("POST", "/unread", (_, response) -> response.send(204)),
                    new Route("GET", "/problem", (_, _) -> {
                        throw new HttpProblem(409, "plan_used", "the plan was used before");
                    }),
                    new Route("GET", "/bug", (_, _) -> {
                        throw new IllegalStateException("the canary of the bug");
                    }),
                    new Route("GET", "/stream", (_, response) -> {
                        var out = response.stream(200, "text/event-stream");
                        out.write("data: 1\n\n".getBytes(StandardCharsets.UTF_8));
                        out.flush();
                        go.await(10, TimeUnit.SECONDS);
                        out.write("data: 2\n\n".getBytes(StandardCharsets.UTF_8));
                        out.flush();
                    }),
                    new Route("GET", "/endless", (_, response) -> {
                        try {
                            var out = response.stream(200, "text/event-stream");
                            for (int i = 0; i < 1000; i++) {
                                out.write(":\n\n".getBytes(StandardCharsets.UTF_8));
                                out.flush();
                                Thread.sleep(20);
                            }
                        } catch (IOException gone) {
                            broken.complete(gone);
                            throw gone;
                        }
                    }),
                    new Route("GET", "/slow", (_, response) -> {
                        entered.countDown();
                        go.await(10, TimeUnit.SECONDS);
                        response.send(200, "text/plain", "late".getBytes(StandardCharsets.UTF_8));
                    }),
                    new Route(
                            "GET",
                            "/big",
                            (_, response) -> response.send(200, "application/json", new byte[100_000]))));

    @AfterEach
    void close() {
        go.countDown();
        server.close();
    }

    @Test
    void answersOnAVirtualThread() throws Exception {
        assertThat(ask("GET /hello HTTP/1.1\r\nHost: localhost\r\n"))
                .startsWith("HTTP/1.1 200")
                .endsWith("{\"virtual\":true}")
                .doesNotContainIgnoringCase("server:");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "evil.example.com          |                          | host_not_allowed",
                "localhost.evil.com        |                          | host_not_allowed",
                "127.0.0.1.nip.io:80       |                          | host_not_allowed",
                "localhost                 | http://evil.example.com  | origin_not_allowed",
                "localhost                 | null                     | origin_not_allowed",
                "localhost                 | http://localhost.evil.com| origin_not_allowed",
                "localhost                 | file://                  | origin_not_allowed"
            })
    void refusesAForeignHostOrOrigin(String host, String origin, String code) throws Exception {
        var answer = ask(
                "GET /hello HTTP/1.1\r\nHost: " + host + "\r\n" + (origin == null ? "" : "Origin: " + origin + "\r\n"));

        assertThat(answer).startsWith("HTTP/1.1 403").contains("application/problem+json", "\"code\":\"" + code + "\"");
        assertThat(handled).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LOCALHOST:8000",
                "127.0.0.1:1",
                "[::1]",
                "[::1]:80",
                "gw.example.com",
                "GW.example.com:443"
            })
    void takesItsOwnNames(String host) throws Exception {
        assertThat(ask("GET /hello HTTP/1.1\r\nHost: " + host + "\r\nOrigin: http://" + host + "\r\n"))
                .startsWith("HTTP/1.1 200");
    }

    @Test
    void refusesASecondHostHeader() throws Exception {
        assertThat(ask("GET /hello HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n"))
                .startsWith("HTTP/1.1 400")
                .contains("application/problem+json");
        assertThat(handled).hasValue(0);
    }

    @Test
    void refusesABodyThatIsTooLongByItsLength() throws Exception {
        assertThat(ask("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 11\r\n", "12345678901"))
                .startsWith("HTTP/1.1 413")
                .contains("\"code\":\"body_too_large\"");
        assertThat(handled).hasValue(0);
    }

    @Test
    void refusesABodyThatIsTooLongInChunks() throws Exception {
        assertThat(ask(
                        "POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n",
                        "6\r\n123456\r\n6\r\n123456\r\n0\r\n\r\n"))
                .startsWith("HTTP/1.1 413")
                .contains("\"code\":\"body_too_large\"");
        assertThat(handled).hasValue(0);
    }

    @Test
    void takesABodyOfExactlyTheLimit() throws Exception {
        assertThat(ask("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n", "1234567890"))
                .startsWith("HTTP/1.1 200")
                .endsWith("1234567890");
    }

    @Test
    void refusesAnEncodedBody() throws Exception {
        assertThat(ask(
                        "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n",
                        "xx"))
                .startsWith("HTTP/1.1 415")
                .contains("\"code\":\"encoding_not_supported\"");
        assertThat(handled).hasValue(0);
    }

    @Test
    void refusesABodyThatDoesNotArrive() throws Exception {
        try (var raw = new RawHttp(server.port())) {
            raw.write("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nConnection: close\r\n\r\n12");

            assertThat(raw.rest()).startsWith("HTTP/1.1 408").contains("\"code\":\"body_too_slow\"");
        }
        assertThat(handled).hasValue(0);
    }

    @Test
    void dropsACallerWhoseBodyTrickles() throws Exception {
        try (var raw = new RawHttp(server.port())) {
            raw.write("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\nConnection: close\r\n\r\n");

            assertThatThrownBy(() -> {
                        // Never silent as long as the server lets a connection be.
                        for (int i = 0; i < 9; i++) {
                            raw.write("x");
                            Thread.sleep(400);
                        }
                        raw.write("x").until("200");
                    })
                    .isInstanceOf(IOException.class);
        }
        assertThat(handled).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/huge", "/huge-stream", "/many"})
    void dropsACallerThatTakesItsAnswerTooSlowly(String path) throws Exception {
        try (var fast = HttpServer.start(
                        ServerSettings.loopback(0),
                        List.of(
                                new Route(
                                        "GET",
                                        "/huge",
                                        (_, response) -> huge(() -> {
                                            response.send(200, "text/plain", new byte[16 << 20]);
                                        })),
                                new Route(
                                        "GET",
                                        "/huge-stream",
                                        (_, response) -> huge(() -> {
                                            response.stream(200, "text/plain").write(new byte[16 << 20]);
                                        })),
                                new Route(
                                        "GET",
                                        "/many",
                                        (_, response) -> huge(() -> {
                                            try (var out = response.stream(200, "text/plain")) {
                                                for (int i = 0; i < 1024; i++) {
                                                    out.write(new byte[16 << 10]);
                                                }
                                            }
                                        }))),
                        new Pace(Duration.ofMillis(500), 100 << 20));
                var raw = new RawHttp(fast.port())) {
            raw.write("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");

            // A byte now and then: the connection is never silent.
            for (int i = 0; i < 100 && !broken.isDone(); i++) {
                raw.byteNow();
                Thread.sleep(50);
            }

            assertThat(broken.get(20, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
        }
    }

    private interface Sending {
        void run() throws IOException;
    }

    private void huge(Sending sending) throws IOException {
        try {
            sending.run();
        } catch (IOException dropped) {
            broken.complete(dropped);
            throw dropped;
        }
    }

    @Test
    void refusesHugeHeaders() throws Exception {
        assertThat(ask("GET /hello HTTP/1.1\r\nHost: localhost\r\nX-Big: " + "x".repeat(33 << 10) + "\r\n"))
                .startsWith("HTTP/1.1 431")
                .contains("application/problem+json", "\"code\":\"headers_too_large\"");
        assertThat(handled).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET\r\n\r\n",
                "GET /hello HTTP/9.9\r\nHost: localhost\r\n\r\n",
                "GET /hello HTTP/1.1\r\nHost : localhost\r\n\r\n"
            })
    void refusesWhatIsNoHttp(String text) throws Exception {
        try (var raw = new RawHttp(server.port())) {
            assertThat(raw.write(text).rest())
                    .containsPattern("^HTTP/1.1 (400|505)")
                    .contains("application/problem+json");
        }
        assertThat(handled).hasValue(0);
    }

    @ParameterizedTest
    @CsvSource({
        "GET /nothing, 404, not_found",
        "PUT /hello, 405, method_not_allowed",
        "GET /problem, 409, plan_used",
        "GET /bug, 500, internal"
    })
    void saysWhatIsWrongInOneForm(String line, int status, String code) throws Exception {
        assertThat(ask(line + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n"))
                .startsWith("HTTP/1.1 " + status)
                .contains("application/problem+json", "\"code\":\"" + code + "\"", "\"requestId\":\"")
                .doesNotContain("canary of the bug", "Exception");
    }

    @Test
    void sendsEachPartOfAStreamAtOnce() throws Exception {
        try (var raw = new RawHttp(server.port())) {
            raw.write("GET /stream HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n");

            assertThat(raw.until("data: 1\n\n")).doesNotContainIgnoringCase("content-encoding");
            go.countDown();
            assertThat(raw.rest()).contains("data: 2\n\n");
        }
    }

    @Test
    void doesNotCompress() throws Exception {
        assertThat(ask("GET /big HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip, br\r\n"))
                .containsIgnoringCase("content-length: 100000")
                .doesNotContainIgnoringCase("content-encoding");
    }

    @Test
    void tellsAStreamThatItsCallerIsGone() throws Exception {
        try (var raw = new RawHttp(server.port())) {
            raw.write("GET /endless HTTP/1.1\r\nHost: localhost\r\n\r\n").until(":\n\n");
        }

        assertThat(broken.get(20, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
    }

    @Test
    void letsAHandlerTakeLongerThanASilentConnectionMay() throws Exception {
        try (var raw = new RawHttp(server.port())) {
            raw.write("GET /slow HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            entered.await();
            Thread.sleep(1500);
            go.countDown();

            assertThat(raw.rest()).startsWith("HTTP/1.1 200").endsWith("late");
        }
    }

    @Test
    void answersAfterABodyThatNobodyRead() throws Exception {
        try (var raw = new RawHttp(server.port())) {
            raw.write("POST /unread HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc")
                    .until("\r\n\r\n");
            raw.write("GET /hello HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

            assertThat(raw.rest()).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void finishesWhatIsInFlightWhenItCloses() throws Exception {
        Thread closing;
        try (var raw = new RawHttp(server.port())) {
            raw.write("GET /slow HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            entered.await();
            closing = Thread.ofVirtual().start(server::close);
            // Several times what an idle connection is left open while the server closes.
            Thread.sleep(500);
            go.countDown();

            assertThat(raw.rest()).startsWith("HTTP/1.1 200").endsWith("late");
        }
        assertThat(closing.join(Duration.ofSeconds(20))).isTrue();
        assertThatThrownBy(() -> new RawHttp(server.port()).close()).isInstanceOf(Exception.class);
    }

    @Test
    void saysThatAPortIsTaken() {
        var settings = ServerSettings.loopback(server.port());

        assertThatThrownBy(() -> HttpServer.start(settings, List.of())).isInstanceOf(HttpServer.PortTaken.class);
    }

    private String ask(String head) throws IOException {
        return ask(head, "");
    }

    private String ask(String head, String body) throws IOException {
        try (var raw = new RawHttp(server.port())) {
            return raw.write(head + "Connection: close\r\n\r\n" + body).rest();
        }
    }
}

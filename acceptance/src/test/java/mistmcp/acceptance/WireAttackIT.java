package mistmcp.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import mistmcp.http.HttpClient;
import mistmcp.http.OutboundRequest;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Attacks on the wire of the running gateway: each is refused, and what it was after has not happened.
class WireAttackIT {
    private static final int MIB = 1 << 20;
    private static final String HELLO =
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\","
                    + "\"capabilities\":{\"elicitation\":{},\"experimental\":{\"pad\":\"" + "x".repeat(4_000) + "\"}},"
                    + "\"clientInfo\":{\"name\":\"" + "n".repeat(4_000) + "\",\"version\":\"1\"}}}";

    private static WireUpstream upstream;
    private static RunningStack stack;
    private static String ann;
    private static String bob;

    @BeforeAll
    static void start() throws IOException {
        upstream = new WireUpstream();
        var folder = Files.createTempDirectory("mist-wire");
        stack = RunningStack.start(Map.of(
                "UPSTREAMS_PATH",
                upstreams(folder),
                "POLICY_PATH",
                write(folder.resolve("policy.json"), OwnPolicy.of("field", "mod/*", "leg/*"))));
        ann = stack.mint("ann", "ReadWrite");
        bob = stack.mint("bob", "ReadWrite");
    }

    @AfterAll
    static void stop() {
        stack.close();
        upstream.close();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "2026-07-28, tools/call, mod_wait",
                "2026-07-28, tools/call, -",
                "2026-07-28, tools/list, mod_count",
                "2025-11-25, tools/call, mod_count",
                "-, tools/call, mod_count"
            })
    void aHeaderThatDisagreesWithTheBodyIsRefusedAndNothingRuns(String version, String method, String name) {
        int before = upstream.called();
        var headers = new LinkedHashMap<String, String>();
        headers.put("Mcp-Method", method);
        Optional.ofNullable(version).ifPresent(value -> headers.put("MCP-Protocol-Version", value));
        Optional.ofNullable(name).ifPresent(value -> headers.put("Mcp-Name", value));

        var reply = post(ann, modern("mod_count", "{}", ""), headers);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.text()).contains("-32020");
        assertThat(upstream.called()).isEqualTo(before);
        assertThat(post(ann, modern("mod_count", "{}", ""), modernHeaders("mod_count"))
                        .status())
                .isEqualTo(200);
        assertThat(upstream.called()).isEqualTo(before + 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mod_ask", "leg_ask"})
    void aStateIsTakenOnceFromItsOwnCallerForItsOwnRequest(String tool) {
        int before = upstream.accepted();
        var state = asked(post(ann, modern(tool, "{}", ""), modernHeaders(tool)));
        var yes = ",\"requestState\":\"" + state + "\",\"inputResponses\":{\"input\":{\"action\":\"accept\"}}";

        assertThat(post(bob, modern(tool, "{}", yes), modernHeaders(tool)).text())
                .contains("-32602");
        assertThat(post(ann, modern(tool, "{\"text\":\"other\"}", yes), modernHeaders(tool))
                        .text())
                .contains("-32602");
        assertThat(post(ann, modern("mod_count", "{}", yes), modernHeaders("mod_count"))
                        .text())
                .contains("-32602");
        assertThat(upstream.accepted()).isEqualTo(before);

        assertThat(post(ann, modern(tool, "{}", yes), modernHeaders(tool)).text())
                .contains("\"accepted\":true");
        assertThat(post(ann, modern(tool, "{}", yes), modernHeaders(tool)).text())
                .contains("-32602");
        assertThat(upstream.accepted()).isEqualTo(before + 1);
    }

    @Test
    void anotherPrincipalsSessionIsAsGoodAsNone() {
        var session = hello(ann).headers("Mcp-Session-Id").getFirst();
        int before = upstream.called();
        var call = legacy("mod_count", "{}");

        assertThat(post(bob, call, Map.of("Mcp-Session-Id", session)).status()).isEqualTo(404);
        assertThat(RawHttp.send(
                                stack.port(),
                                "DELETE",
                                "/mcp",
                                Map.of("Authorization", "Bearer " + bob, "Mcp-Session-Id", session),
                                Optional.empty())
                        .status())
                .isEqualTo(404);
        assertThat(upstream.called()).isEqualTo(before);
        assertThat(post(ann, call, Map.of("Mcp-Session-Id", session)).status()).isEqualTo(200);
        assertThat(upstream.called()).isEqualTo(before + 1);
    }

    @Test
    void manyHandshakesLeaveMemoryFlatAndFewSessions() throws Exception {
        var carl = stack.mint("carl", "ReadOnly");
        hellos(carl, 200);
        long before = resident();

        assertThat(hellos("", 10_000)).isEmpty();
        var sessions = hellos(carl, 2_000);

        assertThat(resident() - before).as("grown by bytes").isLessThan(48L * MIB);
        assertThat(sessions).hasSize(2_000).doesNotHaveDuplicates();
        // What came in last lives, as far as one caller may have sessions; all others are dead.
        long alive = sessions.subList(1_900, 2_000).stream()
                .filter(session -> post(
                                        carl,
                                        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}",
                                        Map.of("Mcp-Session-Id", session))
                                .status()
                        == 200)
                .count();
        assertThat(alive).isEqualTo(32);
    }

    @Test
    void aMessageThatNestsTooDeepIsRefusedBothWays() {
        int before = upstream.called();
        var deep = "[".repeat(100_000) + "]".repeat(100_000);

        var reply = post(ann, legacy("mod_count", "{\"text\":" + deep + "}"), Map.of());

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.text()).contains("-32700");
        assertThat(upstream.called()).isEqualTo(before);
        for (var tool : List.of("mod_deep", "leg_deep")) {
            assertThat(post(ann, legacy(tool, "{}"), Map.of()).text())
                    .contains("upstream_garbage", "\"isError\":true")
                    .doesNotContain("CANARY");
        }
    }

    @Test
    void aResultOfFiftyMegabytesIsRefusedAndTheGatewayGoesOn() {
        var gateway = stack.child("mistmcp.gateway.Main");

        var replies =
                atOnce(6, () -> post(ann, legacy("mod_huge", "{}"), Map.of()).text());

        assertThat(replies)
                .allSatisfy(text -> assertThat(text)
                        .contains("result_too_large", "\"isError\":true")
                        .doesNotContain("CANARY"));
        assertThat(gateway.isAlive()).isTrue();
        assertThat(post(ann, legacy("mod_count", "{}"), Map.of()).text()).contains("\"isError\":false");
    }

    /// Its head says what it is, so it is relayed, as far as a result may go; its last brace never comes.
    @Test
    void aResultOfFiftyMegabytesThatIsRelayedBreaksOffAndTheGatewayGoesOn() {
        var gateway = stack.child("mistmcp.gateway.Main");

        var replies =
                atOnce(3, () -> post(ann, legacy("leg_huge", "{}"), Map.of()).text());

        for (var text : replies) {
            assertThat(text.length()).isBetween(MIB, 16 * MIB + 1024);
            assertThat(text.charAt(text.length() - 1)).isNotEqualTo('}');
        }
        assertThat(gateway.isAlive()).isTrue();
        assertThat(post(ann, legacy("leg_count", "{}"), Map.of()).text()).contains("\"isError\":false");
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(stack.get(ann, "/audit?outcome=failed&tool=leg_huge")
                                .text())
                        .contains("result_too_large"));
    }

    @Test
    void readersThatDoNotReadHoldNobodyUp() throws Exception {
        var gateway = stack.child("mistmcp.gateway.Main");
        var body = legacy("mod_large", "{}");
        var sockets = new ArrayList<Socket>();
        try {
            for (int i = 0; i < 40; i++) {
                var socket = new Socket();
                socket.setReceiveBufferSize(4096);
                socket.connect(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), stack.port()));
                write(socket, body, Map.of("Authorization", "Bearer " + bob));
                sockets.add(socket);
            }
            for (int i = 0; i < 20; i++) {
                assertThat(post(ann, legacy("mod_count", "{}"), Map.of()).text())
                        .contains("\"isError\":false");
            }
            assertThat(post(ann, legacy("list_sites", "{}"), Map.of()).text()).contains("\"isError\":false");
        } finally {
            for (var socket : sockets) {
                socket.close();
            }
        }
        assertThat(gateway.isAlive()).isTrue();
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(post(ann, body, Map.of()).text())
                        .contains("\"isError\":false")
                        .hasSizeGreaterThan(4 * MIB));
    }

    @ParameterizedTest
    @CsvSource({"mod_cut, 0", "mod_cut, 1", "mod_cut, 2", "mod_cut, 3", "leg_cut, 0", "leg_cut, 1", "leg_cut, 3"})
    void aStreamThatBreaksOffIsNoAnswer(String tool, int after) {
        var reply = post(ann, legacy(tool, "{\"text\":\"" + after + "\"}"), Map.of());

        // A chunk that breaks off is no HTTP any more.
        assertThat(reply.text())
                .contains("upstream_garbage", "\"isError\":true")
                .doesNotContain("CANARY");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mod_cut", "leg_cut"})
    void aStreamThatBreaksOffBehindItsAnswerIsOne(String tool) {
        assertThat(post(ann, legacy(tool, "{\"text\":\"4\"}"), Map.of()).text()).contains("\"isError\":false");
    }

    /// The second comment after the caller went meets a closed connection: 1.8 s at most, on a machine at
    /// rest.
    @ParameterizedTest
    @CsvSource({"mod_wait, true", "mod_wait, false", "leg_wait, true", "leg_wait, false"})
    void theCallOfACallerThatHasGoneIsCancelledAtTheUpstream(String tool, boolean modern) throws Exception {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), stack.port())) {
            var headers = new LinkedHashMap<>(modern ? modernHeaders(tool) : Map.<String, String>of());
            headers.put("Authorization", "Bearer " + ann);
            write(socket, modern ? modern(tool, "{}", "") : legacy(tool, "{}"), headers);
            assertThat(upstream.awaitStart()).isTrue();
            awaitText(socket, "text/event-stream");
            awaitText(socket, "\n:");
        }

        assertThat(upstream.awaitCancel(Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void aCommitThatIsBeingSentGoesOnWithoutItsCaller() throws Exception {
        var plan = stack.planPort(ann, "ber-sw-02", "ge-0/0/11", "iot");
        var id = plan.string("id").orElseThrow();
        int before = stack.writesSent().size();
        stack.fault(JsonObject.of(
                "match",
                JsonObject.of("method", "PUT", "pathPattern", "/api/v1/**"),
                "times",
                1,
                "kind",
                "latency",
                "millis",
                3_000));
        var arguments =
                plan.object("arguments").orElseThrow().with("commit", true).with("confirmation", id);
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), stack.port())) {
            write(socket, legacy("set_switch_port", Json.text(arguments)), Map.of("Authorization", "Bearer " + ann));
            awaitText(socket, "\n:");
        }

        Awaitility.await()
                .atMost(Duration.ofSeconds(40))
                .untilAsserted(
                        () -> assertThat(stack.get(ann, "/plans/" + id).body().string("state"))
                                .contains("verified"));
        assertThat(stack.writesSent()).hasSize(before + 1);
    }

    private static RawHttp.Reply hello(String bearer) {
        return post(bearer, HELLO, Map.of());
    }

    /// Handshakes over connections that stay; the ids of the sessions that were opened.
    private static List<String> hellos(String bearer, int times) throws Exception {
        var headers = new LinkedHashMap<>(
                Map.of("Content-Type", "application/json", "Accept", "application/json, text/event-stream"));
        if (!bearer.isEmpty()) {
            headers.put("Authorization", "Bearer " + bearer);
        }
        var request = new OutboundRequest(
                "POST",
                URI.create(stack.url() + "/mcp"),
                headers,
                Optional.of(HELLO.getBytes(StandardCharsets.UTF_8)),
                Duration.ofSeconds(60),
                Duration.ofSeconds(60));
        var sessions = new ArrayList<String>();
        try (var http = new HttpClient(Duration.ofSeconds(10), 8)) {
            for (int i = 0; i < times; i++) {
                try (var response = http.send(request)) {
                    response.body(1 << 16);
                    assertThat(response.status()).isEqualTo(bearer.isEmpty() ? 401 : 200);
                    response.header("Mcp-Session-Id").ifPresent(sessions::add);
                }
            }
        }
        return sessions;
    }

    /// What the gateway's process has in memory.
    private static long resident() throws IOException {
        var status = Path.of(
                "/proc", Long.toString(stack.child("mistmcp.gateway.Main").pid()), "status");
        return Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                        .findFirst()
                        .orElseThrow()
                << 10;
    }

    private interface Ask {
        String get();
    }

    private static List<String> atOnce(int times, Ask ask) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = new ArrayList<Future<String>>();
            for (int i = 0; i < times; i++) {
                all.add(threads.submit(ask::get));
            }
            return all.stream().map(WireAttackIT::result).toList();
        }
    }

    private static String result(Future<String> future) {
        try {
            return future.get();
        } catch (InterruptedException | java.util.concurrent.ExecutionException failed) {
            throw new AssertionError(failed);
        }
    }

    private static void awaitText(Socket socket, String text) throws IOException {
        socket.setSoTimeout(30_000);
        var seen = new StringBuilder();
        while (seen.indexOf(text) < 0) {
            int c = socket.getInputStream().read();
            assertThat(c).as("the stream ended: %s", seen).isNotNegative();
            seen.append((char) c);
        }
    }

    private static void write(Socket socket, String body, Map<String, String> headers) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        var head = new StringBuilder("POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                + "Accept: application/json, text/event-stream\r\nContent-Length: " + bytes.length + "\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        socket.getOutputStream().write((head + "\r\n").getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    private static RawHttp.Reply post(String bearer, String body, Map<String, String> more) {
        var headers = new LinkedHashMap<>(Map.of(
                "Authorization", "Bearer " + bearer,
                "Content-Type", "application/json",
                "Accept", "application/json, text/event-stream"));
        headers.putAll(more);
        return RawHttp.send(stack.port(), "POST", "/mcp", headers, Optional.of(body.getBytes(StandardCharsets.UTF_8)));
    }

    private static String legacy(String tool, String arguments) {
        return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"" + tool
                + "\",\"arguments\":" + arguments + "}}";
    }

    private static String modern(String tool, String arguments, String more) {
        return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"" + tool
                + "\",\"arguments\":" + arguments + more
                + ",\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
                + "\"io.modelcontextprotocol/clientCapabilities\":{\"elicitation\":{\"form\":{}}}}}}";
    }

    private static Map<String, String> modernHeaders(String tool) {
        return Map.of("MCP-Protocol-Version", "2026-07-28", "Mcp-Method", "tools/call", "Mcp-Name", tool);
    }

    private static String asked(RawHttp.Reply reply) {
        var result = reply.body().object("result").orElseThrow(() -> new AssertionError(reply.text()));
        assertThat(result.string("resultType")).contains("input_required");
        assertThat(result.object("inputRequests").orElseThrow().members()).containsOnlyKeys("input");
        return result.string("requestState").orElseThrow();
    }

    private static String upstreams(Path folder) throws IOException {
        var common = JsonObject.of(
                "url", upstream.url(),
                "reads", JsonArray.of("*"),
                "relay", JsonArray.of("elicitation"),
                "sites", "none");
        return write(
                folder.resolve("upstreams.json"),
                JsonObject.of(
                        "upstreams",
                        JsonObject.of(
                                "mod", common.with("prefix", "mod").with("era", "modern"),
                                "leg", common.with("prefix", "leg").with("era", "legacy"))));
    }

    private static String write(Path file, JsonObject json) throws IOException {
        return Files.write(file, Json.bytes(json)).toString();
    }
}

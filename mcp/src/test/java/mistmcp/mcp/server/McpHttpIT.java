package mistmcp.mcp.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import mistmcp.http.HttpClient;
import mistmcp.http.InboundResponse;
import mistmcp.http.OutboundRequest;
import mistmcp.json.JsonObject;
import mistmcp.json.RawJson;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class McpHttpIT {
    private static final String META =
            "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{\"elicitation\":{}}}";

    private final HttpClient http = new HttpClient(Duration.ofSeconds(2), 8);
    private final AtomicInteger ran = new AtomicInteger();
    private final CountDownLatch cancelled = new CountDownLatch(1);
    private final Endpoint endpoint = Endpoint.of(
            McpOptions.SESSIONS,
            Tools.tool("count", (_, _, _) -> {
                ran.incrementAndGet();
                return ToolResult.of(JsonObject.of("ran", true));
            }),
            Tools.tool("slow", (_, _, exchange) -> {
                exchange.onCancel(cancelled::countDown);
                cancelled.await(60, TimeUnit.SECONDS);
                return ToolResult.of(JsonObject.EMPTY);
            }),
            Tools.tool("ask", (_, _, exchange) -> {
                var answer = exchange.ask(
                        "elicitation/create", RawJson.of(JsonObject.of("message", "?")), Duration.ofSeconds(60));
                ran.incrementAndGet();
                return ToolResult.of(JsonObject.of("answer", answer.toString()));
            }),
            Tools.tool("breaks", (_, _, _) -> {
                throw new IllegalStateException("the canary of the bug");
            }));

    @AfterEach
    void close() {
        endpoint.close();
        http.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{                                                                                | 400 | -32700",
                "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]                             | 400 | -32600",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"id\":2,\"method\":\"tools/call\",\"params\":{\"name\":\"count\"}} |"
                        + " 400 | -32700",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"count\",\"arguments\":{\"a\":1,\"a\":1}}}"
                        + " | 400 | -32700",
                "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"tools/call\",\"params\":{\"name\":\"count\"}} | 400 |"
                        + " -32600",
                "{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"tools/call\",\"params\":{\"name\":\"count\"}}  | 400 |"
                        + " -32600",
                "{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"tools/call\",\"params\":{\"name\":\"count\"}}   | 400 |"
                        + " -32600",
                "{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"count\"}}    | 400 |"
                        + " -32600",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":[\"count\"]}          | 400 |"
                        + " -32600",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":7}                                              | 400 |"
                        + " -32600",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"nope\"}}  | 200 |"
                        + " -32602",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":7}}         | 200 |"
                        + " -32602",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"nope\"}                                       | 200 |"
                        + " -32601"
            })
    void refusesABadMessageAndRunsNothing(String body, int status, int code) throws Exception {
        try (var response = post(body, Map.of())) {
            assertThat(response.status()).isEqualTo(status);
            assertThat(text(response)).contains("\"code\":" + code);
        }
        assertThat(ran).hasValue(0);
    }

    @Test
    void refusesAMessageThatNestsTooDeep() throws Exception {
        try (var response = post(
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"count\",\"arguments\":"
                        + "[".repeat(100_000),
                Map.of())) {
            assertThat(response.status()).isEqualTo(400);
        }
        assertThat(ran).hasValue(0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "2026-07-28 | tools/call | count                | 200 | \"ran\":true",
                "2026-07-28 | tools/call | =?base64?Y291bnQ=?=  | 200 | \"ran\":true",
                "-          | tools/call | count                | 400 | -32020",
                "2025-11-25 | tools/call | count                | 400 | -32020",
                "2026-07-28 | -          | count                | 400 | -32020",
                "2026-07-28 | tools/list | count                | 400 | -32020",
                "2026-07-28 | Tools/Call | count                | 400 | -32020",
                "2026-07-28 | tools/call | -                    | 400 | -32020",
                "2026-07-28 | tools/call | Count                | 400 | -32020",
                "2026-07-28 | tools/call | =?base64?!!?=        | 400 | -32020"
            })
    void comparesHeadersWithTheBody(String version, String method, String name, int status, String says)
            throws Exception {
        var headers = new LinkedHashMap<String, String>();
        Optional.ofNullable(version).ifPresent(value -> headers.put("MCP-Protocol-Version", value));
        Optional.ofNullable(method).ifPresent(value -> headers.put("Mcp-Method", value));
        Optional.ofNullable(name).ifPresent(value -> headers.put("Mcp-Name", value));

        try (var response = post(call("count", 1, META), headers)) {
            assertThat(response.status()).isEqualTo(status);
            assertThat(text(response)).contains(says);
        }
        assertThat(ran).hasValue(status == 200 ? 1 : 0);
    }

    @ParameterizedTest
    @CsvSource({"1", "-7", "123456789012345678901234567890", "\"a\\u0062 \\\"x\"", "\"\""})
    void echoesTheIdToTheByte(String id) throws Exception {
        try (var response = post("{\"jsonrpc\":\"2.0\",\"method\":\"ping\",\"id\":" + id + "}", Map.of())) {
            assertThat(text(response)).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":{}}");
        }
    }

    @Test
    void keepsAnotherCallersSessionFromThem() throws Exception {
        String session;
        try (var response = post(
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},\"clientInfo\":{}}}",
                Map.of("Caller", "ann"))) {
            session = response.header("Mcp-Session-Id").orElseThrow();
        }

        try (var own = post(call("count", 2, "\"x\":1"), Map.of("Caller", "ann", "Mcp-Session-Id", session));
                var other = post(call("count", 2, "\"x\":1"), Map.of("Caller", "bob", "Mcp-Session-Id", session))) {
            assertThat(own.status()).isEqualTo(200);
            assertThat(other.status()).isEqualTo(404);
        }
        assertThat(ran).hasValue(1);
    }

    @Test
    void keepsItsMemoryFlatUnderManyHandshakes() throws Exception {
        for (int i = 0; i < 100; i++) {
            post(
                            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},\"clientInfo\":{}}}",
                            Map.of())
                    .close();
        }

        assertThat(endpoint.mcp().openSessions()).isEqualTo(McpOptions.SESSIONS.maxSessionsPerKey());
    }

    @Test
    void cancelsTheCallOfACallerThatHasGone() throws Exception {
        try (var response = post(call("slow", 1, META), modern("slow"))) {
            assertThat(response.header("Content-Type")).contains("text/event-stream");
            assertThat(response.body().read()).isEqualTo(':');
        }

        assertThat(cancelled.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void takesARequestStateOnceFromItsOwnCallerForItsOwnRequest() throws Exception {
        String state;
        try (var response = post(call("ask", 1, META), with(modern("ask"), "Caller", "ann"))) {
            var text = text(response);
            assertThat(text).contains("\"resultType\":\"input_required\"", "elicitation/create");
            state = text.replaceAll("(?s).*\"requestState\":\"([^\"]+)\".*", "$1");
        }
        var answer = ",\"requestState\":\"" + state + "\",\"inputResponses\":{\"input\":{\"action\":\"accept\"}}";

        try (var foreign = post(call("ask", 2, META + answer), with(modern("ask"), "Caller", "bob"));
                var otherTool = post(call("count", 3, META + answer), with(modern("count"), "Caller", "ann"))) {
            assertThat(text(foreign)).contains("-32602");
            assertThat(text(otherTool)).contains("-32602");
        }
        assertThat(ran).hasValue(0);
        try (var right = post(call("ask", 4, META + answer), with(modern("ask"), "Caller", "ann"))) {
            assertThat(text(right)).contains("\"id\":4", "Given", "accept");
        }
        try (var replayed = post(call("ask", 5, META + answer), with(modern("ask"), "Caller", "ann"))) {
            assertThat(text(replayed)).contains("-32602");
        }
        assertThat(ran).hasValue(1);
    }

    @Test
    void saysNothingOfWhatBroke() throws Exception {
        try (var response = post(call("breaks", 1, "\"x\":1"), Map.of())) {
            assertThat(text(response)).contains("-32603").doesNotContain("canary of the bug", "IllegalState");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"text\":7}|argument_type|text",
                "{\"extra\":1}|argument_unknown|extra",
                "[]|argument_type|object"
            })
    void tellsTheModelOfBadArguments(String arguments, String code, String says) throws Exception {
        var body =
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"count\",\"arguments\":"
                        + arguments + "}}";

        try (var response = post(body, Map.of())) {
            assertThat(text(response)).contains("\"isError\":true", "\"code\":\"" + code + "\"", says);
        }
        assertThat(ran).hasValue(0);
    }

    @Test
    void marksAModernListAsPrivate() throws Exception {
        var headers = Map.of("MCP-Protocol-Version", "2026-07-28", "Mcp-Method", "tools/list");

        try (var response =
                post("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\",\"params\":{" + META + "}}", headers)) {
            assertThat(text(response))
                    .contains("\"resultType\":\"complete\"", "\"cacheScope\":\"private\"", "\"ttlMs\":0");
        }
    }

    private static String call(String tool, int id, String more) {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"tools/call\",\"params\":{\"name\":\"" + tool + "\","
                + more + "}}";
    }

    private static Map<String, String> modern(String tool) {
        return Map.of("MCP-Protocol-Version", "2026-07-28", "Mcp-Method", "tools/call", "Mcp-Name", tool);
    }

    private static Map<String, String> with(Map<String, String> headers, String name, String value) {
        var more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return more;
    }

    private static String text(InboundResponse response) throws IOException {
        return new String(response.body(1 << 20), StandardCharsets.UTF_8);
    }

    private InboundResponse post(String body, Map<String, String> headers) throws IOException {
        var all = with(headers, "Content-Type", "application/json");
        all.put("Accept", "application/json, text/event-stream");
        return http.send(new OutboundRequest(
                "POST",
                endpoint.uri(),
                all,
                Optional.of(body.getBytes(StandardCharsets.UTF_8)),
                Duration.ofSeconds(10),
                Duration.ofSeconds(10)));
    }
}

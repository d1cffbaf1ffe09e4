package mistmcp.mcp.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import mistmcp.json.JsonObject;
import mistmcp.jsonrpc.ErrorCode;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.McpReply;
import mistmcp.mcp.McpRequest;
import mistmcp.mcp.ParamHeaders;
import mistmcp.mcp.ToolDefinition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModernWireIT {
    private final AtomicInteger ran = new AtomicInteger();
    private final Endpoint endpoint = new Endpoint(new Changing(Endpoint.box(mirrored())), McpOptions.SESSIONS);
    private final Caller caller = new Caller(endpoint.uri());

    @AfterEach
    void close() {
        caller.close();
        endpoint.close();
    }

    @Test
    void discoversWhatIsServed() throws Exception {
        var reply = caller.modern("server/discover", "");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text())
                .contains(
                        "\"supportedVersions\":[\"2026-07-28\",\"2025-11-25\",\"2025-06-18\"]",
                        "\"capabilities\":{",
                        "\"resultType\":\"complete\"",
                        "\"ttlMs\":0",
                        "\"cacheScope\":\"private\"",
                        "\"io.modelcontextprotocol/serverInfo\":{\"name\":\"test\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tools/list", "resources/list", "resources/templates/list", "prompts/list"})
    void marksEveryListAndIssuesNoSession(String method) throws Exception {
        var reply = caller.modern(method, "", "Mcp-Session-Id", "made-up");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text()).contains("\"resultType\":\"complete\"", "\"ttlMs\":0", "\"cacheScope\":\"private\"");
        assertThat(reply.header("Mcp-Session-Id")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "DELETE"})
    void takesNothingButPost(String method) throws Exception {
        var session = caller.initialize("2025-11-25");

        var reply = caller.plain(method, "MCP-Protocol-Version", "2026-07-28", "Mcp-Session-Id", session);

        assertThat(reply.status()).isEqualTo(405);
        assertThat(reply.header("Allow")).isEqualTo("POST");
        assertThat(endpoint.mcp().openSessions()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"io.modelcontextprotocol/clientCapabilities\":{}}                                                     | 2026-07-28 | -32602",
                "{\"io.modelcontextprotocol/protocolVersion\":7,\"io.modelcontextprotocol/clientCapabilities\":{}}       | 2026-07-28 | -32602",
                "{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\"}                                            | 2026-07-28 | -32602",
                "{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":[]} | 2026-07-28 | -32602",
                "{\"io.modelcontextprotocol/protocolVersion\":\"2031-01-01\",\"io.modelcontextprotocol/clientCapabilities\":{}} | 2031-01-01 | -32022",
                "{\"io.modelcontextprotocol/protocolVersion\":\"2025-11-25\",\"io.modelcontextprotocol/clientCapabilities\":{}} | 2025-11-25 | -32022"
            })
    void wantsItsMetadataWhole(String meta, String version, int code) throws Exception {
        var reply = caller.post(
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\",\"params\":{\"_meta\":" + meta + "}}",
                "MCP-Protocol-Version",
                version,
                "Mcp-Method",
                "tools/list");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.text()).contains("\"code\":" + code, "\"id\":1");
        if (code == -32022) {
            assertThat(reply.text()).contains("\"supported\":[\"2026-07-28\"", "\"requested\":\"" + version + "\"");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"nope", "initialize", "ping", "logging/setLevel", "resources/subscribe", "resources/unsubscribe"
            })
    void doesNotKnowWhatIsNotOfItsEra(String method) throws Exception {
        var reply = caller.modern(method, "\"uri\":\"test://note\"");

        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.text()).contains("\"code\":-32601", "\"id\":7");
        assertThat(reply.header("Mcp-Session-Id")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "-",
            value = {
                "{\"region\":\"us\"}                           | us                     | -     | 200",
                "{\"region\":\"Hello, 世界\"}                  | =?base64?SGVsbG8sIOS4lueVjA==?= | - | 200",
                "{\"region\":\"us\",\"priority\":42}           | us                     | 42    | 200",
                "{\"region\":\"us\",\"priority\":42}           | us                     | 42.0  | 200",
                "{}                                            | -                      | -     | 200",
                "{\"region\":\"us\"}                           | -                      | -     | 400",
                "{\"region\":\"us\"}                           | US                     | -     | 400",
                "{\"region\":\"us\"}                           | =?base64?VVM=?=        | -     | 400",
                "{\"region\":\"us\"}                           | =?base64?!!?=          | -     | 400",
                "{\"region\":\"us\",\"priority\":42}           | us                     | -     | 400",
                "{\"region\":\"us\",\"priority\":42}           | us                     | 43    | 400",
                "{\"region\":\"us\",\"priority\":42}           | us                     | 4_2   | 400",
                "{\"region\":\"us\",\"priority\":null}         | us                     | 42    | 400",
                "{}                                            | us                     | -     | 400"
            })
    void comparesMirroredArgumentsWithTheBody(String arguments, String region, String priority, int status)
            throws Exception {
        var reply = caller.modern(
                "tools/call",
                "\"name\":\"mirrored\",\"arguments\":" + arguments,
                "Mcp-Name",
                "mirrored",
                "mcp-param-region",
                Optional.ofNullable(region).orElse(""),
                "Mcp-Param-Priority",
                Optional.ofNullable(priority).orElse(""));

        assertThat(reply.status()).isEqualTo(status);
        assertThat(ran).hasValue(status == 200 ? 1 : 0);
        if (status == 400) {
            assertThat(reply.text()).contains("\"code\":-32020");
        }
    }

    @Test
    void namesTheCapabilityThatIsMissing() throws Exception {
        var reply = caller.modern("tools/call", "\"name\":\"needs_sampling\"", "Mcp-Name", "needs_sampling");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.text()).contains("\"code\":-32021", "\"requiredCapabilities\":{\"sampling\":{}}");
    }

    @Test
    void answersOneCodeForAResourceThatIsNotThere() throws Exception {
        var reply = caller.modern("resources/read", "\"uri\":\"test://gone\"", "Mcp-Name", "test://gone");

        assertThat(reply.text()).contains("\"code\":-32602", "\"uri\":\"test://gone\"");
    }

    @Test
    void tellsListenersWhatTheyAskedForAndNothingElse() throws Exception {
        var body = Caller.message(
                "subscriptions/listen",
                "\"notifications\":{\"toolsListChanged\":true,\"promptsListChanged\":true,\"resourceSubscriptions\":[\"test://note\"]}");
        try (var response = caller.open(
                "POST",
                Optional.of(body),
                Map.of("MCP-Protocol-Version", "2026-07-28", "Mcp-Method", "subscriptions/listen"))) {
            var lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));

            assertThat(response.header("Content-Type")).contains("text/event-stream");
            assertThat(response.header("X-Accel-Buffering")).contains("no");
            // Prompts were not offered, so they are not in what is honoured.
            assertThat(event(lines))
                    .contains("notifications/subscriptions/acknowledged", "\"toolsListChanged\":true", "test://note")
                    .contains("\"io.modelcontextprotocol/subscriptionId\":7")
                    .doesNotContain("promptsListChanged");
            endpoint.mcp().listChanged("prompts");
            endpoint.mcp().resourceUpdated("test://other");
            endpoint.mcp().listChanged("tools");
            endpoint.mcp().resourceUpdated("test://note");
            assertThat(event(lines))
                    .contains("notifications/tools/list_changed", "\"io.modelcontextprotocol/subscriptionId\":7");
            assertThat(event(lines)).contains("notifications/resources/updated", "test://note");
            endpoint.mcp().close();
            assertThat(event(lines))
                    .contains(
                            "notifications/cancelled",
                            "\"requestId\":7",
                            "\"io.modelcontextprotocol/subscriptionId\":7");
            assertThat(event(lines))
                    .contains(
                            "\"id\":7", "\"resultType\":\"complete\"", "\"io.modelcontextprotocol/subscriptionId\":7");
        }
    }

    @Test
    void refusesAListenStreamToACallerThatTakesNoEvents() throws Exception {
        var reply = caller.modern("subscriptions/listen", "\"notifications\":{}", "Accept", "application/json");

        assertThat(reply.status()).isEqualTo(406);
    }

    private static String event(BufferedReader lines) throws IOException {
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("data: ")) {
                return line;
            }
        }
        return "the stream has ended";
    }

    private Tool<String> mirrored() {
        var schema = JsonObject.of(
                "type",
                "object",
                "properties",
                JsonObject.of(
                        "region", JsonObject.of("type", "string", "x-mcp-header", "Region"),
                        "priority", JsonObject.of("type", "integer", "x-mcp-header", "Priority")));
        var definition = ToolDefinition.of(
                "mirrored", "mirrored", "A tool of a test.", schema, Optional.empty(), JsonObject.EMPTY);
        return Tools.tool(definition, (_, arguments, _) -> {
            ran.incrementAndGet();
            return ToolResult.of(arguments);
        });
    }

    /// A service whose tools may change and whose resources can be subscribed to.
    private record Changing(Toolbox<String> box) implements McpService<String> {
        @Override
        public JsonObject serverInfo() {
            return box.serverInfo();
        }

        @Override
        public String instructions(String who) {
            return "";
        }

        @Override
        public JsonObject capabilities(String who) {
            return JsonObject.of(
                    "tools", JsonObject.of("listChanged", true),
                    "resources", JsonObject.of("subscribe", true),
                    "prompts", JsonObject.EMPTY);
        }

        @Override
        public ParamHeaders paramHeaders(String who, String tool) {
            return box.paramHeaders(who, tool);
        }

        @Override
        public McpReply handle(String who, McpRequest request, Exchange exchange) throws InterruptedException {
            return request.target().filter("needs_sampling"::equals).isPresent()
                    ? new McpReply.Failure(
                            ErrorCode.MISSING_CLIENT_CAPABILITY,
                            "sampling is needed",
                            Optional.of(
                                    JsonObject.of("requiredCapabilities", JsonObject.of("sampling", JsonObject.EMPTY))))
                    : box.handle(who, request, exchange);
        }
    }
}

package mistmcp.mcp.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import mistmcp.json.JsonObject;
import mistmcp.json.RawJson;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LegacyWireIT {
    private static final String PING = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}";
    private static final String NOTE = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}";
    private static final String ANSWER = "{\"jsonrpc\":\"2.0\",\"id\":\"x\",\"result\":{}}";

    private final Ticking clock = new Ticking();
    private final Endpoint endpoint = Endpoint.of(
            clock.options(100, 10, 8),
            Tools.echo(),
            Tools.tool("ask", (_, _, exchange) -> {
                var answer = exchange.ask(
                        "elicitation/create", RawJson.of(JsonObject.of("message", "?")), Duration.ofSeconds(8));
                return ToolResult.of(JsonObject.of("answer", answer.toString()));
            }),
            Tools.tool("logs", (_, _, exchange) -> {
                exchange.notify("notifications/message", RawJson.of(JsonObject.of("level", "info", "data", "a line")));
                return ToolResult.of(JsonObject.EMPTY);
            }));
    private final Caller caller = new Caller(endpoint.uri());

    @AfterEach
    void close() {
        caller.close();
        endpoint.close();
    }

    @ParameterizedTest
    @CsvSource({
        "2025-06-18, 2025-06-18",
        "2025-11-25, 2025-11-25",
        "2024-11-05, 2025-11-25",
        "2026-07-28, 2025-11-25",
        "1.0, 2025-11-25"
    })
    void settlesTheVersion(String asked, String settled) throws Exception {
        var reply = caller.post(Caller.hello(asked));

        assertThat(reply.text()).contains("\"protocolVersion\":\"" + settled + "\"", "\"serverInfo\":");
        assertThat(reply.header("Mcp-Session-Id")).matches("[\\x21-\\x7e]+");
    }

    @Test
    void takesNotificationsAndAnswersWithoutABody() throws Exception {
        for (var message : new String[] {NOTE, ANSWER}) {
            var reply = caller.post(message);

            assertThat(reply.status()).isEqualTo(202);
            assertThat(reply.text()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {PING, NOTE, ANSWER})
    void tellsTheCallerOfADeadSession(String message) throws Exception {
        var session = caller.initialize("2025-11-25");
        assertThat(caller.post(message, "Mcp-Session-Id", session).status()).isLessThan(300);
        clock.pass(Duration.ofMinutes(31));

        assertThat(caller.post(message, "Mcp-Session-Id", session).status()).isEqualTo(404);
    }

    @Test
    void endsASessionByDeleteAndTakesItForDeadThen() throws Exception {
        var session = caller.initialize("2025-11-25");

        assertThat(caller.plain("DELETE", "Mcp-Session-Id", session, "Caller", "bob")
                        .status())
                .isEqualTo(404);
        assertThat(caller.plain("DELETE", "Mcp-Session-Id", session).status()).isEqualTo(204);
        assertThat(caller.plain("DELETE", "Mcp-Session-Id", session).status()).isEqualTo(404);
        assertThat(caller.plain("GET", "Mcp-Session-Id", session).status()).isEqualTo(404);
        assertThat(caller.post(PING, "Mcp-Session-Id", session).status()).isEqualTo(404);
    }

    @Test
    void hasNoStreamWithoutASession() throws Exception {
        assertThat(caller.plain("GET").status()).isEqualTo(405);
        assertThat(caller.plain("DELETE").status()).isEqualTo(405);
    }

    @ParameterizedTest
    @ValueSource(strings = {PING, NOTE, ANSWER})
    void refusesAVersionThatItDoesNotServe(String message) throws Exception {
        var reply = caller.post(message, "MCP-Protocol-Version", "2019-01-01");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.text()).contains("\"code\":-32022", "\"supported\":[");
    }

    @Test
    void doesWithoutAVersionHeader() throws Exception {
        assertThat(caller.post(PING).text()).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"server/discover", "subscriptions/listen"})
    void doesNotKnowWhatIsNotOfItsEra(String method) throws Exception {
        var reply = caller.post("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\"}");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text()).contains("\"code\":-32601");
    }

    @Test
    void putsAQuestionOnTheStreamAndTakesTheAnswerFromItsOwnCallerOnly() throws Exception {
        var session = caller.initialize("2025-11-25", "Caller", "ann");
        var call = "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/call\",\"params\":{\"name\":\"ask\"}}";
        try (var response =
                caller.open("POST", Optional.of(call), Map.of("Mcp-Session-Id", session, "Caller", "ann"))) {
            var lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
            var question = data(lines);
            assertThat(question).contains("\"method\":\"elicitation/create\"");
            var id = question.replaceAll(".*\"id\":(\"[^\"]+\").*", "$1");

            caller.post(answer(id, "decline"), "Caller", "bob");
            caller.post(answer(id, "accept"), "Caller", "ann", "Mcp-Session-Id", session);

            assertThat(data(lines)).contains("\"id\":2", "accept").doesNotContain("decline");
        }
    }

    @Test
    void asksNothingOfACallerWithoutASession() throws Exception {
        var reply =
                caller.post("{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/call\",\"params\":{\"name\":\"ask\"}}");

        assertThat(reply.text()).contains("NotSupported").doesNotContain("elicitation/create");
    }

    @ParameterizedTest
    @CsvSource({"info, true", "error, false"})
    void sendsLogsFromTheLevelOfTheSession(String level, boolean sent) throws Exception {
        var session = caller.initialize("2025-11-25");
        var set = "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"logging/setLevel\",\"params\":{\"level\":\"" + level
                + "\"}}";
        assertThat(caller.post(set, "Mcp-Session-Id", session).text()).contains("\"result\":{}");

        var reply = caller.post(
                "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"tools/call\",\"params\":{\"name\":\"logs\"}}",
                "Mcp-Session-Id",
                session);

        assertThat(reply.text().contains("a line")).isEqualTo(sent);
    }

    @Test
    void tellsChangesOnTheStreamOfASession() throws Exception {
        var session = caller.initialize("2025-11-25");
        try (var response = caller.open(
                "GET", Optional.empty(), Map.of("Mcp-Session-Id", session, "Accept", "text/event-stream"))) {
            var lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
            // The first comment says that the stream is listened to.
            assertThat(lines.readLine()).startsWith(":");

            endpoint.mcp().listChanged("tools");

            assertThat(data(lines)).contains("notifications/tools/list_changed");
        }
    }

    private static String answer(String id, String action) {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":{\"action\":\"" + action + "\"}}";
    }

    private static String data(BufferedReader lines) throws java.io.IOException {
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("data: ")) {
                return line;
            }
        }
        return "the stream has ended";
    }
}

package mistmcp.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import mistmcp.gateway.call.Invocation;
import mistmcp.gateway.call.Outcome;
import mistmcp.gateway.call.ToolView;
import mistmcp.gateway.change.Plan;
import mistmcp.gateway.chat.Calls;
import mistmcp.gateway.chat.Chat;
import mistmcp.gateway.chat.ChatSettings;
import mistmcp.gateway.identity.Principal;
import mistmcp.gateway.identity.Role;
import mistmcp.gateway.identity.SiteScope;
import mistmcp.gateway.model.planner.Planner;
import mistmcp.gateway.store.Database;
import mistmcp.gateway.store.DatabaseSettings;
import mistmcp.gateway.store.Threads;
import mistmcp.http.HttpServer;
import mistmcp.http.ServerSettings;
import mistmcp.json.Json;
import mistmcp.json.JsonObject;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.McpReply;
import mistmcp.mcp.ToolDefinition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ChatEndpointsIT {
    @TempDir
    private Path directory;

    private final Gate gate = new Gate();
    private final HttpClient client = HttpClient.newHttpClient();
    private Database database;
    private HttpServer server;

    @BeforeEach
    void open() {
        database = Database.open(DatabaseSettings.file(directory.resolve("gateway.db")));
        var planner = new Planner();
        var chat = new Chat(
                gate,
                planner,
                planner,
                new Threads(database),
                new ChatSettings(""),
                () -> true,
                InstantSource.system());
        var endpoints = new ChatEndpoints(
                chat, request -> caller(request.header("X-Caller").orElse("kim")));
        server = HttpServer.start(ServerSettings.loopback(0), endpoints.routes());
    }

    @AfterEach
    void close() {
        server.close();
        database.close();
    }

    @Test
    void answersAMessageAsJson() throws Exception {
        var answer = say(JsonObject.of("message", "/call list_widgets {}"));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        var body = Json.parseObject(answer.body());
        assertThat(body.string("text").orElseThrow()).contains("gizmo");
        assertThat(gate.called).containsExactly("list_widgets");
    }

    @Test
    void refusesAMessageOverTheBound() throws Exception {
        var longest = say(JsonObject.of("message", "x".repeat(20_000)));
        var longer = say(JsonObject.of("message", "x".repeat(20_001)));

        assertThat(longest.statusCode()).isEqualTo(200);
        assertThat(longer.statusCode()).isEqualTo(400);
        assertThat(code(longer)).contains("message_too_long");
        assertThat(gate.called).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"message\":\"/call list_widgets {}\",\"approve\":true}",
                "{\"message\":7}",
                "{\"message\":\"/call list_widgets {}\",\"commit\":\"yes\"}",
                "{\"message\":\" \"}",
                "{}"
            })
    void refusesABodyThatItDoesNotKnow(String body) throws Exception {
        var answer = send(body, "kim", "application/json");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(code(answer)).contains("invalid_request");
        assertThat(gate.called).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "[]", "{\"message\":\"a\",\"message\":\"b\"}"})
    void refusesABodyThatIsNoJsonObject(String body) throws Exception {
        var answer = send(body, "kim", "application/json");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(code(answer)).contains("invalid_json");
        assertThat(gate.called).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "text/event-stream"})
    void hidesAThreadFromAnotherPrincipal(String accept) throws Exception {
        var thread = begun();
        int before = gate.called.size();

        var said = send(Json.text(JsonObject.of("message", "/call list_widgets {}", "thread", thread)), "lee", accept);
        var shown = get("/threads/" + thread, "lee");

        assertThat(said.statusCode()).isEqualTo(404);
        assertThat(code(said)).contains("thread_not_found");
        assertThat(shown.statusCode()).isEqualTo(404);
        assertThat(get("/threads", "lee").body()).doesNotContain(thread);
        assertThat(gate.called).hasSize(before);
    }

    @Test
    void streamsEventsOfTheAgentProtocol() throws Exception {
        var answer = send(Json.text(JsonObject.of("message", "/call list_widgets {}")), "kim", "text/event-stream");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/event-stream");
        var types = answer.body()
                .lines()
                .filter(line -> line.startsWith("data:"))
                .map(line -> Json.parseObject(line.substring("data:".length()).strip()))
                .map(event -> event.string("type").orElseThrow())
                .toList();
        assertThat(types)
                .startsWith("RUN_STARTED")
                .endsWith("RUN_FINISHED")
                .containsSubsequence("TOOL_CALL_START", "TOOL_CALL_ARGS", "TOOL_CALL_END", "TOOL_CALL_RESULT")
                .containsSubsequence("TEXT_MESSAGE_START", "TEXT_MESSAGE_CONTENT", "TEXT_MESSAGE_END");
    }

    @Test
    void keepsThreadsWhenTheDatabaseIsOpenedAgain() throws Exception {
        var thread = begun();
        close();
        open();

        var shown = get("/threads/" + thread, "kim");
        var further = say(JsonObject.of("message", "/model", "thread", thread));

        assertThat(shown.statusCode()).isEqualTo(200);
        assertThat(shown.body()).contains("gizmo");
        assertThat(get("/threads", "kim").body()).contains(thread);
        assertThat(Json.parseObject(further.body()).string("thread")).contains(thread);
    }

    private String begun() throws IOException, InterruptedException {
        var answer = say(JsonObject.of("message", "/call list_widgets {}"));
        return Json.parseObject(answer.body()).string("thread").orElseThrow();
    }

    private HttpResponse<String> say(JsonObject body) throws IOException, InterruptedException {
        return send(Json.text(body), "kim", "application/json");
    }

    private HttpResponse<String> send(String body, String caller, String accept)
            throws IOException, InterruptedException {
        return client.send(
                request("/mcp/chat", caller)
                        .header("Content-Type", "application/json")
                        .header("Accept", accept)
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path, String caller) throws IOException, InterruptedException {
        return client.send(request(path, caller).build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path, String caller) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .header("X-Caller", caller);
    }

    private static Optional<String> code(HttpResponse<String> answer) {
        return Json.parseObject(answer.body()).string("code");
    }

    private static Principal caller(String subject) {
        return new Principal(
                "issuer",
                subject,
                Optional.empty(),
                Role.READ_ONLY,
                new Principal.RoleSource("roles", "ReadOnly"),
                SiteScope.ALL,
                Optional.empty(),
                Map.of(),
                Instant.MAX);
    }

    /// A gate with one tool that lists widgets.
    private static final class Gate implements Calls {
        private final List<String> called = new CopyOnWriteArrayList<>();

        @Override
        public List<ToolView> tools(Principal principal) {
            var definition = ToolDefinition.of(
                    "list_widgets",
                    "List widgets",
                    "Lists widgets.",
                    JsonObject.of("type", "object", "properties", JsonObject.EMPTY),
                    Optional.empty(),
                    JsonObject.EMPTY);
            return List.of(new ToolView("list_widgets", "up", definition, false, "rule", Optional.empty()));
        }

        @Override
        public Outcome call(Principal principal, Invocation invocation, Exchange exchange) {
            called.add(invocation.name());
            var rows = List.of(JsonObject.of("name", "gizmo"), JsonObject.of("name", "gadget"));
            return new Outcome.Done(
                    McpReply.Result.of(JsonObject.of("structuredContent", JsonObject.of("widgets", rows))), 1);
        }

        @Override
        public Outcome confirm(Principal principal, String planId, Invocation.Via via) {
            throw new AssertionError("nothing here confirms a plan");
        }

        @Override
        public Optional<Plan> plan(Principal principal, String planId) {
            return Optional.empty();
        }
    }
}

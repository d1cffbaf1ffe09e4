package mistmcp.acceptance;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import mistmcp.acceptance.fixture.ActingTool;
import mistmcp.http.HttpRequest;
import mistmcp.http.HttpResponse;
import mistmcp.http.HttpServer;
import mistmcp.http.Route;
import mistmcp.http.ServerSettings;
import mistmcp.json.Json;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonValue;
import mistmcp.json.RawJson;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.McpRequest;
import mistmcp.mcp.ToolDefinition;
import mistmcp.mcp.server.Admission;
import mistmcp.mcp.server.McpHttp;
import mistmcp.mcp.server.McpOptions;
import mistmcp.mcp.server.Tool;
import mistmcp.mcp.server.ToolResult;
import mistmcp.mcp.server.Toolbox;

/// An upstream in both eras that counts what reaches it, waits, asks, and answers with what no server should:
/// far too much, far too deep, a stream that breaks off.
final class WireUpstream implements AutoCloseable {
    private static final byte[] PADDING = "a".repeat(1 << 16).getBytes(StandardCharsets.US_ASCII);

    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger called = new AtomicInteger();
    private final Semaphore started = new Semaphore(0);
    private final Semaphore cancelled = new Semaphore(0);
    private final McpHttp<String> mcp;
    private final HttpServer server;

    WireUpstream() {
        mcp = new McpHttp<>(
                new Toolbox<>(new Toolbox.Contents<>(
                        JsonObject.of("name", "wire", "version", "1"),
                        "",
                        List.of(
                                tool(
                                        "count",
                                        (_, _) -> ToolResult.of(JsonObject.of("count", called.incrementAndGet()))),
                                tool("wait", this::await),
                                tool("ask", this::ask),
                                raw("huge"),
                                raw("large"),
                                raw("deep"),
                                raw("cut")),
                        List.of(),
                        List.of(),
                        1 << 20)),
                McpOptions.SESSIONS);
        server = HttpServer.start(
                ServerSettings.loopback(0),
                Stream.of("POST", "GET", "DELETE")
                        .map(method -> new Route(method, "/mcp", 1 << 20, this::serve))
                        .toList());
    }

    String url() {
        return "http://127.0.0.1:" + server.port() + "/mcp";
    }

    /// How often a question was answered with a yes.
    int accepted() {
        return accepted.get();
    }

    /// How often the tool `count` ran.
    int called() {
        return called.get();
    }

    /// Waits until the tool `wait` runs.
    boolean awaitStart() throws InterruptedException {
        return started.tryAcquire(20, TimeUnit.SECONDS);
    }

    /// Waits until the tool `wait` was cancelled.
    boolean awaitCancel(Duration patience) throws InterruptedException {
        return cancelled.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    private ToolResult await(JsonObject arguments, Exchange exchange) throws InterruptedException {
        var gone = new CountDownLatch(1);
        exchange.onCancel(gone::countDown);
        started.release();
        if (gone.await(40, TimeUnit.SECONDS)) {
            cancelled.release();
        }
        return ToolResult.of(JsonObject.EMPTY);
    }

    private ToolResult ask(JsonObject arguments, Exchange exchange) throws InterruptedException {
        var form = JsonObject.of("type", "object", "properties", JsonObject.EMPTY);
        var answer = exchange.ask(
                "elicitation/create",
                RawJson.of(JsonObject.of("mode", "form", "message", "really?", "requestedSchema", form)),
                Duration.ofSeconds(40));
        boolean yes = answer instanceof Exchange.Answer.Given given
                && given.result().parse(JsonLimits.REQUEST) instanceof JsonObject object
                && object.string("action").filter("accept"::equals).isPresent();
        if (yes) {
            accepted.incrementAndGet();
        }
        return ToolResult.of(JsonObject.of("accepted", yes));
    }

    private void serve(HttpRequest request, HttpResponse response) throws IOException, InterruptedException {
        if (request.method().equals("POST")) {
            var message = Json.parseObject(request.body(), JsonLimits.REQUEST);
            var tool = message.object("params").flatMap(params -> params.string("name"));
            var id = message.get("id");
            if (id.isPresent()
                    && tool.filter(List.of("huge", "large", "deep", "cut")::contains)
                            .isPresent()) {
                answer(tool.get(), id.get(), message, response);
                return;
            }
        }
        mcp.serve(request, response, new Anybody(request));
    }

    private static void answer(String tool, JsonValue id, JsonObject message, HttpResponse response)
            throws IOException {
        var begin =
                "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"CANARY";
        switch (tool) {
            case "huge" -> padded(response, begin, 50 << 20);
            case "large" -> padded(response, begin, 4 << 20);
            case "deep" ->
                response.send(
                        200,
                        "application/json",
                        ("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":{\"content\":[],\"CANARY\":"
                                        + "[".repeat(100_000) + "]".repeat(100_000) + "}}")
                                .getBytes(StandardCharsets.UTF_8));
            default -> cut(response, id, message);
        }
    }

    private static void padded(HttpResponse response, String begin, int bytes) throws IOException {
        var out = response.stream(200, "application/json");
        out.write(begin.getBytes(StandardCharsets.UTF_8));
        for (int written = 0; written < bytes; written += PADDING.length) {
            out.write(PADDING);
        }
        out.write("\"}],\"isError\":false}}".getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /// Four events, the answer last; breaks off behind as many as the argument says.
    private static void cut(HttpResponse response, JsonValue id, JsonObject message) throws IOException {
        var after = message.object("params")
                .flatMap(params -> params.object("arguments"))
                .flatMap(arguments -> arguments.string("text"))
                .map(Integer::parseInt)
                .orElse(0);
        var out = response.stream(200, "text/event-stream");
        for (int i = 0; i < after; i++) {
            event(
                    out,
                    i < 3
                            ? "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{\"level\":\"info\",\"data\":\"CANARY\"}}"
                            : "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":{\"content\":[],\"isError\":false}}");
        }
        out.write("data: {\"jsonrpc\":\"2.0\",\"id\":".getBytes(StandardCharsets.UTF_8));
        out.flush();
        response.abort();
    }

    private static void event(OutputStream out, String data) throws IOException {
        out.write(("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static Tool<String> raw(String name) {
        return tool(name, (_, _) -> {
            throw new IllegalStateException("is answered by hand");
        });
    }

    private static Tool<String> tool(String name, ActingTool.Act act) {
        var definition = ToolDefinition.of(
                name,
                name,
                "Of a test: " + name + ".",
                JsonObject.of("type", "object", "properties", JsonObject.of("text", JsonObject.of("type", "string"))),
                Optional.empty(),
                JsonObject.of("readOnlyHint", true));
        return new ActingTool(definition, act);
    }

    @Override
    public void close() {
        mcp.close();
        server.close();
    }

    private record Anybody(HttpRequest request) implements Admission<String> {
        @Override
        public String admit(McpRequest call) {
            return key();
        }

        @Override
        public String key() {
            return "anybody";
        }
    }
}

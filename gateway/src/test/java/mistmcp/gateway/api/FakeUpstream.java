package mistmcp.gateway.api;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import mistmcp.http.HttpRequest;
import mistmcp.http.HttpResponse;
import mistmcp.http.HttpServer;
import mistmcp.http.Route;
import mistmcp.http.ServerSettings;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonObject;
import mistmcp.jsonrpc.ErrorCode;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.McpReply;
import mistmcp.mcp.McpRequest;
import mistmcp.mcp.server.Admission;
import mistmcp.mcp.server.McpHttp;
import mistmcp.mcp.server.McpOptions;
import mistmcp.mcp.server.McpService;
import mistmcp.mcp.server.Subscribed;

/// An MCP server of a stranger, on a free port: what it lists can be changed while it runs, and each call of
/// a tool is kept.
final class FakeUpstream implements AutoCloseable, McpService<String> {
    private final List<JsonObject> tools = new CopyOnWriteArrayList<>();
    private final Map<String, Act> acts = new ConcurrentHashMap<>();
    private final Map<String, List<JsonObject>> others = new ConcurrentHashMap<>();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final List<String> methods = new CopyOnWriteArrayList<>();
    private final List<String> held = new CopyOnWriteArrayList<>();
    private final Set<String> refused = ConcurrentHashMap.newKeySet();
    private final AtomicInteger cuts = new AtomicInteger();
    private volatile boolean tells = true;
    private volatile Guard guard = (_, _) -> true;
    private final McpHttp<String> mcp = new McpHttp<>(this, McpOptions.SESSIONS);
    private final HttpServer server = HttpServer.start(
            ServerSettings.loopback(0),
            Stream.of("POST", "GET", "DELETE")
                    .map(method -> new Route(method, "/mcp", 1 << 20, (request, response) -> {
                        if (guard.letsIn(request, response)) {
                            mcp.serve(request, response, new Anybody(cuts, cuts.get()));
                        }
                    }))
                    .toList());

    /// What a tool does.
    interface Act {
        McpReply run(McpRequest request, Exchange exchange) throws InterruptedException;
    }

    /// Stands before everything.
    interface Guard {
        /// Whether a request goes on; one that does not was answered.
        boolean letsIn(HttpRequest request, HttpResponse response) throws IOException;
    }

    /// Lets in whom the guard lets in.
    FakeUpstream guarded(Guard by) {
        guard = by;
        return this;
    }

    private record Anybody(AtomicInteger cuts, int before) implements Admission<String> {
        @Override
        public String admit(McpRequest call) {
            return key();
        }

        @Override
        public String key() {
            return "anybody";
        }

        @Override
        public boolean holds() {
            return cuts.get() == before;
        }
    }

    /// Ends all streams that are open now.
    void cut() {
        cuts.incrementAndGet();
    }

    /// Lets nobody subscribe to a resource.
    FakeUpstream refusing(String uri) {
        refused.add(uri);
        return this;
    }

    /// Offers to tell of no changes of resources.
    FakeUpstream tellingNoUpdates() {
        tells = false;
        return this;
    }

    /// The resources that are subscribed to now.
    List<String> held() {
        return List.copyOf(held);
    }

    @Override
    public Map<String, Subscribed> subscribe(String caller, McpRequest request, Set<String> uris) {
        var answers = new HashMap<String, Subscribed>();
        for (var uri : uris) {
            if (refused.contains(uri)) {
                answers.put(uri, new Subscribed.Refused(McpReply.Failure.of(ErrorCode.INVALID_PARAMS, "no")));
            } else {
                held.add(uri);
                answers.put(uri, new Subscribed.Honoured(() -> held.remove(uri)));
            }
        }
        return answers;
    }

    /// A definition with one text argument.
    static JsonObject definition(String name) {
        return JsonObject.of(
                "name",
                name,
                "title",
                "Title of " + name,
                "description",
                "Does " + name,
                "inputSchema",
                JsonObject.of("type", "object", "properties", JsonObject.of("text", JsonObject.of("type", "string"))),
                "outputSchema",
                JsonObject.of("type", "object"),
                "annotations",
                JsonObject.of("readOnlyHint", false));
    }

    /// Offers a tool that answers at once.
    FakeUpstream with(JsonObject definition) {
        return with(definition, (_, _) -> text("done"));
    }

    /// Offers a tool.
    FakeUpstream with(JsonObject definition, Act act) {
        replace(definition);
        acts.put(name(definition), act);
        return this;
    }

    /// Offers resources, templates or prompts.
    FakeUpstream with(String kind, JsonObject... entries) {
        others.put(kind, List.of(entries));
        return this;
    }

    /// Lists another definition under the same name from now on; nobody is told.
    void replace(JsonObject definition) {
        tools.removeIf(old -> name(old).equals(name(definition)));
        tools.add(definition);
    }

    /// Tells those who listen.
    void announce(String kind) {
        mcp.listChanged(kind);
    }

    /// Tells those who have subscribed to it.
    void updated(String uri) {
        mcp.resourceUpdated(uri);
    }

    /// The names of the tools that were called, with their arguments.
    List<String> calls() {
        return List.copyOf(calls);
    }

    /// The methods that were asked.
    List<String> methods() {
        return List.copyOf(methods);
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.port() + "/mcp");
    }

    static McpReply text(String text) {
        return McpReply.Result.of(JsonObject.of(
                "content", JsonArray.of(JsonObject.of("type", "text", "text", text)),
                "structuredContent", JsonObject.of("said", text)));
    }

    private static String name(JsonObject definition) {
        return definition.string("name").orElse("");
    }

    @Override
    public JsonObject serverInfo() {
        return JsonObject.of("name", "stranger", "version", "1");
    }

    @Override
    public String instructions(String caller) {
        return "";
    }

    @Override
    public JsonObject capabilities(String caller) {
        return JsonObject.of(
                "tools", JsonObject.of("listChanged", true),
                "resources", JsonObject.of("listChanged", true, "subscribe", tells),
                "prompts", JsonObject.of("listChanged", true));
    }

    @Override
    public McpReply handle(String caller, McpRequest request, Exchange exchange) throws InterruptedException {
        methods.add(request.method());
        return switch (request.method()) {
            case "tools/list" -> list("tools", tools);
            case "resources/list" -> list("resources", others.getOrDefault("resources", List.of()));
            case "resources/templates/list" ->
                list("resourceTemplates", others.getOrDefault("resourceTemplates", List.of()));
            case "prompts/list" -> list("prompts", others.getOrDefault("prompts", List.of()));
            case "tools/call" -> call(request, exchange);
            case "resources/read" ->
                McpReply.Result.of(JsonObject.of(
                        "contents",
                        JsonArray.of(JsonObject.of("uri", request.target().orElse(""), "text", "content"))));
            case "prompts/get" -> McpReply.Result.of(JsonObject.of("messages", JsonArray.EMPTY));
            default -> McpReply.Failure.of(ErrorCode.METHOD_NOT_FOUND, "method not found");
        };
    }

    private McpReply call(McpRequest request, Exchange exchange) throws InterruptedException {
        var name = request.target().orElse("");
        var arguments = request.arguments()
                .map(raw -> Json.text(raw.parse(JsonLimits.REQUEST)))
                .orElse("{}");
        calls.add(name + " " + arguments);
        var act = acts.get(name);
        return act == null ? McpReply.Failure.unknown("tool") : act.run(request, exchange);
    }

    private static McpReply list(String member, List<JsonObject> entries) {
        return McpReply.Result.of(JsonObject.of(member, JsonArray.ofAll(new ArrayList<>(entries))));
    }

    @Override
    public void close() {
        mcp.close();
        server.close();
    }
}

package mistmcp.gateway.api;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import mistmcp.gateway.call.CallGate;
import mistmcp.gateway.call.Invocation;
import mistmcp.gateway.call.Listings;
import mistmcp.gateway.identity.Principal;
import mistmcp.http.HttpRequest;
import mistmcp.json.InvalidJson;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonSpans;
import mistmcp.json.JsonValue;
import mistmcp.json.RawJson;
import mistmcp.json.Sha256;
import mistmcp.jsonrpc.ErrorCode;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.McpReply;
import mistmcp.mcp.McpRequest;
import mistmcp.mcp.ParamHeaders;
import mistmcp.mcp.server.McpService;
import mistmcp.mcp.server.Subscribed;

/// What the gateway offers to an MCP client: the tools, resources and prompts of all upstreams, or of one, as
/// far as the policy lets this caller. Every call goes through the gate. Safe for several threads.
final class GatewayService implements McpService<GatewayService.Caller> {
    /// Some clients read the first page only, so a page is large.
    static final int PAGE = 200;

    private static final Pattern UNUSUAL = Pattern.compile("[^\\x20-\\x7e]");

    private final CallGate gate;
    private final ListCursors cursors = new ListCursors();
    private final Listings listings;
    private final Optional<String> upstream;
    private final String version;
    private final String instructions;

    /// Serves one upstream under its own names, or all of them when none is given.
    GatewayService(CallGate gate, Listings listings, Optional<String> upstream, String version, String instructions) {
        this.gate = gate;
        this.listings = listings;
        this.upstream = upstream;
        this.version = version;
        this.instructions = instructions;
    }

    /// A principal and the HTTP request that it calls with.
    record Caller(Principal principal, HttpRequest request) {}

    @Override
    public JsonObject serverInfo() {
        return JsonObject.of("name", "mist-mcp-gateway", "title", "Mist MCP Gateway", "version", version);
    }

    @Override
    public String instructions(Caller caller) {
        return instructions;
    }

    @Override
    public JsonObject capabilities(Caller caller) {
        return JsonObject.of(
                "tools", JsonObject.of("listChanged", true),
                "resources", JsonObject.of("listChanged", true, "subscribe", true),
                "prompts", JsonObject.of("listChanged", true),
                "completions", JsonObject.EMPTY);
    }

    @Override
    public ParamHeaders paramHeaders(Caller caller, String tool) {
        return listings.paramHeaders(caller.principal(), tool, upstream);
    }

    @Override
    public McpReply handle(Caller caller, McpRequest request, Exchange exchange) throws InterruptedException {
        return switch (request.method()) {
            case "tools/list" -> list(caller.principal(), request, "tools");
            case "resources/list" -> list(caller.principal(), request, "resources");
            case "resources/templates/list" -> list(caller.principal(), request, "resourceTemplates");
            case "prompts/list" -> list(caller.principal(), request, "prompts");
            case "tools/call" -> call(caller, request, Invocation.Kind.TOOL, exchange);
            case "resources/read" -> call(caller, request, Invocation.Kind.RESOURCE, exchange);
            case "prompts/get" -> call(caller, request, Invocation.Kind.PROMPT, exchange);
            case "completion/complete" -> complete(caller, request, exchange);
            default -> McpReply.Failure.of(ErrorCode.METHOD_NOT_FOUND, "method not found");
        };
    }

    private McpReply call(Caller caller, McpRequest request, Invocation.Kind kind, Exchange exchange)
            throws InterruptedException {
        if (request.target().isEmpty()) {
            return McpReply.Failure.of(
                    ErrorCode.INVALID_PARAMS,
                    kind == Invocation.Kind.RESOURCE ? "`uri` is missing" : "`name` is missing");
        }
        return call(caller, request, kind, request.target().get(), exchange);
    }

    private McpReply call(Caller caller, McpRequest request, Invocation.Kind kind, String target, Exchange exchange)
            throws InterruptedException {
        return McpReplies.of(gate.call(caller.principal(), invocation(caller, request, kind, target), exchange));
    }

    private Invocation invocation(Caller caller, McpRequest request, Invocation.Kind kind, String target) {
        var client = request.meta().clientInfo();
        var via = new Invocation.Via(
                "mcp",
                caller.request().id(),
                bounded(client.string("name").orElse("")
                        + client.string("version").map(text -> "/" + text).orElse("")),
                Optional.empty(),
                Optional.of(caller.request().client().getHostAddress()));
        return new Invocation(kind, upstream, target, request.arguments(), request.params(), request.meta(), via);
    }

    @Override
    public Map<String, Subscribed> subscribe(Caller caller, McpRequest request, Set<String> uris)
            throws InterruptedException {
        var invocations = uris.stream()
                .map(uri -> invocation(caller, request, Invocation.Kind.RESOURCE, uri))
                .collect(Collectors.toSet());
        var answers = new HashMap<String, Subscribed>();
        gate.watch(caller.principal(), invocations).forEach((uri, watched) -> answers.put(uri, McpReplies.of(watched)));
        return answers;
    }

    /// The source is the upstream that says so.
    @Override
    public boolean hears(Caller caller, String uri, String source) {
        return gate.hears(caller.principal(), source, uri, upstream);
    }

    /// What this caller is shown, in short. Templates of resources are told of as resources are.
    @Override
    public Optional<String> listMark(Caller caller, String kind) {
        var lists = kind.equals("resources") ? List.of("resources", "resourceTemplates") : List.of(kind);
        var shown = new ArrayList<JsonValue>();
        for (var list : lists) {
            for (var listed : listings.listed(caller.principal(), list, upstream)) {
                shown.add(JsonArray.of(listed.place(), listed.entry()));
            }
        }
        return Optional.of(Sha256.of(RawJson.of(new JsonArray(shown))));
    }

    /// Suggestions come from the upstream that owns the prompt or the template; one that makes none suggests
    /// nothing.
    private McpReply complete(Caller caller, McpRequest request, Exchange exchange) throws InterruptedException {
        var reference = JsonSpans.find(request.params(), "ref");
        var type = reference.flatMap(ref -> JsonSpans.find(ref, "type")).flatMap(RawJson::string);
        boolean prompt = type.filter("ref/prompt"::equals).isPresent();
        var target = reference
                .flatMap(ref -> JsonSpans.find(ref, prompt ? "name" : "uri"))
                .flatMap(RawJson::string);
        if (target.isEmpty() || !(prompt || type.filter("ref/resource"::equals).isPresent())) {
            return McpReply.Failure.of(
                    ErrorCode.INVALID_PARAMS, "`ref` is a `ref/prompt` with `name` or a `ref/resource` with `uri`");
        }
        var kind = prompt ? Invocation.Kind.PROMPT_COMPLETION : Invocation.Kind.RESOURCE_COMPLETION;
        var reply = call(caller, request, kind, target.get(), exchange);
        return reply instanceof McpReply.Failure failure && failure.code() == ErrorCode.METHOD_NOT_FOUND
                ? McpReply.Result.of(JsonObject.of("completion", JsonObject.of("values", JsonArray.EMPTY)))
                : reply;
    }

    /// One page. What upstreams list is held here whole; the cursor says after which place this caller goes
    /// on.
    private McpReply list(Principal principal, McpRequest request, String kind) {
        Optional<String> cursor;
        try {
            cursor = ((JsonObject) request.params().parse(JsonLimits.REQUEST))
                    .string("cursor")
                    .filter(text -> !text.isEmpty());
        } catch (InvalidJson | ClassCastException invalid) {
            return McpReply.Failure.of(ErrorCode.INVALID_PARAMS, "the params are not an object");
        }
        var list = upstream.orElse("") + "/" + kind;
        var start = cursor.isEmpty() ? Optional.of("") : cursors.place(principal.key(), list, cursor.get());
        if (start.isEmpty()) {
            return McpReply.Failure.of(ErrorCode.INVALID_PARAMS, "invalid cursor");
        }
        var rest = listings.listed(principal, kind, upstream).stream()
                .filter(entry -> entry.place().compareTo(start.get()) > 0)
                .toList();
        var page = rest.subList(0, Math.min(PAGE, rest.size()));
        var body = JsonObject.of(
                kind, JsonArray.ofAll(page.stream().map(Listings.Listed::entry).toList()));
        if (rest.size() > PAGE) {
            body = body.with(
                    "nextCursor",
                    cursors.after(principal.key(), list, page.getLast().place()));
        }
        return new McpReply.Result(RawJson.of(body), JsonObject.EMPTY, Optional.of(McpReply.CacheHint.PRIVATE));
    }

    private static String bounded(String text) {
        var clean = UNUSUAL.matcher(text).replaceAll("?");
        return clean.length() > 100 ? clean.substring(0, 100) : clean;
    }
}

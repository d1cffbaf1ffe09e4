package mistmcp.mcp.server;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mistmcp.json.InvalidJson;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonSchema;
import mistmcp.json.JsonValue;
import mistmcp.json.RawJson;
import mistmcp.jsonrpc.ErrorCode;
import mistmcp.mcp.ArgumentCheck;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.McpReply;
import mistmcp.mcp.McpRequest;
import mistmcp.mcp.ParamHeaders;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Serves the tools, resources and prompts that it was handed, in the order that it was handed them.
/// Arguments are checked against the input schema before a tool sees them. Safe for several threads, as far
/// as what it was handed is.
///
/// @param <C> who calls, as the process knows it
public final class Toolbox<C> implements McpService<C> {
    private static final Logger LOG = LoggerFactory.getLogger(Toolbox.class);

    private final Contents<C> contents;
    private final Map<String, Ready<C>> tools = new LinkedHashMap<>();
    private final Map<String, Prompt<C>> prompts = new LinkedHashMap<>();

    /// A tool with its schemas made ready.
    private record Ready<C>(Tool<C> tool, ArgumentCheck input, Optional<JsonSchema> output, ParamHeaders headers) {}

    /// What is served.
    ///
    /// @param serverInfo     `{name, title, version}`
    /// @param instructions   how to use this server, for the model; may be empty
    /// @param maxResultBytes how long a result may be; a longer one becomes the error `result_too_large`
    public record Contents<C>(
            JsonObject serverInfo,
            String instructions,
            List<Tool<C>> tools,
            List<Resource<C>> resources,
            List<Prompt<C>> prompts,
            int maxResultBytes) {
        /// Copies the lists given.
        public Contents {
            tools = List.copyOf(tools);
            resources = List.copyOf(resources);
            prompts = List.copyOf(prompts);
        }
    }

    /// A service for these contents.
    ///
    /// @throws IllegalArgumentException when a schema is no usable schema, or a name is given twice
    public Toolbox(Contents<C> contents) {
        this.contents = contents;
        for (var tool : contents.tools()) {
            var definition = tool.definition();
            var output = definition.definition().object("outputSchema").map(JsonSchema::compile);
            once(
                    tools.put(
                            definition.name(),
                            new Ready<>(
                                    tool,
                                    new ArgumentCheck(definition.inputSchema()),
                                    output,
                                    headers(definition.inputSchema()))),
                    definition.name());
        }
        for (var prompt : contents.prompts()) {
            var name = prompt.definition().string("name").orElseThrow();
            once(prompts.put(name, prompt), name);
        }
    }

    private static ParamHeaders headers(JsonObject inputSchema) {
        try {
            return ParamHeaders.of(inputSchema);
        } catch (ParamHeaders.Unusable unusable) {
            throw new IllegalArgumentException("`x-mcp-header` is not used as it may be", unusable);
        }
    }

    private static void once(@org.jspecify.annotations.Nullable Object before, String name) {
        if (before != null) {
            throw new IllegalArgumentException("`" + name + "` is handed in twice");
        }
    }

    @Override
    public JsonObject serverInfo() {
        return contents.serverInfo();
    }

    @Override
    public String instructions(C caller) {
        return contents.instructions();
    }

    @Override
    public JsonObject capabilities(C caller) {
        var offered = JsonObject.EMPTY;
        if (!tools.isEmpty()) {
            offered = offered.with("tools", JsonObject.EMPTY);
        }
        if (!contents.resources().isEmpty()) {
            offered = offered.with("resources", JsonObject.EMPTY);
        }
        return prompts.isEmpty() ? offered : offered.with("prompts", JsonObject.EMPTY);
    }

    @Override
    public ParamHeaders paramHeaders(C caller, String tool) {
        return Optional.ofNullable(tools.get(tool)).map(Ready::headers).orElse(ParamHeaders.NONE);
    }

    @Override
    public McpReply handle(C caller, McpRequest request, Exchange exchange) throws InterruptedException {
        return switch (request.method()) {
            case "tools/list" ->
                list(
                        request,
                        "tools",
                        tools.values().stream()
                                .map(ready -> ready.tool().definition().definition())
                                .toList());
            case "tools/call" -> call(caller, request, exchange);
            case "resources/list" -> list(request, "resources", resources("uri"));
            case "resources/templates/list" -> list(request, "resourceTemplates", resources("uriTemplate"));
            case "resources/read" -> read(caller, request);
            case "prompts/list" ->
                list(
                        request,
                        "prompts",
                        contents.prompts().stream().map(Prompt::definition).toList());
            case "prompts/get" -> prompt(caller, request, exchange);
            default -> McpReply.Failure.of(ErrorCode.METHOD_NOT_FOUND, "unknown method");
        };
    }

    /// All is on one page, so that no cursor is ever ours.
    private static McpReply list(McpRequest request, String member, List<JsonObject> entries) {
        return mistmcp.json.JsonSpans.find(request.params(), "cursor").isPresent()
                ? McpReply.Failure.of(ErrorCode.INVALID_PARAMS, "unknown cursor")
                : McpReply.Result.of(JsonObject.of(member, JsonArray.ofAll(entries)));
    }

    private List<JsonObject> resources(String member) {
        return contents.resources().stream()
                .map(Resource::definition)
                .filter(definition -> definition.has(member))
                .toList();
    }

    private McpReply call(C caller, McpRequest request, Exchange exchange) throws InterruptedException {
        var ready = request.target().flatMap(name -> Optional.ofNullable(tools.get(name)));
        if (ready.isEmpty()) {
            return McpReply.Failure.unknown("tool");
        }
        JsonValue arguments;
        try {
            arguments = arguments(request);
        } catch (InvalidJson invalid) {
            return bounded(ToolResult.failed("invalid_arguments", invalid.getMessage()));
        }
        var refused = ready.get().input().refuse(arguments);
        if (refused.isPresent() || !(arguments instanceof JsonObject object)) {
            return bounded(ToolResult.refused(refused.orElseThrow().toJson()));
        }
        var result = ready.get().tool().call(caller, object, exchange);
        return bounded(checked(ready.get(), result));
    }

    private static JsonValue arguments(McpRequest request) {
        return request.arguments().isEmpty()
                ? JsonObject.EMPTY
                : request.arguments().get().parse(JsonLimits.TRUSTED);
    }

    private ToolResult checked(Ready<C> ready, ToolResult result) {
        if (result.isError() || ready.output().isEmpty()) {
            return result;
        }
        var faults = ready.output().get().faults(result.structured());
        if (faults.isEmpty()) {
            return result;
        }
        LOG.error(
                "result breaks its schema tool={} faults={}",
                ready.tool().definition().name(),
                faults);
        return ToolResult.failed(
                "result_invalid", "the tool's result breaks its own schema; the server's log says how");
    }

    private McpReply bounded(ToolResult result) {
        var bytes = Json.bytes(result.toJson());
        if (bytes.length <= contents.maxResultBytes()) {
            return new McpReply.Result(RawJson.of(bytes), JsonObject.EMPTY, Optional.empty());
        }
        return McpReply.Result.of(ToolResult.failed(
                        "result_too_large",
                        "the result has " + bytes.length + " bytes, more than " + contents.maxResultBytes()
                                + ": ask for less, with a `limit` or a filter")
                .toJson());
    }

    private McpReply read(C caller, McpRequest request) throws InterruptedException {
        var uri = request.target();
        if (uri.isEmpty()) {
            return McpReply.Failure.of(ErrorCode.INVALID_PARAMS, "expected `uri` to be a string");
        }
        for (var resource : contents.resources()) {
            var found = resource.read(caller, uri.get());
            if (found.isPresent()) {
                return McpReply.Result.of(JsonObject.of("contents", JsonArray.of(found.get())));
            }
        }
        return new McpReply.Failure(
                ErrorCode.RESOURCE_NOT_FOUND, "unknown resource", Optional.of(JsonObject.of("uri", uri.get())));
    }

    private McpReply prompt(C caller, McpRequest request, Exchange exchange) throws InterruptedException {
        var prompt = request.target().flatMap(name -> Optional.ofNullable(prompts.get(name)));
        if (prompt.isEmpty()) {
            return McpReply.Failure.unknown("prompt");
        }
        try {
            if (!(arguments(request) instanceof JsonObject arguments)) {
                return McpReply.Failure.of(ErrorCode.INVALID_PARAMS, "expected `arguments` to be an object");
            }
            var missing = missing(prompt.get().definition(), arguments);
            return missing.isEmpty()
                    ? McpReply.Result.of(prompt.get().get(caller, arguments, exchange))
                    : McpReply.Failure.of(ErrorCode.INVALID_PARAMS, "missing argument `" + missing.get() + "`");
        } catch (InvalidJson invalid) {
            return McpReply.Failure.of(ErrorCode.INVALID_PARAMS, invalid.getMessage());
        }
    }

    private static Optional<String> missing(JsonObject definition, JsonObject arguments) {
        return definition.array("arguments").orElse(JsonArray.EMPTY).objects().stream()
                .filter(argument -> argument.bool("required").orElse(false))
                .flatMap(argument -> argument.string("name").stream())
                .filter(name -> !arguments.has(name))
                .findFirst();
    }
}

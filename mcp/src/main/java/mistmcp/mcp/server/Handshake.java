package mistmcp.mcp.server;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonSpans;
import mistmcp.json.RawJson;
import mistmcp.json.RawObject;
import mistmcp.jsonrpc.ErrorCode;
import mistmcp.mcp.McpReply;
import mistmcp.mcp.McpRequest;
import mistmcp.mcp.Revision;

/// The requests that the wire answers itself: `initialize`, `ping`, `logging/setLevel` and resource
/// subscriptions of the legacy era, `server/discover` of the modern one.
///
/// @param <C> who calls, as the process knows it
final class Handshake<C> {
    private static final int MAX_CLIENT_BYTES = 16 << 10;
    private static final Set<String> LEVELS =
            Set.of("debug", "info", "notice", "warning", "error", "critical", "alert", "emergency");
    private static final Map<String, List<String>> ASKED =
            Map.of("elicitation", List.of("form", "url"), "sampling", List.of("tools", "context"), "roots", List.of());
    private static final McpReply NOTHING = McpReply.Result.of(JsonObject.EMPTY);

    private final McpService<C> service;

    Handshake(McpService<C> service) {
        this.service = service;
    }

    /// What a legacy caller says of itself.
    record Hello(Revision revision, JsonObject clientInfo, JsonObject clientCapabilities) {}

    /// A caller of a revision that is not served gets the newest legacy one, and may go away.
    Hello hello(RawObject params) {
        var revision = params.string("protocolVersion")
                .flatMap(Revision::of)
                .filter(asked -> !asked.modern())
                .orElse(Revision.V2025_11_25);
        return new Hello(revision, known(small(params, "clientInfo")), askable(small(params, "capabilities")));
    }

    /// What is kept of a session costs memory for as long as it lives: name and version, cut.
    private static JsonObject known(JsonObject clientInfo) {
        var kept = JsonObject.EMPTY;
        for (var name : List.of("name", "version")) {
            kept = kept.withPresent(
                    name, clientInfo.string(name).map(text -> text.substring(0, Math.min(text.length(), 100))));
        }
        return kept;
    }

    /// Of the capabilities, those that a caller can be asked by.
    private static JsonObject askable(JsonObject capabilities) {
        var kept = JsonObject.EMPTY;
        for (var asked : ASKED.entrySet()) {
            var declared = capabilities.object(asked.getKey());
            if (declared.isPresent()) {
                var parts = JsonObject.EMPTY;
                for (var part : asked.getValue()) {
                    parts = parts.withPresent(part, declared.get().object(part).map(_ -> JsonObject.EMPTY));
                }
                kept = kept.with(asked.getKey(), parts);
            }
        }
        return kept;
    }

    /// The result of `initialize`.
    JsonObject welcome(Hello hello, C caller, boolean sessions) {
        var capabilities = service.capabilities(caller);
        if (sessions && !capabilities.has("logging")) {
            capabilities = capabilities.with("logging", JsonObject.EMPTY);
        }
        var welcome = JsonObject.of(
                "protocolVersion", hello.revision().text(),
                "capabilities", sessions ? capabilities : withoutStreams(capabilities),
                "serverInfo", service.serverInfo());
        var instructions = service.instructions(caller);
        return instructions.isEmpty() ? welcome : welcome.with("instructions", instructions);
    }

    /// The answer to a legacy request that is the wire's own.
    Optional<McpReply> legacy(McpRequest request, Optional<Session> session, C caller) throws InterruptedException {
        return switch (request.method()) {
            case "ping" -> Optional.of(NOTHING);
            case "logging/setLevel" -> Optional.of(setLevel(request, session));
            case "resources/subscribe", "resources/unsubscribe" -> Optional.of(subscribe(request, session, caller));
            case "server/discover", "subscriptions/listen" -> Optional.of(unknown());
            default -> Optional.empty();
        };
    }

    /// The answer to a modern request that is the wire's own.
    Optional<McpReply> modern(McpRequest request, C caller) {
        return switch (request.method()) {
            case "server/discover" -> Optional.of(discover(caller));
            case "initialize", "ping", "logging/setLevel", "resources/subscribe", "resources/unsubscribe" ->
                Optional.of(unknown());
            default -> Optional.empty();
        };
    }

    private McpReply discover(C caller) {
        var instructions = service.instructions(caller);
        var result = JsonObject.of(
                "supportedVersions",
                JsonArray.ofAll(Revision.served()),
                "capabilities",
                service.capabilities(caller).with("logging", JsonObject.EMPTY));
        return new McpReply.Result(
                RawJson.of(instructions.isEmpty() ? result : result.with("instructions", instructions)),
                JsonObject.EMPTY,
                Optional.of(McpReply.CacheHint.PRIVATE));
    }

    private static McpReply setLevel(McpRequest request, Optional<Session> session) {
        var level = JsonSpans.find(request.params(), "level").flatMap(RawJson::string);
        if (level.filter(LEVELS::contains).isEmpty()) {
            return McpReply.Failure.of(ErrorCode.INVALID_PARAMS, "expected `level` to be a log level");
        }
        session.ifPresent(open -> open.logLevel(level.get()));
        return NOTHING;
    }

    private McpReply subscribe(McpRequest request, Optional<Session> session, C caller) throws InterruptedException {
        if (session.isEmpty() || request.target().isEmpty()) {
            return session.isEmpty()
                    ? unknown()
                    : McpReply.Failure.of(ErrorCode.INVALID_PARAMS, "expected `uri` to be a string");
        }
        var uri = request.target().get();
        if (request.method().equals("resources/unsubscribe")) {
            session.get().unsubscribe(uri);
            return NOTHING;
        }
        var uris = session.get().subscriptions();
        if (uris.size() >= Listeners.MAX_URIS && !uris.contains(uri)) {
            return McpReply.Failure.of(
                    ErrorCode.INVALID_PARAMS, "too many subscriptions: at most " + Listeners.MAX_URIS);
        }
        var taken = service.subscribe(caller, request, Set.of(uri)).get(uri);
        return switch (taken == null ? new Subscribed.Refused(McpReply.Failure.unknown("resource")) : taken) {
            case Subscribed.Honoured honoured -> {
                session.get().subscribe(uri, honoured.end());
                yield NOTHING;
            }
            case Subscribed.Refused refused -> refused.failure();
        };
    }

    /// Without MCP sessions there is no stream on which a change could be told.
    private static JsonObject withoutStreams(JsonObject capabilities) {
        var kept = capabilities.without("logging");
        for (var name : Set.of("tools", "resources", "prompts")) {
            kept = kept.withPresent(
                    name, capabilities.object(name).map(offer -> offer.without("listChanged", "subscribe")));
        }
        return kept;
    }

    private static McpReply unknown() {
        return McpReply.Failure.of(ErrorCode.METHOD_NOT_FOUND, "unknown method");
    }

    private static JsonObject small(RawObject params, String member) {
        return params.get(member)
                .filter(value -> value.length() <= MAX_CLIENT_BYTES)
                .flatMap(_ -> params.object(member))
                .orElse(JsonObject.EMPTY);
    }
}

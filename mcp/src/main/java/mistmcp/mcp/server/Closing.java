package mistmcp.mcp.server;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import mistmcp.json.JsonNumber;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonSpans;
import mistmcp.json.JsonString;
import mistmcp.json.RawJson;
import mistmcp.jsonrpc.ErrorCode;
import mistmcp.jsonrpc.Messages;
import mistmcp.mcp.McpReply;
import mistmcp.mcp.MetaKeys;
import mistmcp.mcp.ResultStream;
import mistmcp.mcp.Revision;

/// Puts the last touch to an answer for its era. What the result's maker wrote stays as it is, to the byte;
/// members are only added, or set inside `_meta`. Stateless.
final class Closing {
    private static final Set<String> CACHED =
            Set.of("tools/list", "resources/list", "resources/templates/list", "resources/read", "prompts/list");

    private static final RawJson COMPLETE = RawJson.of(new JsonString("complete"));

    private Closing() {}

    /// An answer that is ready to leave.
    ///
    /// @param status the HTTP status, where there is HTTP
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Answer(int status, byte[] message) {}

    /// A whole answer.
    static Answer of(RawJson id, Revision revision, String method, JsonObject serverInfo, McpReply.Whole reply) {
        return switch (reply) {
            case McpReply.Result result ->
                new Answer(200, Messages.success(id, body(revision, method, serverInfo, result)));
            case McpReply.Failure failure ->
                new Answer(
                        revision.modern() ? status(failure.code()) : 200,
                        Messages.failure(Optional.of(id), code(revision, failure), failure.message(), failure.data()));
        };
    }

    /// What is set in a result that is relayed as it comes.
    static Map<String, ResultStream.Setting> settings(
            Revision revision, String method, JsonObject serverInfo, McpReply.Streamed reply) {
        var set = new LinkedHashMap<String, ResultStream.Setting>();
        if (revision.modern()) {
            set.put("resultType", present -> present.orElse(COMPLETE));
        }
        cached(revision, method, reply.cache()).forEach((name, value) -> set.put(name, _ -> value));
        var meta = meta(revision, reply.meta(), serverInfo);
        if (!meta.isEmpty()) {
            set.put("_meta", present -> merged(present, meta));
        }
        return set;
    }

    private static int status(int code) {
        return switch (code) {
            case ErrorCode.METHOD_NOT_FOUND -> 404;
            case ErrorCode.HEADER_MISMATCH,
                    ErrorCode.MISSING_CLIENT_CAPABILITY,
                    ErrorCode.UNSUPPORTED_PROTOCOL_VERSION -> 400;
            default -> 200;
        };
    }

    /// The modern era has one code for what is not there.
    private static int code(Revision revision, McpReply.Failure failure) {
        return revision.modern() && failure.code() == ErrorCode.RESOURCE_NOT_FOUND
                ? ErrorCode.INVALID_PARAMS
                : failure.code();
    }

    private static RawJson body(Revision revision, String method, JsonObject serverInfo, McpReply.Result result) {
        var body = result.object();
        var first = new LinkedHashMap<String, RawJson>();
        if (revision.modern() && body.get("resultType").isEmpty()) {
            // Whoever relays it has to know it before the rest.
            first.put("resultType", COMPLETE);
        }
        var set = cached(revision, method, result.cache());
        var meta = meta(revision, result.meta(), serverInfo);
        if (!meta.isEmpty()) {
            set.put("_meta", merged(body.get("_meta"), meta));
        }
        return JsonSpans.set(body, first, set);
    }

    private static JsonObject meta(Revision revision, JsonObject meta, JsonObject serverInfo) {
        return revision.modern() ? meta.with(MetaKeys.SERVER_INFO, serverInfo) : meta;
    }

    private static Map<String, RawJson> cached(Revision revision, String method, Optional<McpReply.CacheHint> given) {
        var set = new LinkedHashMap<String, RawJson>();
        if (revision.modern()) {
            given.or(() -> CACHED.contains(method) ? Optional.of(McpReply.CacheHint.PRIVATE) : Optional.empty())
                    .ifPresent(hint -> {
                        set.put("ttlMs", RawJson.of(JsonNumber.of(hint.ttlMs())));
                        set.put("cacheScope", RawJson.of(new JsonString(hint.sharedByAll() ? "public" : "private")));
                    });
        }
        return set;
    }

    private static RawJson merged(Optional<RawJson> present, JsonObject meta) {
        var members = new LinkedHashMap<String, RawJson>();
        meta.members().forEach((name, value) -> members.put(name, RawJson.of(value)));
        return JsonSpans.set(present.filter(RawJson::isObject).orElse(RawJson.EMPTY_OBJECT), members);
    }
}

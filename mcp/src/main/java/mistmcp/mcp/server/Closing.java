package mistmcp.mcp.server;

import java.util.LinkedHashMap;
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
import mistmcp.mcp.Revision;

/// Puts the last touch to an answer for its era. What the result's maker wrote stays as it is, to the byte;
/// members are only added, or set inside `_meta`. Stateless.
final class Closing {
    private static final Set<String> CACHED =
            Set.of("tools/list", "resources/list", "resources/templates/list", "resources/read", "prompts/list");

    private Closing() {}

    /// A whole answer.
    ///
    /// @param status the HTTP status, where there is HTTP
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Answer(int status, byte[] message) {}

    static Answer of(RawJson id, Revision revision, String method, JsonObject serverInfo, McpReply reply) {
        return switch (reply) {
            case McpReply.Result result ->
                new Answer(200, Messages.success(id, body(revision, method, serverInfo, result)));
            case McpReply.Failure failure ->
                new Answer(
                        revision.modern() ? status(failure.code()) : 200,
                        Messages.failure(Optional.of(id), code(revision, failure), failure.message(), failure.data()));
        };
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
        var set = new LinkedHashMap<String, RawJson>();
        var meta = result.meta();
        if (revision.modern()) {
            meta = meta.with(MetaKeys.SERVER_INFO, serverInfo);
            if (body.get("resultType").isEmpty()) {
                set.put("resultType", RawJson.of(new JsonString("complete")));
            }
            cache(method, result).ifPresent(hint -> {
                set.put("ttlMs", RawJson.of(JsonNumber.of(hint.ttlMs())));
                set.put("cacheScope", RawJson.of(new JsonString(hint.sharedByAll() ? "public" : "private")));
            });
        }
        if (!meta.isEmpty()) {
            set.put("_meta", merged(body.get("_meta"), meta));
        }
        return JsonSpans.set(body, set);
    }

    private static Optional<McpReply.CacheHint> cache(String method, McpReply.Result result) {
        return result.cache()
                .or(() -> CACHED.contains(method) ? Optional.of(McpReply.CacheHint.PRIVATE) : Optional.empty());
    }

    private static RawJson merged(Optional<RawJson> present, JsonObject meta) {
        var members = new LinkedHashMap<String, RawJson>();
        meta.members().forEach((name, value) -> members.put(name, RawJson.of(value)));
        return JsonSpans.set(present.filter(RawJson::isObject).orElse(RawJson.EMPTY_OBJECT), members);
    }
}

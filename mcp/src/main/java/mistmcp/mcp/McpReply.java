package mistmcp.mcp;

import java.util.Optional;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonSpans;
import mistmcp.json.JsonValue;
import mistmcp.json.RawJson;
import mistmcp.json.RawObject;
import mistmcp.jsonrpc.ErrorCode;

/// How a request is answered: a result, at hand or still on its way, or a JSON-RPC error.
public sealed interface McpReply {
    /// An answer that is at hand.
    sealed interface Whole extends McpReply {}

    /// The answer when all of it is here; of one that breaks off on its way, an error.
    default Whole whole() {
        return switch (this) {
            case Whole here -> here;
            case Streamed streamed -> {
                try {
                    yield new Result(streamed.stream().whole(), streamed.meta(), streamed.cache());
                } catch (ResultStream.BrokenOff broken) {
                    yield Failure.of(ErrorCode.INTERNAL_ERROR, String.valueOf(broken.getMessage()));
                }
            }
        };
    }

    /// A large result that is still on its way.
    ///
    /// @param meta  as of a [Result]
    /// @param cache as of a [Result]
    record Streamed(ResultStream stream, JsonObject meta, Optional<CacheHint> cache) implements McpReply {}

    /// A result.
    ///
    /// @param object the result object, to the byte as its maker wrote it
    /// @param meta   members to set in the result's `_meta` on the way out; all else stays untouched
    /// @param cache  how long the result holds; lists and resources carry it in the modern era
    record Result(RawObject object, JsonObject meta, Optional<CacheHint> cache) implements Whole {
        /// A result whose members are not known yet; the bytes are known to be valid JSON.
        public Result(RawJson body, JsonObject meta, Optional<CacheHint> cache) {
            this(new RawObject(body, JsonSpans.known(body)), meta, cache);
        }

        /// A result of ours.
        public static Result of(JsonObject body) {
            return new Result(RawJson.of(body), JsonObject.EMPTY, Optional.empty());
        }

        /// The bytes of the result object.
        public RawJson body() {
            return object.raw();
        }
    }

    /// A JSON-RPC error.
    record Failure(int code, String message, Optional<JsonValue> data) implements Whole {
        /// An error without data.
        public static Failure of(int code, String message) {
            return new Failure(code, message, Optional.empty());
        }

        /// The one answer for every tool, prompt or resource that is unknown, hidden from the caller, or held
        /// back.
        public static Failure unknown(String kind) {
            return of(ErrorCode.INVALID_PARAMS, "unknown " + kind);
        }
    }

    /// How long a result may be kept and by whom (2026-07-28, SEP-2549).
    ///
    /// @param ttlMs         milliseconds, 0 or more
    /// @param sharedByAll   `public` when true, else `private`: bound to this caller's authorization
    record CacheHint(long ttlMs, boolean sharedByAll) {
        /// Do not keep; this caller only.
        public static final CacheHint PRIVATE = new CacheHint(0, false);
    }
}

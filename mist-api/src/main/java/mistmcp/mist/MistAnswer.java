package mistmcp.mist;

import java.util.List;
import java.util.Optional;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonNull;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonValue;

/// How one read of the Mist API ended.
public sealed interface MistAnswer {
    /// A body came.
    ///
    /// @param body  what Mist sent; JSON `null` for an empty body
    /// @param total `X-Page-Total`, where Mist sends it
    record Read(JsonValue body, Optional<Long> total) implements MistAnswer {
        /// The body as an object; Mist's `null` is an empty one.
        ///
        /// @throws MistFailed when it is neither
        public JsonObject object() {
            return switch (body) {
                case JsonObject object -> object;
                case JsonNull _ -> JsonObject.EMPTY;
                default -> throw new MistFailed(new MistFault.Garbage("expected an object"));
            };
        }

        /// The objects of a bare array, or of the `results` of a search; Mist's `null` is an empty list.
        ///
        /// @throws MistFailed when the body is of another shape
        public List<JsonObject> rows() {
            return switch (body) {
                case JsonArray array -> array.objects();
                case JsonNull _ -> List.of();
                case JsonObject search
                when search.has("results") ->
                    search.array("results").orElse(JsonArray.EMPTY).objects();
                default -> throw new MistFailed(new MistFault.Garbage("expected a list"));
            };
        }
    }

    /// No body came, or none that can be used.
    record Failed(MistFault fault) implements MistAnswer {}

    /// The answer read.
    ///
    /// @throws MistFailed when it failed
    default Read orThrow() {
        return switch (this) {
            case Read read -> read;
            case Failed failed -> throw new MistFailed(failed.fault());
        };
    }
}

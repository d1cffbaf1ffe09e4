package mistmcp.json;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// A JSON Pointer (RFC 6901): `/port_config/ge-0~10~10/usage`.
public record JsonPointer(List<String> segments) {
    /// The pointer to the whole value.
    public static final JsonPointer ROOT = new JsonPointer(List.of());

    /// Copies the list given.
    public JsonPointer {
        segments = List.copyOf(segments);
    }

    /// Reads a pointer; empty when it is neither empty nor begins with `/`.
    public static Optional<JsonPointer> parse(String text) {
        if (text.isEmpty()) {
            return Optional.of(ROOT);
        }
        if (!text.startsWith("/")) {
            return Optional.empty();
        }
        return Optional.of(new JsonPointer(Arrays.stream(text.substring(1).split("/", -1))
                .map(segment -> segment.replace("~1", "/").replace("~0", "~"))
                .toList()));
    }

    /// The pointer to a member or element of what this one points to.
    public JsonPointer child(String segment) {
        var longer = new java.util.ArrayList<>(segments);
        longer.add(segment);
        return new JsonPointer(longer);
    }

    /// What the pointer finds in a value.
    public Optional<JsonValue> find(JsonValue root) {
        Optional<JsonValue> found = Optional.of(root);
        for (var segment : segments) {
            found = found.flatMap(value -> switch (value) {
                case JsonObject object -> object.get(segment);
                case JsonArray array -> element(array, segment);
                default -> Optional.<JsonValue>empty();
            });
        }
        return found;
    }

    private static Optional<JsonValue> element(JsonArray array, String segment) {
        if (!segment.matches("0|[1-9][0-9]{0,8}")) {
            return Optional.empty();
        }
        int index = Integer.parseInt(segment);
        return index < array.size() ? Optional.of(array.get(index)) : Optional.empty();
    }

    @Override
    public String toString() {
        var out = new StringBuilder();
        segments.forEach(
                segment -> out.append('/').append(segment.replace("~", "~0").replace("/", "~1")));
        return out.toString();
    }
}

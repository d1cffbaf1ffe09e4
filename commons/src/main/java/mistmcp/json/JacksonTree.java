package mistmcp.json;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// A value as the tree that the schema library takes, without going through its text.
final class JacksonTree {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int MAX_DIGITS = 18;

    private JacksonTree() {}

    /// The tree; empty for a value with a number that is no plain whole one, whose form is the library's to
    /// choose.
    static Optional<JsonNode> of(JsonValue value) {
        return Optional.ofNullable(node(value));
    }

    private static @Nullable JsonNode node(JsonValue value) {
        return switch (value) {
            case JsonObject object -> object(object);
            case JsonArray array -> array(array);
            case JsonString string -> NODES.stringNode(string.value());
            case JsonNumber number -> number(number.text());
            case JsonBoolean bool -> NODES.booleanNode(bool.value());
            case JsonNull _ -> NODES.nullNode();
        };
    }

    private static @Nullable JsonNode object(JsonObject object) {
        var node = NODES.objectNode();
        for (var member : object.members().entrySet()) {
            var child = node(member.getValue());
            if (child == null) {
                return null;
            }
            node.set(member.getKey(), child);
        }
        return node;
    }

    private static @Nullable JsonNode array(JsonArray array) {
        var node = NODES.arrayNode(array.size());
        for (var element : array) {
            var child = node(element);
            if (child == null) {
                return null;
            }
            node.add(child);
        }
        return node;
    }

    private static @Nullable JsonNode number(String text) {
        int from = text.charAt(0) == '-' ? 1 : 0;
        if (text.length() - from > MAX_DIGITS) {
            return null;
        }
        for (int i = from; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return null;
            }
        }
        long whole = Long.parseLong(text);
        return whole == (int) whole ? NODES.numberNode((int) whole) : NODES.numberNode(whole);
    }
}

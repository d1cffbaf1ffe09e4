package mistmcp.gateway.auth;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonPointer;
import mistmcp.json.JsonString;
import mistmcp.json.JsonValue;

/// Where in a token's claims something stands. Tried in this order: the text as the name of a top-level claim
/// (which covers names that are URLs), as a JSON Pointer (`/resource_access/my.client/roles`), as a dotted
/// path (`realm_access.roles`).
record ClaimPath(String text) {
    Optional<JsonValue> find(JsonObject claims) {
        var literal = claims.get(text);
        if (literal.isPresent()) {
            return literal;
        }
        if (text.startsWith("/")) {
            return JsonPointer.parse(text).flatMap(pointer -> pointer.find(claims));
        }
        return text.contains(".") ? new JsonPointer(List.of(text.split("\\.", -1))).find(claims) : Optional.empty();
    }

    /// The values that stand there: of an array of strings, of an array of objects (the first of `name`,
    /// `value` and `id` that each has), of one string, which is split at blanks only where the claim is a
    /// scope.
    List<String> values(JsonObject claims) {
        return find(claims).map(this::values).orElse(List.of());
    }

    /// The first step of the path, for telling which top-level claim is meant.
    String topLevel() {
        var steps = text.startsWith("/") ? text.substring(1).split("/", 2) : text.split("\\.", 2);
        return steps[0];
    }

    private List<String> values(JsonValue value) {
        return switch (value) {
            case JsonString string
            when scopeLike() -> List.of(string.value().strip().split(" +"));
            case JsonString string -> List.of(string.value());
            case JsonArray array -> elements(array);
            default -> List.of();
        };
    }

    private static List<String> elements(JsonArray array) {
        var values = new ArrayList<String>();
        for (var element : array) {
            switch (element) {
                case JsonString string -> values.add(string.value());
                case JsonObject object ->
                    object.string("name")
                            .or(() -> object.string("value"))
                            .or(() -> object.string("id"))
                            .ifPresent(values::add);
                default -> {
                    // A number or a list is no role's name.
                }
            }
        }
        return values;
    }

    /// Whether the claim is named as scopes are, by the last step of its path.
    private boolean scopeLike() {
        var steps = text.split("[/.:]");
        var last = steps.length == 0 ? text : steps[steps.length - 1];
        return last.equals("scp") || last.equals("scope") || last.equals("scopes");
    }
}

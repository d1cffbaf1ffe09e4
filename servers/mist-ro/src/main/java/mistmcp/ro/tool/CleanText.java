package mistmcp.ro.tool;

import java.util.LinkedHashMap;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonString;
import mistmcp.json.JsonValue;
import mistmcp.mist.UntrustedText;

/// Cleans all text of a whole tree, the names of members included.
final class CleanText {
    private CleanText() {}

    static JsonValue of(JsonValue value) {
        return switch (value) {
            case JsonString text -> new JsonString(UntrustedText.clean(text.value()));
            case JsonArray array ->
                new JsonArray(array.stream().map(CleanText::of).toList());
            case JsonObject object -> {
                var members = new LinkedHashMap<String, JsonValue>();
                object.members().forEach((name, member) -> members.put(UntrustedText.clean(name), of(member)));
                yield new JsonObject(members);
            }
            default -> value;
        };
    }
}

package mistmcp.gateway.change;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonPointer;
import mistmcp.json.JsonString;
import mistmcp.json.JsonValue;

/// A plan for a reader with little room, as a model: long lists and texts are cut, and what was cut is
/// counted. What is approved and sent stays whole; the digests are over all of it.
final class Brief {
    private static final int MOST_ENTRIES = 20;
    private static final int MOST_MEMBERS = 100;
    private static final int MOST_CHARS = 2_000;

    private final List<JsonObject> cuts = new ArrayList<>();

    private Brief() {}

    /// The plan cut, with `cut`: `{at, shown, total}` for each list or text that was cut; the plan itself
    /// when nothing was.
    static JsonObject of(JsonObject plan) {
        var brief = new Brief();
        var shown = (JsonObject) brief.value(plan, JsonPointer.ROOT);
        return brief.cuts.isEmpty() ? plan : shown.with("cut", JsonArray.ofAll(brief.cuts));
    }

    private JsonValue value(JsonValue value, JsonPointer at) {
        return switch (value) {
            case JsonObject object -> {
                var members = new LinkedHashMap<String, JsonValue>();
                object.members().entrySet().stream()
                        .limit(MOST_MEMBERS)
                        .forEach(member ->
                                members.put(member.getKey(), value(member.getValue(), at.child(member.getKey()))));
                cut(at, members.size(), object.size());
                yield new JsonObject(members);
            }
            case JsonArray array -> {
                var shown = new ArrayList<JsonValue>();
                for (int i = 0; i < Math.min(MOST_ENTRIES, array.size()); i++) {
                    shown.add(value(array.get(i), at.child(Integer.toString(i))));
                }
                cut(at, shown.size(), array.size());
                yield new JsonArray(shown);
            }
            case JsonString text
            when text.value().length() > MOST_CHARS -> {
                cut(at, MOST_CHARS, text.value().length());
                yield new JsonString(start(text.value()) + "…");
            }
            default -> value;
        };
    }

    /// The beginning of a text; a character of two halves is not cut in two.
    private static String start(String text) {
        int end = Character.isHighSurrogate(text.charAt(MOST_CHARS - 1)) ? MOST_CHARS - 1 : MOST_CHARS;
        return text.substring(0, end);
    }

    private void cut(JsonPointer at, int shown, int total) {
        if (shown < total) {
            cuts.add(JsonObject.of("at", at.toString(), "shown", shown, "total", total));
        }
    }
}

package mistmcp.ro.prompt;

import java.util.Optional;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonString;

/// How prompts are put into words.
final class Wording {
    private static final int MOST_CHARS = 128;

    private Wording() {}

    /// An argument as a quoted value: what the caller gives stays data. Empty when it is absent or blank.
    static Optional<String> quoted(JsonObject arguments, String name) {
        return arguments
                .string(name)
                .map(text -> text.replaceAll("[\\p{C}\\p{Z}]+", " ").strip())
                .filter(text -> !text.isEmpty())
                .map(text -> text.length() > MOST_CHARS ? text.substring(0, MOST_CHARS) : text)
                .map(text -> Json.text(new JsonString(text)));
    }

    static JsonObject message(String description, String text) {
        return JsonObject.of(
                "description",
                description,
                "messages",
                JsonArray.of(JsonObject.of("role", "user", "content", JsonObject.of("type", "text", "text", text))));
    }

    static JsonObject argument(String name, String description, boolean required) {
        return JsonObject.of("name", name, "description", description, "required", required);
    }
}

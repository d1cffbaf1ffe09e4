package mistmcp.ro.resource;

import java.time.Duration;
import java.util.List;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonNumber;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonString;
import mistmcp.json.JsonValue;
import mistmcp.mist.UntrustedText;

/// What the resources share: how they are listed, and how JSON contents are made.
final class Contents {
    /// How long one read may take.
    static final Duration PATIENCE = Duration.ofSeconds(25);

    private static final String JSON = "application/json";

    private Contents() {}

    static JsonObject definition(String place, String uri, String name, String description) {
        return JsonObject.of(place, uri, "name", name, "description", description, "mimeType", JSON);
    }

    static JsonObject of(String uri, JsonObject json) {
        return JsonObject.of("uri", uri, "mimeType", JSON, "text", Json.text(json));
    }

    /// The members named, text cleaned, and of other values only numbers and booleans.
    static JsonObject pick(JsonObject from, List<String> names) {
        var picked = JsonObject.EMPTY;
        for (var name : names) {
            picked = picked.withPresent(name, from.get(name).flatMap(Contents::scalar));
        }
        return picked;
    }

    private static java.util.Optional<JsonValue> scalar(JsonValue value) {
        return switch (value) {
            case JsonString text -> java.util.Optional.of(new JsonString(UntrustedText.clean(text.value())));
            case JsonNumber number -> java.util.Optional.of(number);
            case mistmcp.json.JsonBoolean bool -> java.util.Optional.of(bool);
            case JsonArray _, JsonObject _, mistmcp.json.JsonNull _ -> java.util.Optional.empty();
        };
    }
}

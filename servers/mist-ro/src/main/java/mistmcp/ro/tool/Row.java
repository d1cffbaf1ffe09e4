package mistmcp.ro.tool;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonNull;
import mistmcp.json.JsonNumber;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonString;
import mistmcp.json.JsonValue;
import mistmcp.mist.Mac;
import mistmcp.mist.UntrustedText;

/// Makes one flat row of what Mist sent: text cleaned, MAC addresses in one form, times as ISO-8601, and
/// nothing for what is absent. Mist gives some values as a list whose last element is the newest: that one
/// counts.
final class Row {
    private final JsonObject from;
    private final Map<String, JsonValue> members = new LinkedHashMap<>();

    private Row(JsonObject from) {
        this.from = from;
    }

    static Row of(JsonObject from) {
        return new Row(from);
    }

    /// Sets a value as it is.
    Row set(String name, Object value) {
        members.put(name, Json.of(value));
        return this;
    }

    Row set(String name, Optional<?> value) {
        value.ifPresent(known -> set(name, known));
        return this;
    }

    /// Takes a scalar: text cleaned, numbers and booleans as they are.
    Row take(String name, String source) {
        value(from, source).flatMap(Row::scalar).ifPresent(value -> members.put(name, value));
        return this;
    }

    /// Takes the first of several sources that is there.
    Row takeFirst(String name, String... sources) {
        for (var source : sources) {
            if (!members.containsKey(name)) {
                take(name, source);
            }
        }
        return this;
    }

    Row mac(String name, String source) {
        return set(name, mac(from, source).map(Mac::withColons));
    }

    Row time(String name, String source) {
        return set(name, instant(from, source).map(Instant::toString));
    }

    JsonObject done() {
        return new JsonObject(members);
    }

    static Optional<Mac> mac(JsonObject from, String source) {
        return value(from, source)
                .filter(JsonString.class::isInstance)
                .flatMap(value -> Mac.of(((JsonString) value).value()));
    }

    /// Epoch seconds, which may have a fraction, as an instant of whole seconds.
    static Optional<Instant> instant(JsonObject from, String source) {
        return value(from, source)
                .filter(JsonNumber.class::isInstance)
                .map(value -> ((JsonNumber) value).asDouble())
                .filter(seconds -> seconds > 0 && seconds < 1e11)
                .map(seconds -> Instant.ofEpochMilli((long) (seconds * 1000)).truncatedTo(ChronoUnit.SECONDS));
    }

    private static Optional<JsonValue> value(JsonObject from, String source) {
        return from.get(source).flatMap(value -> switch (value) {
            case JsonNull _ -> Optional.<JsonValue>empty();
            case JsonArray array when array.isEmpty() -> Optional.<JsonValue>empty();
            case JsonArray array -> Optional.of(array.get(array.size() - 1));
            default -> Optional.of(value);
        });
    }

    private static Optional<JsonValue> scalar(JsonValue value) {
        return switch (value) {
            case JsonString text ->
                Optional.of(UntrustedText.clean(text.value()))
                        .filter(clean -> !clean.isEmpty())
                        .map(JsonString::new);
            case JsonObject _, JsonArray _, JsonNull _ -> Optional.empty();
            default -> Optional.of(value);
        };
    }
}

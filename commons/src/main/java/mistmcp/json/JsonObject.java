package mistmcp.json;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A JSON object that keeps the order of its members.
public record JsonObject(Map<String, JsonValue> members) implements JsonValue {
    /// The object without members.
    public static final JsonObject EMPTY = new JsonObject(Map.of());

    /// Copies the map given, order kept.
    public JsonObject {
        members = Members.kept(members);
    }

    /// An object of names and Java values in turn, each value as [Json#of] takes it.
    public static JsonObject of(@Nullable Object... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException("names and values must come in pairs");
        }
        var members = new Members<JsonValue>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            members.put(Objects.requireNonNull((String) namesAndValues[i]), Json.of(namesAndValues[i + 1]));
        }
        return new JsonObject(members);
    }

    /// The member's value, `null` included as [JsonNull].
    public Optional<JsonValue> get(String name) {
        return Optional.ofNullable(members.get(name));
    }

    /// Whether the member is there, be it `null`.
    public boolean has(String name) {
        return members.containsKey(name);
    }

    /// The member as a string; empty when it is absent or of another type.
    public Optional<String> string(String name) {
        return as(name, JsonString.class, JsonString::value);
    }

    /// The member as a long; empty when it is absent, of another type, not whole, or out of range.
    public Optional<Long> integer(String name) {
        return as(name, JsonNumber.class, Function.identity()).flatMap(JsonNumber::asLong);
    }

    /// The member as a double; empty when it is absent or of another type.
    public Optional<Double> number(String name) {
        return as(name, JsonNumber.class, JsonNumber::asDouble);
    }

    /// The member as a boolean; empty when it is absent or of another type.
    public Optional<Boolean> bool(String name) {
        return as(name, JsonBoolean.class, JsonBoolean::value);
    }

    /// The member as an object; empty when it is absent or of another type.
    public Optional<JsonObject> object(String name) {
        return as(name, JsonObject.class, Function.identity());
    }

    /// The member as an array; empty when it is absent or of another type.
    public Optional<JsonArray> array(String name) {
        return as(name, JsonArray.class, Function.identity());
    }

    /// The names in their order.
    public Set<String> names() {
        return members.keySet();
    }

    /// How many members there are.
    public int size() {
        return members.size();
    }

    /// Whether there is no member.
    public boolean isEmpty() {
        return members.isEmpty();
    }

    /// A copy with the member set, at its old place when there was one; the value as [Json#of] takes it.
    public JsonObject with(String name, @Nullable Object value) {
        var copy = new Members<>(members);
        copy.put(name, Json.of(value));
        return new JsonObject(copy);
    }

    /// A copy with the member set when the value is present, else this object.
    public JsonObject withPresent(String name, Optional<?> value) {
        return value.isPresent() ? with(name, value.get()) : this;
    }

    /// A copy with all members of the other object set.
    public JsonObject withAll(JsonObject other) {
        var copy = new Members<>(members);
        copy.putAll(other.members);
        return new JsonObject(copy);
    }

    /// A copy without the members named.
    public JsonObject without(String... names) {
        var copy = new Members<>(members);
        for (var name : names) {
            copy.remove(name);
        }
        return new JsonObject(copy);
    }

    private <T extends JsonValue, R> Optional<R> as(String name, Class<T> type, Function<T, R> read) {
        var value = members.get(name);
        return type.isInstance(value) ? Optional.of(read.apply(type.cast(value))) : Optional.empty();
    }

    @Override
    public String toString() {
        return Json.text(this);
    }
}

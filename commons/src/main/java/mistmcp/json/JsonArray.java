package mistmcp.json;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A JSON array.
public record JsonArray(List<JsonValue> values) implements JsonValue, Iterable<JsonValue> {
    /// The array without elements.
    public static final JsonArray EMPTY = new JsonArray(List.of());

    /// Copies the list given.
    public JsonArray {
        values = List.copyOf(values);
    }

    /// An array of Java values, each as [Json#of] takes it.
    public static JsonArray of(@Nullable Object... values) {
        return new JsonArray(Arrays.stream(values).map(Json::of).toList());
    }

    /// An array of the elements of a collection, each as [Json#of] takes it.
    public static JsonArray ofAll(Iterable<?> values) {
        var elements = new java.util.ArrayList<JsonValue>();
        values.forEach(value -> elements.add(Json.of(value)));
        return new JsonArray(elements);
    }

    /// How many elements there are.
    public int size() {
        return values.size();
    }

    /// Whether there is no element.
    public boolean isEmpty() {
        return values.isEmpty();
    }

    /// The element at a place counted from 0.
    public JsonValue get(int index) {
        return values.get(index);
    }

    /// The elements in order.
    public Stream<JsonValue> stream() {
        return values.stream();
    }

    /// The elements that are objects, in order.
    public List<JsonObject> objects() {
        return values.stream()
                .filter(JsonObject.class::isInstance)
                .map(JsonObject.class::cast)
                .toList();
    }

    /// The elements that are strings, in order.
    public List<String> strings() {
        return values.stream()
                .filter(JsonString.class::isInstance)
                .map(value -> ((JsonString) value).value())
                .toList();
    }

    @Override
    public Iterator<JsonValue> iterator() {
        return values.iterator();
    }

    @Override
    public String toString() {
        return Json.text(this);
    }
}

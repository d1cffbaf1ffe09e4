package mistmcp.json;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// One JSON value as the bytes it stood in on the wire: a window into an array that nobody changes. What is
/// judged is what is sent, to the byte.
///
/// @param array the whole text
/// @param start the first byte of the value
/// @param end   the byte behind the value
@SuppressWarnings("ArrayRecordComponent") // a window on wire bytes; equals below compares content
public record RawJson(byte[] array, int start, int end) {
    /// `{}`.
    public static final RawJson EMPTY_OBJECT = RawJson.of("{}".getBytes(StandardCharsets.UTF_8));

    /// The whole of an array.
    public static RawJson of(byte[] array) {
        return new RawJson(array, 0, array.length);
    }

    /// The compact bytes of a value.
    public static RawJson of(JsonValue value) {
        return of(Json.bytes(value));
    }

    /// How many bytes the value has.
    public int length() {
        return end - start;
    }

    /// The bytes, copied.
    public byte[] bytes() {
        return Arrays.copyOfRange(array, start, end);
    }

    /// The value as a tree.
    ///
    /// @throws InvalidJson when the bytes are no JSON value within the limits
    public JsonValue parse(JsonLimits limits) {
        return Json.parse(array, start, length(), limits);
    }

    /// Whether the value is an object.
    public boolean isObject() {
        return start < end && array[start] == '{';
    }

    /// The text of the value when it is a string; the bytes are known to be valid JSON.
    public Optional<String> string() {
        if (length() < 2 || array[start] != '"') {
            return Optional.empty();
        }
        for (int i = start + 1; i < end - 1; i++) {
            if (array[i] == '\\') {
                return Optional.of(((JsonString) parse(JsonLimits.TRUSTED)).value());
            }
        }
        return Optional.of(new String(array, start + 1, length() - 2, StandardCharsets.UTF_8));
    }

    /// Writes the bytes as they are.
    public void writeTo(OutputStream out) throws IOException {
        out.write(array, start, length());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RawJson raw && Arrays.equals(array, start, end, raw.array, raw.start, raw.end);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes());
    }

    @Override
    public String toString() {
        return new String(array, start, length(), StandardCharsets.UTF_8);
    }
}

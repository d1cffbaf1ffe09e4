package mistmcp.json;

import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultPrettyPrinter;

/// Reads and writes JSON: strict UTF-8, no duplicate keys, no trailing text, nothing beyond the limits.
/// Stateless.
public final class Json {
    private static final JsonFactory WRITER =
            JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();

    private Json() {}

    /// Reads one JSON value from UTF-8 bytes.
    ///
    /// @throws InvalidJson when the bytes are not exactly one JSON value within the limits
    public static JsonValue parse(byte[] utf8, JsonLimits limits) {
        return parse(utf8, 0, utf8.length, limits);
    }

    /// Reads one JSON value from a part of an array.
    ///
    /// @throws InvalidJson as [#parse(byte[], JsonLimits)]
    public static JsonValue parse(byte[] utf8, int offset, int length, JsonLimits limits) {
        try (var cursor = new JsonCursor(utf8, offset, length, limits)) {
            cursor.next();
            var value = value(cursor);
            cursor.expectEnd();
            return value;
        }
    }

    /// Reads one JSON value from text that we trust to be of sane size.
    ///
    /// @throws InvalidJson as [#parse(byte[], JsonLimits)]
    public static JsonValue parse(String text) {
        return parse(text.getBytes(StandardCharsets.UTF_8), JsonLimits.TRUSTED);
    }

    /// Reads a JSON object from UTF-8 bytes.
    ///
    /// @throws InvalidJson also when the value is not an object
    public static JsonObject parseObject(byte[] utf8, JsonLimits limits) {
        return object(parse(utf8, limits));
    }

    /// Reads a JSON object from text.
    ///
    /// @throws InvalidJson also when the value is not an object
    public static JsonObject parseObject(String text) {
        return object(parse(text));
    }

    /// The JSON value of a Java value: a [JsonValue] as it is, text, numbers, booleans, instants (ISO-8601),
    /// enums (their name), maps, iterables, optionals (empty is `null`), and `null`.
    public static JsonValue of(@Nullable Object value) {
        return switch (value) {
            case null -> JsonNull.NULL;
            case JsonValue json -> json;
            case CharSequence text -> new JsonString(text.toString());
            case Boolean bool -> JsonBoolean.of(bool);
            case Integer number -> JsonNumber.of(number.longValue());
            case Long number -> JsonNumber.of(number);
            case Double number -> JsonNumber.of(number);
            case Float number -> JsonNumber.of(number.doubleValue());
            case Instant instant -> new JsonString(instant.toString());
            case Enum<?> constant -> new JsonString(constant.name());
            case Optional<?> optional -> of(optional.orElse(null));
            case Map<?, ?> map -> {
                var members = new Members<JsonValue>();
                map.forEach((name, member) -> members.put((String) name, of(member)));
                yield new JsonObject(members);
            }
            case Iterable<?> elements -> JsonArray.ofAll(elements);
            default -> throw new IllegalArgumentException("no JSON form for " + value.getClass());
        };
    }

    /// Writes a value as compact UTF-8.
    public static byte[] bytes(JsonValue value) {
        return new JsonWriter().value(value).bytes();
    }

    /// Writes a value as compact text.
    public static String text(JsonValue value) {
        var out = new StringWriter();
        try (var generator = WRITER.createGenerator(ObjectWriteContext.empty(), (Writer) out)) {
            write(generator, value);
        }
        return out.toString();
    }

    /// Writes a value for people: indented by two spaces.
    public static String pretty(JsonValue value) {
        var out = new StringWriter();
        var context = new ObjectWriteContext.Base() {
            @Override
            public tools.jackson.core.PrettyPrinter getPrettyPrinter() {
                return new DefaultPrettyPrinter();
            }

            @Override
            public boolean hasPrettyPrinter() {
                return true;
            }
        };
        try (var generator = WRITER.createGenerator(context, (Writer) out)) {
            write(generator, value);
        }
        return out.toString();
    }

    private static JsonObject object(JsonValue value) {
        if (value instanceof JsonObject object) {
            return object;
        }
        throw new InvalidJson(InvalidJson.Reason.MALFORMED, "expected a JSON object");
    }

    private static JsonValue value(JsonCursor cursor) {
        return switch (cursor.token()) {
            case START_OBJECT -> {
                var members = new Members<JsonValue>();
                while (cursor.next() != JsonToken.END_OBJECT) {
                    var name = cursor.text();
                    cursor.next();
                    members.put(name, value(cursor));
                }
                yield new JsonObject(members);
            }
            case START_ARRAY -> {
                var values = new ArrayList<JsonValue>();
                while (cursor.next() != JsonToken.END_ARRAY) {
                    values.add(value(cursor));
                }
                yield new JsonArray(values);
            }
            case VALUE_STRING -> new JsonString(cursor.text());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new JsonNumber(cursor.text());
            case VALUE_TRUE -> JsonBoolean.TRUE;
            case VALUE_FALSE -> JsonBoolean.FALSE;
            case VALUE_NULL -> JsonNull.NULL;
            default -> throw new InvalidJson(InvalidJson.Reason.MALFORMED, "expected a JSON value");
        };
    }

    private static void write(JsonGenerator generator, JsonValue value) {
        switch (value) {
            case JsonObject object -> {
                generator.writeStartObject();
                object.members().forEach((name, member) -> {
                    generator.writeName(name);
                    write(generator, member);
                });
                generator.writeEndObject();
            }
            case JsonArray array -> {
                generator.writeStartArray();
                array.forEach(element -> write(generator, element));
                generator.writeEndArray();
            }
            case JsonString string -> generator.writeString(string.value());
            case JsonNumber number -> generator.writeNumber(number.text());
            case JsonBoolean bool -> generator.writeBoolean(bool.value());
            case JsonNull _ -> generator.writeNull();
        }
    }
}

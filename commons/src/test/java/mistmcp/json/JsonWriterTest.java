package mistmcp.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// What is written, held against what the JSON library writes.
class JsonWriterTest {
    private static final JsonFactory LIBRARY = new JsonFactory();

    @Test
    void writesRandomTreesAsTheLibraryDoes() {
        var random = new Random(20261125);
        for (int i = 0; i < 3_000; i++) {
            var tree = tree(random, 5);

            assertThat(Json.bytes(tree)).isEqualTo(byLibrary(tree));
        }
    }

    @Test
    void writesEveryCharacterAsTheLibraryDoes() {
        for (int point = 0; point <= Character.MAX_CODE_POINT; point++) {
            if (point > 0x11000 && point % 97 != 0) {
                continue;
            }
            var text = new JsonString("a" + Character.toString(point) + "z");

            assertThat(Json.bytes(text)).isEqualTo(byLibrary(text));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\ud800",
                "a\udc00",
                "\ud800\ud800",
                "\udc00\ud800",
                "long enough \ud83d",
                "\ud83dx",
                "\ud83d\u00e9"
            })
    void escapesALoneSurrogateAsTheLibraryDoes(String text) {
        var value = JsonObject.of(text, text);

        assertThat(Json.bytes(value)).isEqualTo(byLibrary(value));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud800", "a\udc00b", "\ud800\ud800", "x\ud83d", "\ud83d\ude00\ud83d"})
    void mendsALoneSurrogateWhereItIsAsked(String text) {
        var mended = JsonWriter.mending(1).begin().name(text).string(text).end().bytes();

        var sound = new StringBuilder();
        text.codePoints().forEach(point -> sound.appendCodePoint(point >= 0xD800 && point <= 0xDFFF ? 0xFFFD : point));
        assertThat(mended).isEqualTo(byLibrary(JsonObject.of(sound.toString(), sound.toString())));
    }

    @Test
    void writesPieceByPieceWhatATreeWouldBe() {
        var pieces = new JsonWriter()
                .begin()
                .name("text")
                .string("{")
                .name("inner")
                .begin()
                .end()
                .name("sites")
                .strings(List.of("[", "b"))
                .name("none")
                .strings(List.of())
                .name("raw")
                .raw(RawJson.of("[1.10]".getBytes(StandardCharsets.US_ASCII)))
                .name("number")
                .number(-42)
                .end()
                .bytes();

        assertThat(new String(pieces, StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"text\":\"{\",\"inner\":{},\"sites\":[\"[\",\"b\"],\"none\":[],\"raw\":[1.10],\"number\":-42}");
    }

    @ParameterizedTest
    @ValueSource(
            longs = {
                0,
                7,
                9,
                10,
                99,
                100,
                -1,
                -10,
                1234567890123L,
                999_999_999_999_999_999L,
                1_000_000_000_000_000_000L,
                Long.MAX_VALUE,
                Long.MIN_VALUE,
                Long.MIN_VALUE + 1
            })
    void writesWholeNumbersAsJavaDoes(long value) {
        assertThat(new String(new JsonWriter().number(value).bytes(), StandardCharsets.US_ASCII))
                .isEqualTo(Long.toString(value));
    }

    private static JsonValue tree(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 8 : 5)) {
            case 0 -> JsonNumber.of(random.nextLong() >> random.nextInt(64));
            case 1 ->
                new JsonNumber(
                        List.of("1.10", "1e400", "-0", "12345678901234567890").get(random.nextInt(4)));
            case 2 -> random.nextBoolean() ? JsonNull.NULL : JsonBoolean.of(random.nextBoolean());
            case 3, 4 -> new JsonString(text(random));
            case 5 -> {
                var elements = new ArrayList<JsonValue>();
                for (int i = random.nextInt(5); i > 0; i--) {
                    elements.add(tree(random, depth - 1));
                }
                yield new JsonArray(elements);
            }
            default -> {
                var object = JsonObject.EMPTY;
                for (int i = random.nextInt(6); i > 0; i--) {
                    object = object.with(text(random), tree(random, depth - 1));
                }
                yield object;
            }
        };
    }

    /// Plain text most of the time, else with controls, quotes, letters of two and three bytes, and pairs, and
    /// halves of pairs.
    private static String text(Random random) {
        var text = new StringBuilder();
        boolean plain = random.nextInt(3) > 0;
        for (int i = random.nextInt(random.nextInt(10) == 0 ? 3_000 : 20); i > 0; i--) {
            text.appendCodePoint(
                    plain
                            ? ' ' + random.nextInt(0x5F)
                            : switch (random.nextInt(7)) {
                                case 0 -> random.nextInt(0x20);
                                case 1 -> 0x7F + random.nextInt(0x700);
                                case 2 -> 0x800 + random.nextInt(0xD000 - 0x800);
                                case 3 -> 0x10000 + random.nextInt(0x100000);
                                case 4 -> 0xD800 + random.nextInt(0x800);
                                case 5 -> "\"\\/\u2028\u2029\ufeff\uffff".charAt(random.nextInt(7));
                                default -> 'a' + random.nextInt(26);
                            });
        }
        return text.toString();
    }

    private static byte[] byLibrary(JsonValue value) {
        var out = new ByteArrayOutputStream();
        try (var generator = LIBRARY.createGenerator(ObjectWriteContext.empty(), out)) {
            write(generator, value);
        }
        return out.toByteArray();
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

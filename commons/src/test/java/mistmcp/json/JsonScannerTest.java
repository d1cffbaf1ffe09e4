package mistmcp.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import mistmcp.json.InvalidJson.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonScannerTest {
    private static final List<String> TEXTS = List.of(
            "{\"jsonrpc\":\"2.0\",\"id\":17,\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"a\\\"\\\\\\u00e9é🌐\"}],\"_meta\":{\"a\":{\"b\":[]}},\"n\":-1.5e+10}}",
            " { \"a\" : true , \"b\":[ 1 , {\"a\":{}} , \"x\" ] , \"c\" : null } ",
            "{\"long\":\"" + "0123456789é".repeat(40) + "\",\"\\ud83c\\udf10\":0,\"b\":\"\\ud800\",\"c\":-0}",
            "{}",
            "12",
            "[[],[{}],\"\"]");

    @Test
    void saysTheSameWhateverThePartsInWhichTheBytesCome() {
        var random = new Random(7);
        for (var text : TEXTS) {
            var bytes = text.getBytes(StandardCharsets.UTF_8);
            var whole = found(bytes, bytes.length, random);
            for (int most = 1; most < 12; most++) {
                assertThat(found(bytes, most, random)).isEqualTo(whole);
            }
        }
    }

    @Test
    void tellsWhereMembersStand() {
        var text = TEXTS.getFirst();
        var bytes = text.getBytes(StandardCharsets.UTF_8);

        var members = JsonSpans.open(RawJson.of(bytes), JsonLimits.REQUEST, java.util.Set.of("result"));

        assertThat(members.object().members().keySet()).containsExactly("jsonrpc", "id", "result");
        assertThat(members.inner("result").orElseThrow().members().keySet()).containsExactly("content", "_meta", "n");
        assertThat(members.inner("result").orElseThrow().get("n").orElseThrow()).hasToString("-1.5e+10");
    }

    @Test
    void tellsOfNoMemberInsideAnArray() {
        assertThat(found("[{\"a\":{\"b\":1}}]".getBytes(StandardCharsets.UTF_8), 100, new Random(1)))
                .isEmpty();
        assertThat(found("{\"x\":[{\"a\":1}]}".getBytes(StandardCharsets.UTF_8), 100, new Random(1)))
                .containsExactly("begins 1 x 5", "ends 1 x 5 14");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "{\"a", "{\"a\":", "{\"a\":1", "[1,", "tru", "-", "1.", "1e", "\"\\u12", "", " "})
    void refusesWhatEndsTooEarly(String text) {
        assertThat(reason(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(Reason.MALFORMED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{\"a\":1,\"\\u0061\":2}                   | DUPLICATE_KEY",
                "{\"\\ud83c\\udf10\":1,\"🌐\":2}           | DUPLICATE_KEY",
                "{\"\\ud83c\":1}                            | MALFORMED",
                "{\"\\ud83cx\":1}                           | MALFORMED",
                "{\"\\udf10\":1}                            | MALFORMED",
                "{\"\\ud83c\\ud83c\":1}                      | MALFORMED",
                "{\"\\n\":1,\"\\u000a\":2}                 | DUPLICATE_KEY",
                "{\"x\":[{\"b\":[{\"a\":1,\"a\":1}]}]}     | DUPLICATE_KEY",
                "truex                                     | MALFORMED",
                "{\"a\":01}                                | MALFORMED",
                "{\"a\":+1}                                | MALFORMED",
                "{\"a\":.5}                                | MALFORMED",
                "{\"a\":1.e5}                              | MALFORMED",
                "{\"a\":\"\\x\"}                           | MALFORMED",
                "{\"a\":\"\\u12g4\"}                       | MALFORMED",
                "{\"a\":1]                                 | MALFORMED",
                "[1}                                       | MALFORMED",
                "{a:1}                                     | MALFORMED",
                "{\"a\" 1}                                 | MALFORMED",
                "{\"a\":é}                                 | MALFORMED"
            })
    void refusesBadText(String text, Reason expected) {
        assertThat(reason(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(expected);
    }

    @Test
    void refusesControlCharactersInStrings() {
        for (char control = 0; control < ' '; control++) {
            assertThat(reason(("\"12345678" + control + "12345678\"").getBytes(StandardCharsets.UTF_8)))
                    .isEqualTo(Reason.MALFORMED);
        }
    }

    @Test
    void takesEveryCharacterThatUtf8Has() {
        for (int character = ' '; character <= Character.MAX_CODE_POINT; character += 37) {
            if (character < 0xD800 || character > 0xDFFF) {
                var text = "{\"" + escaped(character) + "\":\"" + escaped(character) + "\"}";
                assertThat(reason(text.getBytes(StandardCharsets.UTF_8))).isNull();
            }
        }
    }

    @Test
    void refusesWhatUtf8HasNot() {
        for (int first = 0x80; first < 0x100; first++) {
            for (int second = 0; second < 0x100; second++) {
                var bytes = new byte[] {'"', (byte) first, (byte) second, (byte) 0x80, (byte) 0x80, '"'};
                for (int length = 1; length <= 4; length++) {
                    var part = new byte[length + 2];
                    System.arraycopy(bytes, 0, part, 0, length + 1);
                    part[length + 1] = '"';
                    boolean refused = reason(part) == Reason.INVALID_UTF8;
                    boolean printable = second >= ' ' && second != '"' && second != '\\';
                    if (printable || length == 1) {
                        assertThat(refused).isEqualTo(!Utf8.valid(part, 0, part.length));
                    }
                }
            }
        }
    }

    @Test
    void findsOneNameGivenTwiceAmongMany() {
        var names = new StringBuilder("{");
        for (int i = 0; i < 50_000; i++) {
            names.append("\"name-").append(i).append("\":0,");
        }
        var fresh = names + "\"last\":0}";
        var twice = names + "\"name-31415\":0}";

        assertThat(Json.parse(fresh.getBytes(StandardCharsets.UTF_8), JsonLimits.TRUSTED))
                .isNotNull();
        assertThat(reason(fresh.getBytes(StandardCharsets.UTF_8))).isNull();
        assertThat(reason(twice.getBytes(StandardCharsets.UTF_8))).isEqualTo(Reason.DUPLICATE_KEY);
    }

    @Test
    void forgetsTheNamesOfAnObjectThatHasEnded() {
        var scanner = new JsonScanner(JsonLimits.TRUSTED, silent());
        var object = ("{\"" + "n".repeat(500) + "\":{\"a\":1,\"b\":2}},").getBytes(StandardCharsets.UTF_8);
        scanner.take(new byte[] {'['}, 0, 1);
        for (int i = 0; i < 10_000; i++) {
            scanner.take(object, 0, object.length);
        }

        assertThat(scanner.held()).isLessThan(4096);
    }

    @Test
    void boundsNamesNumbersDepthAndSize() {
        assertThat(reason(("{\"" + "n".repeat(10_001) + "\":1}").getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(Reason.TOO_LARGE);
        assertThat(reason(("[" + "1".repeat(401) + "]").getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(Reason.TOO_LARGE);
        assertThat(reason("[".repeat(65).getBytes(StandardCharsets.UTF_8))).isEqualTo(Reason.TOO_DEEP);
        assertThat(reason(new byte[(1 << 20) + 1])).isEqualTo(Reason.TOO_LARGE);
    }

    @Test
    void isOfNoUseAfterARefusal() {
        assertThatExceptionOfType(InvalidJson.class)
                .isThrownBy(() -> new JsonScanner(JsonLimits.REQUEST, silent()).finish());
    }

    private static String escaped(int character) {
        var text = Character.toString(character);
        return text.equals("\"") || text.equals("\\") ? "\\" + text : text;
    }

    private static @org.jspecify.annotations.Nullable Reason reason(byte[] bytes) {
        try {
            var scanner = new JsonScanner(JsonLimits.REQUEST, silent());
            scanner.take(bytes, 0, bytes.length);
            scanner.finish();
            return null;
        } catch (InvalidJson refused) {
            return refused.reason();
        }
    }

    private static List<String> found(byte[] bytes, int most, Random random) {
        var told = new ArrayList<String>();
        var scanner = new JsonScanner(JsonLimits.REQUEST, new JsonScanner.Found() {
            @Override
            public void begins(int depth, String name, int start) {
                told.add("begins " + depth + " " + name + " " + start);
            }

            @Override
            public void ends(int depth, String name, int start, int end) {
                told.add("ends " + depth + " " + name + " " + start + " " + end);
            }
        });
        for (int at = 0; at < bytes.length; ) {
            int next = Math.min(bytes.length, at + 1 + random.nextInt(most));
            scanner.take(bytes, at, next);
            at = next;
        }
        scanner.finish();
        return told;
    }

    private static JsonScanner.Found silent() {
        return new JsonScanner.Found() {
            @Override
            public void begins(int depth, String name, int start) {}

            @Override
            public void ends(int depth, String name, int start, int end) {}
        };
    }
}

package mistmcp.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// The fast ways through long texts find what the slow ones do, wherever it stands.
class LongTextTest {
    @Test
    void findsMembersBehindTextsOfAnyLengthAndWithEscapesAnywhere() {
        for (int length = 0; length < 40; length++) {
            for (var escape : new String[] {"", "\\\"", "\\\\", "\\u0022", "\\n"}) {
                for (int place = 0; place <= length; place++) {
                    var text = "a".repeat(place) + escape + "b".repeat(length - place);
                    var object = RawJson.of(("{\"t\":\"" + text + "\",\"n\":7}").getBytes(StandardCharsets.UTF_8));

                    var known = JsonSpans.known(object);

                    assertThat(known).isEqualTo(JsonSpans.members(object, JsonLimits.TRUSTED));
                    assertThat(JsonSpans.find(object, "n").orElseThrow()).hasToString("7");
                }
            }
        }
    }

    @Test
    void judgesUtf8InWhateverPlaceItIsWrong() {
        for (int length = 1; length < 40; length++) {
            var bytes = new byte[length];
            Arrays.fill(bytes, (byte) 'a');
            assertThat(Utf8.valid(bytes, 0, length)).isTrue();
            for (int place = 0; place < length; place++) {
                var wrong = bytes.clone();
                wrong[place] = (byte) 0xFF;

                assertThat(Utf8.valid(wrong, 0, length)).isFalse();
                assertThat(Utf8.valid(wrong, place + 1, length - place - 1)).isTrue();
            }
        }
    }

    @Test
    void joinsNamesThatNeedEscapesAndNamesThatDoNot() {
        var members = new java.util.LinkedHashMap<String, RawJson>();
        var one = RawJson.of("1".getBytes(StandardCharsets.UTF_8));
        for (var name : new String[] {"plain", "", "quote\"", "back\\slash", "é", "tab\t", "\u007f"}) {
            members.put(name, one);
        }

        assertThat(JsonSpans.members(JsonSpans.join(members), JsonLimits.TRUSTED)
                        .keySet())
                .containsExactlyElementsOf(members.keySet());
    }
}

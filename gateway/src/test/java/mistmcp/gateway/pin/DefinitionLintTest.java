package mistmcp.gateway.pin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import mistmcp.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DefinitionLintTest {
    /// One character of each kind that a model reads and a person does not see.
    static Stream<Arguments> hidden() {
        return Stream.of(
                        0x00, 0x07, 0x1B, 0x7F, 0x85, 0x9B, // control
                        0xAD, 0x61C, 0x180E, 0x200B, 0x200C, 0x200E, 0x200F, // zero width, marks
                        0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069, // bidi
                        0x2060, 0x2061, 0x2062, 0x2063, 0x2064, 0x206A, 0x206F, 0xFEFF, 0xFFF9, 0xFFFB, 0xE0001,
                        0xE0020, 0xE0041, 0xE007F, // tags
                        0xE0100, 0xE01EF, // variation selectors that carry bytes
                        0x2028, 0x2029, 0xE000, 0xF8FF, 0x10FFFD, 0xFFFF, // separators, private, unassigned
                        0x34F, 0x115F, 0x1160, 0x17B4, 0x2800, 0x3164, 0xFFA0) // drawn as nothing
                .map(point -> Arguments.of("U+%04X".formatted(point), Character.toString(point)));
    }

    @ParameterizedTest
    @MethodSource("hidden")
    void namesAHiddenCharacterWhereverItStands(String name, String character) {
        var text = "Reads" + character + "ports";
        for (var definition : List.of(
                JsonObject.of("name", "get", "description", text),
                JsonObject.of("name", "get", "title", text),
                JsonObject.of("name", "get", "annotations", JsonObject.of("title", text)),
                JsonObject.of(
                        "name",
                        "get",
                        "inputSchema",
                        JsonObject.of("properties", JsonObject.of("a", JsonObject.of("enum", List.of("x", text))))),
                JsonObject.of("name", "get", "inputSchema", JsonObject.of("properties", JsonObject.of(text, "x"))),
                JsonObject.of("name", "get", "_meta", JsonObject.of("note", text)))) {
            assertThat(DefinitionLint.faults(definition))
                    .anySatisfy(fault -> assertThat(fault).contains(name));
            assertThat(DefinitionLint.faults(definition))
                    .noneSatisfy(fault -> assertThat(fault).contains(character));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Reads the ports of a switch.\n\n- one\tline\r\n- another",
                "Liest Anschlüsse; 読み取り; читает; يقرأ",
                "⚠️ careful",
                "👩‍💻 for engineers",
                "👨🏽‍🚒 too",
                "naïve café — “quoted”"
            })
    void takesTextThatPeopleWrite(String text) {
        assertThat(DefinitionLint.faults(JsonObject.of("name", "get", "description", text)))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a‍b", "‍", "a️️", "️a"})
    void takesJoinersAndSelectorsOnlyWhereTheyShow(String text) {
        assertThat(DefinitionLint.faults(JsonObject.of("name", "get", "description", text)))
                .isNotEmpty();
    }

    @Test
    void refusesAPileOfMarks() {
        var text = "z" + "\u0301".repeat(5);

        assertThat(DefinitionLint.faults(JsonObject.of("name", "get", "description", text)))
                .containsExactly("/description has a pile of combining marks");
    }

    @Test
    void refusesWhatIsTooLongToBeRead() {
        assertThat(DefinitionLint.faults(JsonObject.of("name", "get", "description", "x".repeat(8_000))))
                .isEmpty();
        assertThat(DefinitionLint.faults(JsonObject.of("name", "get", "description", "x".repeat(8_001))))
                .containsExactly("/description is longer than 8000 characters");
        assertThat(DefinitionLint.faults(JsonObject.of("name", "get", "title", "x".repeat(201))))
                .containsExactly("/title is longer than 200 characters");
        assertThat(DefinitionLint.faults(JsonObject.of(
                        "name", "get", "x", List.of("y".repeat(8_000).repeat(9)))))
                .contains("the definition is longer than 65536 bytes");
    }

    @Test
    void showsHiddenCharactersByTheirNumbers() {
        assertThat(DefinitionLint.visible(JsonObject.of("a\u200Bb", "c\u202Ed")))
                .isEqualTo(JsonObject.of("a<U+200B>b", "c<U+202E>d"));
    }
}

package mistmcp.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import mistmcp.json.InvalidJson.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``                        | MALFORMED",
                "{                         | MALFORMED",
                "{} {}                     | MALFORMED",
                "{'a':1}                   | MALFORMED",
                "{\"a\":01}                | MALFORMED",
                "{\"a\":+1}                | MALFORMED",
                "{\"a\":NaN}               | MALFORMED",
                "{\"a\":1,}                | MALFORMED",
                "[1 2]                     | MALFORMED",
                "{\"a\":1}//c              | MALFORMED",
                "{\"a\":1,\"a\":2}         | DUPLICATE_KEY",
                "{\"x\":{\"a\":1,\"\\u0061\":2}} | DUPLICATE_KEY",
                "[{\"b\":[{\"a\":1,\"a\":1}]}]   | DUPLICATE_KEY"
            })
    void refusesBadText(String text, Reason reason) {
        assertThatExceptionOfType(InvalidJson.class)
                .isThrownBy(() -> Json.parse(text))
                .satisfies(refused -> assertThat(refused.reason()).isEqualTo(reason));
        if (text.startsWith("{")) {
            assertThatExceptionOfType(InvalidJson.class)
                    .isThrownBy(() -> JsonSpans.members(raw(text), JsonLimits.REQUEST))
                    .satisfies(refused -> assertThat(refused.reason()).isEqualTo(reason));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"22C022", "22C0AF22", "22ED A08022", "22F4908080 22", "22FF22", "22E28222", "22F0808080 22", "80"
            })
    void refusesBadUtf8(String hex) {
        var bytes = HexFormat.of().parseHex(hex.replace(" ", ""));

        assertThatExceptionOfType(InvalidJson.class)
                .isThrownBy(() -> Json.parse(bytes, JsonLimits.REQUEST))
                .satisfies(refused -> assertThat(refused.reason()).isEqualTo(Reason.INVALID_UTF8));
    }

    @Test
    void checksUtf8AsTheJdkDoes() {
        var bytes = new byte[4];
        for (int first = 0xC0; first < 0x100; first++) {
            for (int second = 0; second < 0x100; second++) {
                bytes[0] = (byte) first;
                bytes[1] = (byte) second;
                bytes[2] = (byte) 0x80;
                bytes[3] = (byte) 0x80;
                for (int length = 1; length <= 4; length++) {
                    assertThat(Utf8.valid(bytes, 0, length)).isEqualTo(jdkTakes(bytes, length));
                }
            }
        }
    }

    private static boolean jdkTakes(byte[] bytes, int length) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(java.nio.ByteBuffer.wrap(bytes, 0, length));
            return true;
        } catch (java.nio.charset.CharacterCodingException invalid) {
            return false;
        }
    }

    @Test
    void refusesAByteOrderMark() {
        assertThatExceptionOfType(InvalidJson.class).isThrownBy(() -> Json.parse("\uFEFF{}"));
    }

    @Test
    void refusesWhatIsTooDeep() {
        var deep = "[".repeat(100_000);

        assertThatExceptionOfType(InvalidJson.class)
                .isThrownBy(() -> Json.parse(deep.getBytes(StandardCharsets.UTF_8), JsonLimits.REQUEST))
                .satisfies(refused -> assertThat(refused.reason()).isEqualTo(Reason.TOO_DEEP));
        assertThatExceptionOfType(InvalidJson.class)
                .isThrownBy(() -> JsonSpans.members(raw("{\"a\":" + deep), JsonLimits.REQUEST))
                .satisfies(refused -> assertThat(refused.reason()).isEqualTo(Reason.TOO_DEEP));
    }

    @Test
    void takesTheDepthThatIsAllowed() {
        var limits = new JsonLimits(1000, 3, 10);

        assertThat(Json.parse("[[[1]]]".getBytes(StandardCharsets.UTF_8), limits))
                .hasToString("[[[1]]]");
        assertThatExceptionOfType(InvalidJson.class)
                .isThrownBy(() -> Json.parse("[[[[1]]]]".getBytes(StandardCharsets.UTF_8), limits));
    }

    @Test
    void refusesWhatIsTooLong() {
        var limits = new JsonLimits(10, 3, 5);

        assertThatExceptionOfType(InvalidJson.class)
                .isThrownBy(() -> Json.parse("\"123456789\"".getBytes(StandardCharsets.UTF_8), limits))
                .satisfies(refused -> assertThat(refused.reason()).isEqualTo(Reason.TOO_LARGE));
        assertThatExceptionOfType(InvalidJson.class)
                .isThrownBy(() -> Json.parse("[123456]".getBytes(StandardCharsets.UTF_8), limits))
                .satisfies(refused -> assertThat(refused.reason()).isEqualTo(Reason.TOO_LARGE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.10", "1e400", "-0", "12345678901234567890", "1E-2", "0.1"})
    void keepsANumberAsItWasWritten(String number) {
        assertThat(Json.text(Json.parse("{\"n\":" + number + "}"))).isEqualTo("{\"n\":" + number + "}");
    }

    @Test
    void findsMembersToTheByte() {
        var object = raw(" { \"id\" : \"a\\\"b\" , \"params\":{ \"name\":\"x\", \"n\" : 1.10 },\"z\":[ 1 , {} ] } ");

        var opened = JsonSpans.open(object, JsonLimits.REQUEST, Set.of("params"));

        assertThat(opened.object().get("id").orElseThrow()).hasToString("\"a\\\"b\"");
        assertThat(opened.object().get("params").orElseThrow()).hasToString("{ \"name\":\"x\", \"n\" : 1.10 }");
        assertThat(opened.object().get("z").orElseThrow()).hasToString("[ 1 , {} ]");
        assertThat(opened.inner("params").orElseThrow().string("name")).contains("x");
        assertThat(opened.inner("params").orElseThrow().get("n").orElseThrow()).hasToString("1.10");
        assertThat(opened.inner("z")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}                                   | {\"_meta\":{\"x\":1},\"t\":2}",
                "{ }                                  | { \"_meta\":{\"x\":1},\"t\":2}",
                "{\"a\": 1.10}                        | {\"a\": 1.10,\"_meta\":{\"x\":1},\"t\":2}",
                "{\"_meta\":{\"}\":\"\\\"\"},\"a\":1} | {\"_meta\":{\"x\":1},\"a\":1,\"t\":2}",
                "{\"a\":{\"_meta\":0},\"t\" : [1,\"t\"] , \"b\":-1e5} | {\"a\":{\"_meta\":0},\"t\" : 2 ,"
                        + " \"b\":-1e5,\"_meta\":{\"x\":1}}",
                "{\"t\":true,\"\\u005fmeta\":null}    | {\"t\":2,\"\\u005fmeta\":{\"x\":1}}"
            })
    void setsMembersAndLeavesAllElse(String before, String after) {
        var values = new java.util.LinkedHashMap<String, RawJson>();
        values.put("_meta", raw("{\"x\":1}"));
        values.put("t", raw("2"));

        assertThat(JsonSpans.set(raw(before), values)).hasToString(after);
        assertThat(Json.parse(after)).isNotNull();
    }

    @Test
    void findsAMemberOfValidText() {
        var object = raw("{\"a\":[{\"b\":1}],\"b\":\"x\\\\\",\"c\":{}}");

        assertThat(JsonSpans.find(object, "b").flatMap(RawJson::string)).contains("x\\");
        assertThat(JsonSpans.find(object, "c"))
                .hasValueSatisfying(found -> assertThat(found).hasToString("{}"));
        assertThat(JsonSpans.find(object, "d")).isEmpty();
        assertThat(JsonSpans.find(raw("[1]"), "d")).isEmpty();
    }

    @Test
    void joinsParts() {
        assertThat(JsonSpans.join(Map.of("a\"", raw("1.10")))).hasToString("{\"a\\\"\":1.10}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1:1/schema.json", "classpath:logback-test.xml", "file:///etc/passwd"})
    void fetchesNoSchema(String reference) {
        assertThatIllegalArgumentException().isThrownBy(() -> JsonSchema.compile(JsonObject.of("$ref", reference)));
    }

    @Test
    void takesASchemaThatRefersToItself() {
        var schema = JsonSchema.compile(
                Json.parseObject(
                        "{\"$defs\":{\"n\":{\"type\":\"object\",\"properties\":{\"next\":{\"$ref\":\"#/$defs/n\"}}}},\"$ref\":\"#/$defs/n\"}"));

        assertThat(schema.faults(Json.parse("{\"next\":{\"next\":{}}}"))).isEmpty();
        assertThat(schema.faults(Json.parse("{\"next\":{\"next\":1}}"))).hasSize(1);
    }

    @Test
    void saysWhatIsWrongWithAValue() {
        var schema = JsonSchema.compile(
                Json.parseObject(
                        "{\"type\":\"object\",\"required\":[\"a\"],\"properties\":{\"a\":{\"type\":\"integer\",\"maximum\":5}},\"additionalProperties\":false}"));

        assertThat(schema.faults(JsonObject.of("a", 5))).isEmpty();
        assertThat(schema.faults(JsonObject.of("a", 6)))
                .singleElement()
                .asString()
                .contains("a");
        assertThat(schema.faults(JsonObject.of("b", 6))).hasSize(2);
    }

    @Test
    void tellsKindsOfFaultsApart() {
        var schema = JsonSchema.compile(
                Json.parseObject(
                        "{\"type\":\"object\",\"required\":[\"a\"],\"properties\":{\"a\":{\"type\":\"integer\",\"maximum\":5}},\"additionalProperties\":false}"));

        assertThat(schema.check(JsonObject.of("b\n", 6)))
                .extracting(SchemaFault::kind, SchemaFault::place, SchemaFault::name)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple(SchemaFault.Kind.MISSING, "", "a"),
                        org.assertj.core.groups.Tuple.tuple(SchemaFault.Kind.UNKNOWN, "", "b?"));
        assertThat(schema.check(JsonObject.of("a", "x")))
                .extracting(SchemaFault::kind, SchemaFault::place)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(SchemaFault.Kind.TYPE, "/a"));
        assertThat(schema.check(JsonObject.of("a", 6)))
                .extracting(SchemaFault::kind)
                .containsExactly(SchemaFault.Kind.OTHER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://json-schema.org/draft/2020-12/schema",
                "https://json-schema.org/draft/2019-09/schema",
                "http://json-schema.org/draft-07/schema#",
                "http://json-schema.org/draft-04/schema#"
            })
    void takesTheDraftThatASchemaNames(String draft) {
        var schema = JsonSchema.compile(JsonObject.of("$schema", draft, "type", "string"));

        assertThat(schema.faults(JsonObject.EMPTY)).hasSize(1);
        assertThat(schema.faults(new JsonString("a"))).isEmpty();
    }

    @Test
    void givesUpOnARegularExpressionThatWouldNeverEnd() {
        var schema = JsonSchema.compile(JsonObject.of("type", "string", "pattern", "^(a+)+$"));

        assertThat(schema.faults(new JsonString("aaa"))).isEmpty();
        assertThat(schema.faults(new JsonString("a".repeat(5_000) + "b"))).hasSize(1);
    }

    private static RawJson raw(String text) {
        return RawJson.of(text.getBytes(StandardCharsets.UTF_8));
    }
}

package mistmcp.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ArgumentCheckTest {
    private static final ArgumentCheck CHECK = new ArgumentCheck(Json.parseObject("""
        {"type": "object", "required": ["device"], "additionalProperties": false, "properties": {
          "device": {"type": "string"}, "vlan": {"type": "integer", "maximum": 4094},
          "deep": {"type": "object", "required": ["x"], "additionalProperties": false,
                   "properties": {"x": {"type": "string"}}}}}
        """));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|argument_missing|/device",
                "{\"device\":\"a\",\"force\":1}|argument_unknown|/force",
                "{\"device\":7}|argument_type|/device",
                "{\"device\":\"a\",\"vlan\":5000}|invalid_arguments|/vlan",
                "{\"device\":\"a\",\"deep\":{}}|argument_missing|/deep/x",
                "{\"device\":\"a\",\"deep\":{\"x\":\"1\",\"y\":2}}|argument_unknown|/deep/y",
                "{\"force\":1}|argument_missing|/device",
                "[]|argument_type|''"
            })
    void namesTheKindAndThePlace(String arguments, String code, String at) {
        var refused = CHECK.refuse(Json.parse(arguments)).orElseThrow();

        assertThat(refused.code().text()).isEqualTo(code);
        assertThat(refused.toJson().array("faults").orElse(JsonArray.EMPTY).objects())
                .anySatisfy(fault -> {
                    assertThat(fault.string("code")).contains(code);
                    assertThat(fault.string("at")).contains(at);
                });
    }

    @Test
    void takesWhatTheSchemaTakes() {
        assertThat(CHECK.refuse(JsonObject.of("device", "a", "vlan", 10))).isEmpty();
    }

    @Test
    void saysWhichArgumentsThereAre() {
        var refused = CHECK.refuse(JsonObject.of("device", "a", "devise", "b")).orElseThrow();

        assertThat(refused.message()).contains("`devise` is not known", "The tool takes `device`, `vlan`, `deep`");
    }

    @Test
    void showsNoValueAndNoLongNameOfTheCaller() {
        var refused = CHECK.refuse(JsonObject.of("device", "a", "n".repeat(10_000), 1, "vlan", "CANARY"))
                .orElseThrow();

        assertThat(refused.toJson().toString()).hasSizeLessThan(2_000).doesNotContain("CANARY");
    }
}

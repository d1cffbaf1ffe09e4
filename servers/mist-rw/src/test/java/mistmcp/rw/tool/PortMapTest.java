package mistmcp.rw.tool;

import static org.assertj.core.api.Assertions.assertThat;

import mistmcp.json.Json;
import mistmcp.json.JsonObject;
import org.junit.jupiter.api.Test;

final class PortMapTest {
    private static final JsonObject IOT = JsonObject.of("usage", "iot");

    @Test
    void setsAPortThatNoKeyCoversAndKeepsTheOthers() {
        assertThat(map("{'ge-0/0/1':{'usage':'ap'}}").with("ge-0/0/7", IOT))
                .isEqualTo(map("{'ge-0/0/1':{'usage':'ap'},'ge-0/0/7':{'usage':'iot'}}"));
    }

    @Test
    void splitsARangeAroundThePort() {
        assertThat(map("{'ge-0/0/0-10':{'usage':'ap'}}").with("ge-0/0/5", IOT))
                .isEqualTo(
                        map("{'ge-0/0/0-4':{'usage':'ap'},'ge-0/0/6-10':{'usage':'ap'},'ge-0/0/5':{'usage':'iot'}}"));
    }

    @Test
    void splitsARangeAtItsEndsAndDownToOnePort() {
        assertThat(map("{'ge-0/0/0-1':{'usage':'ap'}}").with("ge-0/0/0", IOT))
                .isEqualTo(map("{'ge-0/0/1':{'usage':'ap'},'ge-0/0/0':{'usage':'iot'}}"));
        assertThat(map("{'ge-0/0/3-3':{'usage':'ap'}}").with("ge-0/0/3", IOT))
                .isEqualTo(map("{'ge-0/0/3':{'usage':'iot'}}"));
    }

    @Test
    void splitsACommaList() {
        assertThat(map("{'ge-0/0/0-2,ge-0/0/9':{'usage':'ap'}}").with("ge-0/0/1", IOT))
                .isEqualTo(map("{'ge-0/0/0':{'usage':'ap'},'ge-0/0/2':{'usage':'ap'},'ge-0/0/9':{'usage':'ap'},"
                        + "'ge-0/0/1':{'usage':'iot'}}"));
    }

    @Test
    void leavesTheRangeAloneWhenThePortHasAKeyOfItsOwn() {
        var before = map("{'ge-0/0/0-10':{'usage':'ap'},'ge-0/0/5':{'usage':'lab'}}");

        assertThat(before.entry("ge-0/0/5")).isEqualTo(JsonObject.of("usage", "lab"));
        assertThat(before.with("ge-0/0/5", IOT))
                .isEqualTo(map("{'ge-0/0/0-10':{'usage':'ap'},'ge-0/0/5':{'usage':'iot'}}"));
    }

    @Test
    void takesThePortOutOfItsKeyAndOfTheRangeWhenItShallHaveNothing() {
        assertThat(map("{'ge-0/0/0-2':{'usage':'ap'},'ge-0/0/1':{'usage':'lab'}}")
                        .with("ge-0/0/1", JsonObject.EMPTY))
                .isEqualTo(map("{'ge-0/0/0':{'usage':'ap'},'ge-0/0/2':{'usage':'ap'}}"));
    }

    @Test
    void doesNotOverwriteAStrongerKeyWithAPartOfASplit() {
        assertThat(map("{'ge-0/0/0-1':{'usage':'ap'},'ge-0/0/0':{'usage':'lab'}}")
                        .with("ge-0/0/1", IOT))
                .isEqualTo(map("{'ge-0/0/0':{'usage':'lab'},'ge-0/0/1':{'usage':'iot'}}"));
    }

    @Test
    void keepsKeysOfAFormThatItDoesNotKnow() {
        var odd = "{'{{vars}}':{'usage':'ap'},'all':{'usage':'lab'}}";

        assertThat(map(odd).with("ge-0/0/1", IOT).entries().names()).containsExactly("{{vars}}", "all", "ge-0/0/1");
    }

    @Test
    void namesTheKeysThatDiffer() {
        var before = map("{'ge-0/0/0-10':{'usage':'ap'},'ge-0/0/20':{'usage':'lab'}}");

        assertThat(before.changed(before.with("ge-0/0/5", IOT)))
                .containsExactly("ge-0/0/0-10", "ge-0/0/0-4", "ge-0/0/6-10", "ge-0/0/5");
    }

    private static PortMap map(String json) {
        return new PortMap(Json.parseObject(json.replace('\'', '"')));
    }
}

package mistmcp.rw.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import mistmcp.json.Json;
import mistmcp.json.JsonObject;
import org.junit.jupiter.api.Test;

final class PortEditTest {
    private static final String PORT = "ge-0/0/5";

    @Test
    void setsTheProfileInPortConfigAndKeepsWhatTheEntryHolds() {
        var edit = edit("{'ge-0/0/5':{'usage':'ap','mtu':9000}}", "{}", "{'usage':'iot'}");

        assertThat(edit.body()).isEqualTo(json("{'port_config':{'ge-0/0/5':{'usage':'iot','mtu':9000}}}"));
    }

    @Test
    void bendsTheProfileInPortConfigOverwriteWithoutTouchingPortConfig() {
        var edit = edit("{'ge-0/0/0-10':{'usage':'ap'}}", "{}", "{'disabled':true}");

        assertThat(edit.body()).isEqualTo(json("{'port_config_overwrite':{'ge-0/0/5':{'disabled':true}}}"));
        assertThat(edit.before()).isEqualTo(json("{'port_config_overwrite':{}}"));
        assertThat(edit.after()).isEqualTo(edit.body());
    }

    @Test
    void showsOnlyTheEntriesThatChange() {
        var edit = edit("{'ge-0/0/0-10':{'usage':'ap'},'ge-0/0/20':{'usage':'lab'}}", "{}", "{'usage':'iot'}");

        assertThat(edit.before()).isEqualTo(json("{'port_config':{'ge-0/0/0-10':{'usage':'ap'}}}"));
        assertThat(edit.after())
                .isEqualTo(json("{'port_config':{'ge-0/0/0-4':{'usage':'ap'},"
                        + "'ge-0/0/6-10':{'usage':'ap'},'ge-0/0/5':{'usage':'iot'}}}"));
        assertThat(edit.body().object("port_config").orElseThrow().names()).contains("ge-0/0/20");
        assertThat(edit.split()).containsExactly("ge-0/0/0-10");
    }

    @Test
    void sendsNothingWhenItIsAlreadySo() {
        var edit = edit(
                "{'ge-0/0/5':{'usage':'iot'}}", "{'ge-0/0/5':{'disabled':true}}", "{'usage':'iot','disabled':true}");

        assertThat(edit.body()).isEqualTo(JsonObject.EMPTY);
        assertThat(edit.before()).isEqualTo(edit.after());
    }

    @Test
    void doesNotDependOnOtherPorts() {
        var one = edit("{'ge-0/0/5':{'usage':'ap'}}", "{}", "{'usage':'iot'}");
        var other = edit("{'ge-0/0/5':{'usage':'ap'},'ge-0/0/9':{'usage':'lab'}}", "{}", "{'usage':'iot'}");

        assertThat(one.basis()).isEqualTo(other.basis());
        assertThat(one.before()).isEqualTo(other.before());
        assertThat(one.after()).isEqualTo(other.after());
    }

    @Test
    void takesAnEditBackWithTheOldValuesAndResets() {
        var config = "{'ge-0/0/0-10':{'usage':'ap'}}";
        var overwrite = "{'ge-0/0/5':{'description':'old'}}";
        var there = edit(config, overwrite, "{'usage':'iot','description':'new','disabled':true}");

        assertThat(there.back()).isEqualTo(json("{'usage':'ap','description':'old','reset':['disabled']}"));
        var back = new PortEdit(
                PORT,
                there.configAfter(),
                there.overwriteAfter(),
                there.back().without("reset"),
                Set.copyOf(there.back().array("reset").orElseThrow().strings()));
        assertThat(back.configAfter().entry(PORT)).isEqualTo(there.config().entry(PORT));
        assertThat(back.overwriteAfter().entries()).isEqualTo(there.overwrite().entries());
    }

    @Test
    void takesAFirstProfileBackByResettingIt() {
        var there = edit("{}", "{}", "{'usage':'iot'}");

        assertThat(there.back()).isEqualTo(json("{'reset':['usage']}"));
        assertThat(there.reversible()).isTrue();
    }

    @Test
    void isNotReversibleWhenAnEntryGoesThatHoldsMoreThanAProfile() {
        var edit = new PortEdit(
                PORT,
                new PortMap(json("{'ge-0/0/5':{'usage':'ap','ae_idx':3}}")),
                new PortMap(JsonObject.EMPTY),
                JsonObject.EMPTY,
                Set.of("usage"));

        assertThat(edit.body()).isEqualTo(json("{'port_config':{}}"));
        assertThat(edit.reversible()).isFalse();
    }

    private static PortEdit edit(String config, String overwrite, String set) {
        return new PortEdit(PORT, new PortMap(json(config)), new PortMap(json(overwrite)), json(set), Set.of());
    }

    private static JsonObject json(String text) {
        return Json.parseObject(text.replace('\'', '"'));
    }
}

package mistmcp.mist;

import static org.assertj.core.api.Assertions.assertThat;

import mistmcp.json.Json;
import mistmcp.json.JsonBoolean;
import mistmcp.json.JsonObject;
import mistmcp.mist.PortLayers.Layer;
import org.junit.jupiter.api.Test;

class PortLayersTest {
    private static final JsonObject DERIVED = Json.parseObject("""
            {"default_port_usage": "parking",
             "port_usages": {"office": {"mode": "access", "port_network": "office", "speed": "auto"},
                             "iot": {"mode": "access", "port_network": "iot"}, "parking": {"disabled": true}},
             "switch_matching": {"enable": true, "rules": [
               {"name": "core", "match_role": "core", "port_config": {"ge-0/0/0-9": {"usage": "uplink"}}},
               {"name": "access", "match_model": "EX44", "match_name[0:3]": "ber",
                "port_config": {"ge-0/0/24-43": {"usage": "iot"}}}]}}
            """);

    private static PortLayers layers(String device) {
        return new PortLayers(Json.parseObject(device).with("name", "ber-sw-01"), DERIVED, "EX4400-48P");
    }

    @Test
    void takesTheEntryOfARangeKey() {
        var port = layers("{\"port_config\": {\"ge-0/0/0-10\": {\"usage\": \"office\"}}}")
                .effective("ge-0/0/10");

        assertThat(port.usage()).isEqualTo("office");
        assertThat(port.usageLayer()).isEqualTo(Layer.PORT_CONFIG);
        assertThat(port.says().getFirst().key()).isEqualTo("ge-0/0/0-10");
        assertThat(port.profileIn()).contains("site");
        assertThat(port.attributes().string("port_network")).contains("office");
    }

    @Test
    void takesThePortsOwnKeyBeforeARange() {
        var port = layers(
                        "{\"port_config\": {\"ge-0/0/0-10\": {\"usage\": \"office\"}, \"ge-0/0/3\": {\"usage\": \"iot\"}}}")
                .effective("ge-0/0/3");

        assertThat(port.usage()).isEqualTo("iot");
    }

    @Test
    void ignoresALocalOverrideUnlessTheEntryAllowsIt() {
        var locked = layers("{\"port_config\": {\"ge-0/0/1\": {\"usage\": \"office\"}},"
                        + " \"local_port_config\": {\"ge-0/0/1\": {\"usage\": \"iot\"}}}")
                .effective("ge-0/0/1");
        var open = layers("{\"port_config\": {\"ge-0/0/1\": {\"usage\": \"office\", \"no_local_overwrite\": false}},"
                        + " \"local_port_config\": {\"ge-0/0/1\": {\"usage\": \"iot\"}}}")
                .effective("ge-0/0/1");

        assertThat(locked.usage()).isEqualTo("office");
        assertThat(locked.says().getFirst().ignored()).isTrue();
        assertThat(open.usage()).isEqualTo("iot");
        assertThat(open.usageLayer()).isEqualTo(Layer.LOCAL_PORT_CONFIG);
    }

    @Test
    void laysAnOverwriteOverTheEntry() {
        var port = layers("{\"port_config\": {\"ge-0/0/1\": {\"usage\": \"office\", \"speed\": \"10g\"}},"
                        + " \"port_config_overwrite\": {\"ge-0/0/0-5\": {\"disabled\": true, \"speed\": \"1g\"}}}")
                .effective("ge-0/0/1");

        assertThat(port.usage()).isEqualTo("office");
        assertThat(port.attributes().get("disabled")).contains(JsonBoolean.TRUE);
        assertThat(port.attributes().string("speed")).contains("1g");
    }

    @Test
    void takesTheFirstRuleThatMatchesWhereTheSwitchSaysNothing() {
        var port = layers("{}").effective("ge-0/0/30");

        assertThat(port.usage()).isEqualTo("iot");
        assertThat(port.usageLayer()).isEqualTo(Layer.SWITCH_MATCHING);
    }

    @Test
    void takesNoRuleOfAnotherName() {
        var other = new PortLayers(JsonObject.of("name", "lyo-sw-01"), DERIVED, "EX4400-48P");

        assertThat(other.effective("ge-0/0/30").usageLayer()).isEqualTo(Layer.DEFAULT_PORT_USAGE);
    }

    @Test
    void fallsBackToTheDefaultUsageOfTheDeviceThenOfTheSite() {
        assertThat(layers("{\"default_port_usage\": \"iot\"}")
                        .effective("ge-0/0/9")
                        .usage())
                .isEqualTo("iot");
        assertThat(layers("{}").effective("ge-0/0/9").usage()).isEqualTo("parking");
        assertThat(new PortLayers(JsonObject.EMPTY, JsonObject.EMPTY, "")
                        .effective("ge-0/0/9")
                        .usage())
                .isEqualTo("default");
    }

    @Test
    void looksForAProfileOnTheDeviceThenTheSiteThenAmongMistsOwn() {
        var layers = layers("{\"port_usages\": {\"printer\": {\"mode\": \"access\"}, \"iot\": {\"mode\": \"trunk\"}}}");

        assertThat(layers.knowsUsage("printer")).isTrue();
        assertThat(layers.knowsUsage("office")).isTrue();
        assertThat(layers.knowsUsage("disabled")).isTrue();
        assertThat(layers.knowsUsage("nothing")).isFalse();
        assertThat(layers.effective("ge-0/0/30").profileIn()).contains("device");
    }
}

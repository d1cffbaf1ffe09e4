package mistmcp.mist;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.regex.Pattern;
import mistmcp.json.Json;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonString;
import mistmcp.settings.Env;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "psk",
                "passphrase",
                "secret",
                "password",
                "root_password",
                "auth_key",
                "community_name",
                "twilio_auth_token",
                "ldap_client_key",
                "portal_api_secret",
                "some_new_secret",
                "vendor_api_key",
                "brand_new_token",
                "Mesh_PSK",
                "additional_config_cmds",
                "gateway_additional_config_cmds",
                "magic"
            })
    void takesOutASecretByItsName(String name) {
        var redacted = Redaction.redact(
                JsonObject.of("a", JsonObject.of("list", Json.parse("[{\"" + name + "\": \"canary\"}]"))));

        assertThat(Json.text(redacted)).doesNotContain("canary").contains("[redacted]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"name", "psk_id", "psk_name", "key", "port_auth", "auth_type", "password_policy", "token_count"})
    void leavesWhatIsNoSecret(String name) {
        assertThat(Json.text(Redaction.redact(JsonObject.of(name, "plain")))).contains("plain");
    }

    @Test
    void takesOutAPlainKeyOnlyInTheObjectsThatHoldSecrets() {
        var redacted = Redaction.redact(Json.parseObject("""
                {"auth": {"keys": ["canary-1"], "type": "wep"}, "tacacs": {"acct_servers": [{"key": "canary-2"}]},
                 "radsec": {"key": "canary-3"}, "apps": [{"key": "zoom"}]}
                """));

        assertThat(Json.text(redacted)).doesNotContain("canary").contains("zoom", "wep");
    }

    @Test
    void leavesSwitchesAndEmptySecrets() {
        var object = Json.parseObject("{\"psk\": \"\", \"secret\": null, \"use_token\": true, \"api_token\": false}");

        assertThat(Redaction.redact(object)).isEqualTo(object);
    }

    @Test
    void putsInWhatItIsToldTo() {
        assertThat(Redaction.redact((mistmcp.json.JsonValue) JsonObject.of("psk", "a"), _ -> new JsonString("digest")))
                .isEqualTo(JsonObject.of("psk", "digest"));
    }

    /// The names of the API's document that look like secrets, less those that are switches, ids, texts or
    /// states.
    @Test
    void knowsTheNamesOfTheDocument() throws java.io.IOException {
        var data = Env.ofProcess().text("MIST_TEST_DATA", "../../shared/data");
        var document = Path.of(data, "mist", "mist.openapi.json");
        if (!Files.exists(document)) {
            System.out.println(
                    "not checked, there is no " + document.getFileName() + ": names of secrets in Mist's document");
            return;
        }
        var names = new TreeSet<String>();
        var matcher = Pattern.compile(
                        "\"([a-z0-9_]*(?:password|_secret|passphrase|_psk|api_key|_token))\":\\{[^{}]*\"type\":\"string\"")
                .matcher(Files.readString(document).replaceAll("\\s+", ""));
        while (matcher.find()) {
            names.add(matcher.group(1));
        }

        assertThat(names).hasSizeGreaterThan(20).allMatch(Redaction::isSecret);
    }
}

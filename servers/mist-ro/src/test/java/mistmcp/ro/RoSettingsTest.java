package mistmcp.ro;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import mistmcp.settings.Env;
import org.junit.jupiter.api.Test;

class RoSettingsTest {
    private static final Map<String, String> GOOD = Map.of(
            "MIST_API_BASE", "http://127.0.0.1:1",
            "MIST_ORG_ID", "9777c1a0-6ef6-11e6-8bbf-02e208b2d34f",
            "MIST_TOKEN_RO", "token",
            "SERVICE_KEY_RO", "0123456789abcdef0123456789abcdef");

    @Test
    void takesTheModeInAnyCaseAsTheGatewayDoes() {
        assertThat(read("OIDC").strict()).isTrue();
        assertThat(read("Dev").strict()).isFalse();
    }

    private static RoSettings read(String mode) {
        var values = new java.util.HashMap<>(GOOD);
        values.put("MODE_AUTH", mode);
        var env = Env.of(values);
        var settings = RoSettings.read(env, false);
        assertThat(env.faults()).isEmpty();
        return settings;
    }
}

package mistmcp.rw;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import mistmcp.settings.Env;
import org.junit.jupiter.api.Test;

final class RwSettingsTest {
    @Test
    void namesAllFaultsAtOnce() {
        var env = Env.of(
                Map.of("MIST_API_BASE", "https://api.example.com", "SERVICE_KEY_RW", "short", "MIST_RW_PORT", "x"));

        RwSettings.read(env, false);

        assertThat(String.join("\n", env.faults()))
                .contains("MIST_API_BASE", "MIST_ORG_ID", "MIST_TOKEN_RW", "SERVICE_KEY_RW", "MIST_RW_PORT")
                .doesNotContain("short`");
    }

    @Test
    void needsNoServiceKeyOverStdio() {
        var env = Env.of(Map.of());

        RwSettings.read(env, true);

        assertThat(String.join("\n", env.faults())).doesNotContain("SERVICE_KEY_RW");
    }
}

package mistmcp.mist;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import mistmcp.settings.Env;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MistSettingsTest {
    private static final String ORG = "e4cfdb69-3b3a-323f-94bb-b9fccb988380";

    private static Env env(String base) {
        return Env.of(Map.of("MIST_API_BASE", base, "MIST_ORG_ID", ORG, "MIST_TOKEN_RO", "abc"));
    }

    @Test
    void takesEachHostOfMist() {
        assertThat(MistSettings.HOSTS).hasSize(12);
        for (var host : MistSettings.HOSTS) {
            var env = env("https://" + host);
            var settings = MistSettings.read(env, "MIST_TOKEN_RO");
            assertThat(env.faults()).isEmpty();
            assertThat(settings.simulated()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1:8099", "http://localhost:1/", "http://[::1]:9"})
    void takesLoopbackForASimulatedMist(String base) {
        var env = env(base);

        assertThat(MistSettings.read(env, "MIST_TOKEN_RO").simulated()).isTrue();
        assertThat(env.faults()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://api.mist.com", "https://api.mist.com.evil.example", "https://evil.example",
                        "https://api.mist.com:8443",
                "https://user@api.mist.com", "https://api.mist.com/api/v1", "https://api.mist.com?x=1",
                        "http://127.0.0.2",
                "http://10.0.0.1", "http://2130706433", "ftp://api.mist.com", "https://api.mist.com@evil.example"
            })
    void refusesEveryOtherHost(String base) {
        var env = env(base);
        MistSettings.read(env, "MIST_TOKEN_RO");

        assertThat(env.faults()).anyMatch(fault -> fault.startsWith("`MIST_API_BASE`"));
    }

    @Test
    void reportsAllThatIsMissing() {
        var env = Env.of(Map.of());
        MistSettings.read(env, "MIST_TOKEN_RW");

        assertThat(env.faults()).hasSize(3).anyMatch(fault -> fault.startsWith("`MIST_TOKEN_RW` is missing"));
    }

    @Test
    void hidesTheToken() {
        assertThat(MistSettings.read(env("https://api.mist.com"), "MIST_TOKEN_RO")
                        .toString())
                .doesNotContain("abc");
    }
}

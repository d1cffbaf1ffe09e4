package mistmcp.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import mistmcp.settings.InvalidSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
    private static final Set<String> EGRESS = Set.of("HTTPS_PROXY", "NO_PROXY", "EXTRA_CA_CERTS");

    @TempDir
    private Path home;

    private static Set<String> documented() {
        return Settings.documented();
    }

    /// Each setting with a value of its own.
    private Settings everything() {
        var values = new TreeMap<String, String>();
        Settings.documented().forEach(name -> values.put(name, "value-of-" + name));
        return new Settings(values, home);
    }

    @Test
    void eachServerGetsJustItsOwn() {
        var settings = everything();

        assertThat(settings.forMistRo().keySet())
                .isEqualTo(with(
                        EGRESS,
                        "MIST_API_BASE",
                        "MIST_ORG_ID",
                        "MIST_TOKEN_RO",
                        "MIST_RO_ALLOW_WRITE_TOKEN",
                        "MODE_AUTH"));
        assertThat(settings.forMistRw().keySet())
                .isEqualTo(with(EGRESS, "MIST_API_BASE", "MIST_ORG_ID", "MIST_TOKEN_RW", "MODE_AUTH"));
        assertThat(settings.forSimulator()).isEmpty();
    }

    @Test
    void theGatewayGetsAllButWhatIsForTheMistCloud() {
        var gateway = everything().forGateway();

        var own = new TreeSet<>(Settings.documented());
        own.removeAll(
                Set.of("MIST_API_BASE", "MIST_ORG_ID", "MIST_TOKEN_RO", "MIST_TOKEN_RW", "MIST_RO_ALLOW_WRITE_TOKEN"));
        assertThat(gateway.keySet()).isEqualTo(own);
        assertThat(gateway.values()).noneMatch(value -> value.contains("MIST_TOKEN"));
    }

    @ParameterizedTest
    @MethodSource("documented")
    void everyNameMayBeAFile(String name) throws IOException {
        Files.writeString(home.resolve(".env"), name + "_FILE=secrets/" + name + "\n");
        var settings = read(home);

        var children = Map.of("gateway", settings.forGateway(), "ro", settings.forMistRo(), "rw", settings.forMistRw());
        var whole = everything();
        var named = Map.of("gateway", whole.forGateway(), "ro", whole.forMistRo(), "rw", whole.forMistRw());
        children.forEach((child, own) -> {
            assertThat(own.containsKey(name + "_FILE"))
                    .as(child)
                    .isEqualTo(named.getOrDefault(child, Map.of()).containsKey(name));
            if (own.containsKey(name + "_FILE")) {
                assertThat(own.get(name + "_FILE"))
                        .isEqualTo(home.resolve("secrets").resolve(name).toString());
                assertThat(own).as(child + " gets no default beside the file").doesNotContainKey(name);
            }
        });
    }

    @Test
    void readsForItselfWhatAFileHolds() throws IOException {
        Files.writeString(home.resolve("mode"), "oidc\n");
        Files.writeString(home.resolve("port"), "8123\n");
        Files.writeString(home.resolve("data"), "state\n");
        var settings = new Settings(
                Map.of("MODE_AUTH_FILE", "mode", "GATEWAY_PORT_FILE", "port", "DATA_DIR_FILE", "data"), home);

        assertThat(settings.dev()).isFalse();
        assertThat(settings.port()).isEqualTo(8123);
        assertThat(settings.dataDir()).isEqualTo(home.resolve("state"));
        assertThat(settings.forGateway())
                .containsEntry("DATA_DIR", home.resolve("state").toString())
                .doesNotContainKey("DATA_DIR_FILE")
                .doesNotContainKey("MODE_AUTH")
                .containsEntry("MODE_AUTH_FILE", home.resolve("mode").toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLS_CERTS", "TRUSTED_PROXY", "EXTRA_CA", "EXTRA_CA_CERT_FILE", "OIDC_JWKS", "JWKS_TTLS"})
    void aNameThatStartsLikeOursButIsNoneStopsTheStart(String name) throws IOException {
        Files.writeString(home.resolve(".env"), name + "=x\n");

        assertThatThrownBy(() -> Settings.read(home))
                .isInstanceOfSatisfying(
                        InvalidSettings.class,
                        invalid -> assertThat(invalid.faults())
                                .singleElement()
                                .asString()
                                .startsWith("`" + name + "` is no setting of ours"));
    }

    @Test
    void knowsHowTheGatewayIsReached() {
        assertThat(new Settings(Map.of(), home).url()).isEqualTo("http://127.0.0.1:8000");
        assertThat(new Settings(Map.of("TLS_CERT_FILE", "cert.pem", "GATEWAY_PORT", "8443"), home).url())
                .isEqualTo("https://127.0.0.1:8443");
        assertThat(new Settings(Map.of("PUBLIC_URL", "https://gw.example.com/mist/"), home).url())
                .isEqualTo("https://gw.example.com/mist");
    }

    @Test
    void filesCountFromTheFolderOfTheInstallation() {
        var gateway = new Settings(
                        Map.of("TLS_CERT", "tls/cert.pem", "EXTRA_CA_CERTS", "/etc/ca.pem", "NO_PROXY", "a.example"),
                        home)
                .forGateway();

        assertThat(gateway)
                .containsEntry("TLS_CERT", home.resolve("tls/cert.pem").toString())
                .containsEntry("EXTRA_CA_CERTS", "/etc/ca.pem")
                .containsEntry("NO_PROXY", "a.example");
    }

    /// A live Mist needs three of its settings together.
    private static Settings read(Path home) {
        try {
            return Settings.read(home);
        } catch (InvalidSettings invalid) {
            assertThat(invalid.faults()).allMatch(fault -> fault.contains("is needed for a live Mist"));
            try {
                var parsed = mistmcp.settings.DotEnv.parse(Files.readString(home.resolve(".env")));
                return new Settings(parsed.values(), home);
            } catch (IOException unreadable) {
                throw new AssertionError(unreadable);
            }
        }
    }

    private static Set<String> with(Set<String> names, String... more) {
        var all = new TreeSet<>(names);
        all.addAll(Set.of(more));
        return all;
    }
}

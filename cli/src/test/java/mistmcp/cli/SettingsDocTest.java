package mistmcp.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.regex.Pattern;
import mistmcp.settings.DotEnv;
import mistmcp.settings.InvalidSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `.env.example` and `docs/settings.md` promise.
class SettingsDocTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern EXAMPLE = Pattern.compile("(?m)^#?([A-Z][A-Z_]+)=");

    @Test
    void aCopiedExampleWorksAsItIs(@TempDir Path home) throws IOException {
        Files.copy(ROOT.resolve(".env.example"), home.resolve(".env"));

        var settings = Settings.read(home);

        assertThat(settings.dataDir()).isNotNull();
        assertThat(settings.dev()).isTrue();
    }

    @Test
    void aWrongNameIsAnsweredWithTheNearestRightOne(@TempDir Path home) throws IOException {
        Files.writeString(home.resolve(".env"), "GATEWAY_PRT=1\n");

        assertThatThrownBy(() -> Settings.read(home))
                .isInstanceOfSatisfying(
                        InvalidSettings.class,
                        invalid -> assertThat(invalid.faults())
                                .containsExactly("`GATEWAY_PRT` is no setting of ours: did you mean `GATEWAY_PORT`?"));
    }

    @Test
    void theExampleSetsNoMistValueAndNoWrites() throws IOException {
        var parsed = DotEnv.parse(Files.readString(ROOT.resolve(".env.example")));

        assertThat(parsed.faults()).isEmpty();
        assertThat(parsed.values().keySet()).noneMatch(name -> name.startsWith("MIST_"));
        assertThat(parsed.values()).containsEntry("WRITE_ENABLED", "false").containsEntry("MODE_AUTH", "dev");
    }

    @Test
    void everySettingStandsInTheExampleAndInTheDocument() throws IOException {
        var example = new TreeSet<String>();
        EXAMPLE.matcher(Files.readString(ROOT.resolve(".env.example")))
                .results()
                .forEach(match -> example.add(match.group(1)));
        var document = Files.readString(ROOT.resolve("docs/settings.md"));

        assertThat(example.stream().filter(name -> !name.endsWith("_FILE")))
                .containsExactlyInAnyOrderElementsOf(Settings.documented());
        assertThat(Settings.documented()).allMatch(name -> document.contains("| `" + name + "` |"));
    }
}

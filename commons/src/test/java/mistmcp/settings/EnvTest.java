package mistmcp.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvTest {
    @Test
    void readsTypedValues() {
        var env = Env.of(Map.of(
                "A", " text ", "B", "'quoted'", "C", "YES", "D", "90", "E", "5m", "F", "a, b ,,c", "G", "https://h/p"));

        assertThat(env.text("A")).contains("text");
        assertThat(env.text("B")).contains("quoted");
        assertThat(env.bool("C", false)).isTrue();
        assertThat(env.integer("D", 1, 0, 100)).isEqualTo(90);
        assertThat(env.duration("E", Duration.ZERO)).isEqualTo(Duration.ofMinutes(5));
        assertThat(env.list("F", "")).containsExactly("a", "b", "c");
        assertThat(env.address("G")).isPresent();
        env.check();
    }

    @Test
    void takesAnEmptyValueAsUnset() {
        var env = Env.of(Map.of("A", "", "B", "  ", "C", "\"\""));

        assertThat(env.text("A", "default")).isEqualTo("default");
        assertThat(env.text("B")).isEmpty();
        assertThat(env.text("C")).isEmpty();
    }

    @Test
    void reportsAllFaultsAtOnceWithoutTheValues() {
        var env = Env.of(Map.of(
                "A",
                "perhaps-s3cret",
                "B",
                "101",
                "C",
                "soon-s3cret",
                "D",
                "ftp://h",
                "E",
                "{s3cret",
                "F",
                "x-s3cret"));
        env.bool("A", false);
        env.integer("B", 1, 0, 100);
        env.duration("C", Duration.ZERO);
        env.address("D");
        env.json("E");
        env.integer("F", 1, 0, 100);

        assertThatExceptionOfType(InvalidSettings.class)
                .isThrownBy(env::check)
                .satisfies(invalid -> assertThat(invalid.faults())
                        .hasSize(6)
                        .noneMatch(fault -> fault.contains("s3cret"))
                        .allMatch(fault -> fault.startsWith("`")));
    }

    @Test
    void readsAValueFromAFile(@TempDir Path dir) throws IOException {
        var file = Files.writeString(dir.resolve("token"), "from-file\n");

        assertThat(Env.of(Map.of("T_FILE", file.toString())).secret("T").map(Secret::reveal))
                .contains("from-file");
    }

    @Test
    void refusesANameThatIsGivenTwice(@TempDir Path dir) throws IOException {
        var file = Files.writeString(dir.resolve("token"), "from-file\n");
        var env = Env.of(Map.of("T", "direct", "T_FILE", file.toString()));
        env.text("T");

        assertThat(env.faults()).singleElement().asString().contains("T_FILE");
    }

    @Test
    void reportsAFileThatCannotBeRead() {
        var env = Env.of(Map.of("T_FILE", "/does/not/exist"));
        env.text("T");

        assertThat(env.faults()).hasSize(1);
    }

    @Test
    void showsNoSecret() {
        assertThat(new Secret("hunter2")).hasToString("•••").isEqualTo(new Secret("hunter2"));
    }
}

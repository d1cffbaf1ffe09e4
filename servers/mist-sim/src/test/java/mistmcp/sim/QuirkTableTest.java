package mistmcp.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import mistmcp.sim.api.Quirk;
import org.junit.jupiter.api.Test;

/// The table of quirks in `docs/simulator.md`: each quirk has one row, and the test that the row names is
/// there.
final class QuirkTableTest {
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\|[^|]+\\|[^|]+\\| `([A-Z_]+)` \\| `(ro|rw)\\.(\\w+)\\.(\\w+)` \\|$");

    @Test
    void hasOneRowForEachQuirk() throws IOException {
        assertThat(rows().stream().map(row -> row.group(1)))
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(Quirk.values()).map(Quirk::name).toList());
    }

    @Test
    void namesTestsThatAreThere() throws IOException {
        for (var row : rows()) {
            var test = root().resolve("servers/mist-" + row.group(2) + "/src/test/java/mistmcp/" + row.group(2) + "/"
                    + row.group(3) + ".java");
            assertThat(test).as(row.group()).exists();
            assertThat(Files.readString(test)).contains("void " + row.group(4) + "()");
        }
    }

    private static List<MatchResult> rows() throws IOException {
        return ROW.matcher(Files.readString(root().resolve("docs/simulator.md")))
                .results()
                .toList();
    }

    private static Path root() {
        for (var at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.exists(at.resolve("docs/simulator.md"))) {
                return at;
            }
        }
        throw new IllegalStateException("docs/simulator.md stands in no folder above");
    }
}

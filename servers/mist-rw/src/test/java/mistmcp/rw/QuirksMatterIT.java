package mistmcp.rw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/// The tests of this module that the table of `docs/simulator.md` names for a quirk: each fails when it is
/// off. The same stands in `ro`: `./mist` builds without tests, so modules share no jar of tests.
final class QuirksMatterIT {
    private static final String OFF = "sim.quirks.off";
    private static final Pattern ROW = Pattern.compile("(?m)\\| `([A-Z_]+)` \\| `rw\\.(\\w+)\\.(\\w+)` \\|$");

    record Row(String quirk, String type, String method) {
        @Override
        public String toString() {
            return quirk + " " + type + "." + method;
        }
    }

    static List<Row> rows() throws IOException {
        return ROW.matcher(Files.readString(table()))
                .results()
                .map(row -> new Row(row.group(1), row.group(2), row.group(3)))
                .toList();
    }

    private static Path table() {
        for (var at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.exists(at.resolve("docs/simulator.md"))) {
                return at.resolve("docs/simulator.md");
            }
        }
        throw new IllegalStateException("docs/simulator.md stands in no folder above");
    }

    @AfterEach
    void allOnAgain() {
        System.clearProperty(OFF);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void failsWithoutTheQuirk(Row row) {
        assertThat(failures(row)).as("with it").isZero();

        System.setProperty(OFF, row.quirk());

        assertThat(failures(row)).as("without it").isEqualTo(1);
    }

    private static long failures(Row row) {
        var heard = new SummaryGeneratingListener();
        var request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectMethod(QuirksMatterIT.class.getPackageName() + "." + row.type(), row.method()))
                .build();
        LauncherFactory.create().execute(request, heard);
        assertThat(heard.getSummary().getTestsFoundCount()).isEqualTo(1);
        return heard.getSummary().getTestsFailedCount();
    }
}

package mistmcp.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonObject;
import org.junit.jupiter.api.Test;

/// The gateway knows none of the simulated network's names and none of the asks that it is tried with: what
/// it answers it reads off the tools.
final class PlannerKnowsNoNameTest {
    private static final Path ROOT = RunningStack.root();
    private static final int SHORTEST = 5;

    @Test
    void noNameOfTheSeedIsInTheGateway() throws IOException {
        var seed = Json.parseObject(
                Files.readAllBytes(ROOT.resolve("servers/mist-sim/src/main/resources/mistmcp/sim/seed.json")),
                JsonLimits.TRUSTED);
        var names = new TreeSet<String>();
        names.addAll(named(seed, "sites", "name"));
        names.addAll(named(seed, "devices", "name"));
        names.addAll(named(seed, "wireless_clients", "hostname"));
        names.addAll(named(seed, "wired_clients", "dhcp_hostname"));
        names.addAll(named(seed, "wlans", "ssid"));
        seed.object("org").flatMap(org -> org.string("name")).ifPresent(names::add);
        var gateway = sources();

        assertThat(gateway).contains("final class callgate", "built-in planner");
        assertThat(names).hasSizeGreaterThan(30).contains("Berlin-HQ", "ber-sw-01", "lpt-4711");
        assertThat(names.stream().filter(name -> gateway.contains(plain(name)))).isEmpty();
    }

    @Test
    void noAskIsInTheGateway() throws IOException {
        var tasks = ROOT.resolveSibling("shared").resolve("data/mist/tasks.jsonl");
        if (!Files.isReadable(tasks)) {
            System.out.println("not compared: the asks are not on this machine");
            return;
        }
        var asks = Files.readAllLines(tasks).stream()
                .filter(line -> !line.isBlank())
                .map(line -> Json.parseObject(line).string("ask").orElseThrow())
                .toList();
        var gateway = sources();

        assertThat(asks).isNotEmpty();
        assertThat(asks.stream().filter(ask -> gateway.contains(plain(ask)))).isEmpty();
    }

    private static Set<String> named(JsonObject seed, String table, String member) {
        return seed.array(table).orElse(JsonArray.EMPTY).objects().stream()
                .flatMap(row ->
                        row
                                .string(member)
                                .or(() -> row.array(member)
                                        .flatMap(all -> all.strings().stream().findFirst()))
                                .stream())
                .filter(name -> name.length() >= SHORTEST && name.matches("[\\p{L}0-9 ._-]+"))
                .collect(Collectors.toSet());
    }

    /// The gateway's sources and resources in one text; the page's files are built and left out.
    private static String sources() {
        try (var files = Files.walk(ROOT.resolve("gateway/src/main"))) {
            return files.filter(file -> file.toString().matches(".*\\.(java|json|sql|txt|properties|yaml|xml)"))
                    .map(PlannerKnowsNoNameTest::read)
                    .map(PlannerKnowsNoNameTest::plain)
                    .collect(Collectors.joining("\n"));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static String plain(String text) {
        return text.toLowerCase(Locale.ROOT).replaceAll("\\s+", " ");
    }
}

package mistmcp.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// The product as `./mist up` starts it, with mist-ro and the simulated Mist behind the gateway: what its
/// processes hold in memory, and what a real read costs.
final class Shipped {
    static final String NAME = "mist-ro through the gateway";

    private static final Pattern MAIN = Pattern.compile("mistmcp\\.(\\w+)\\.Main");
    private static final Map<String, String> NAMES =
            Map.of("cli", "launcher", "gateway", "gateway", "ro", "mist-ro", "rw", "mist-rw", "sim", "mist-sim");

    private Shipped() {}

    /// What was seen.
    ///
    /// @param idleMiB  resident memory of each process, ready and without a call
    /// @param afterMiB the same after the load
    /// @param sample   reads by 8 callers; its CPU is the gateway's
    record Seen(Map<String, Long> idleMiB, Map<String, Long> afterMiB, Load.Sample sample) {
        long idle() {
            return idleMiB.values().stream().mapToLong(Long::longValue).sum();
        }

        long after() {
            return afterMiB.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    static Seen run(Path home, Load load, Duration warmUp, Duration length) throws IOException, InterruptedException {
        var folder = Rig.installation(home);
        var program = Program.start(
                "mist up",
                Rig.cli(home, folder, "up"),
                Map.of("DATA_DIR", folder.resolve("data").toString(), "GATEWAY_PORT", "0"),
                folder.resolve("up.log"));
        try {
            var line = program.awaitLine("is up at ");
            var gateway = URI.create(line.substring(line.indexOf("http")).strip());
            Thread.sleep(2_000);
            var processes = processes(program);
            var idle = memory(processes);
            var target = new Target(
                    NAME,
                    gateway.resolve("/mcp"),
                    Rig.tokens(gateway.getPort(), List.of("*")),
                    false,
                    Optional.ofNullable(processes.get("gateway")).stream().toList());
            load.run(target, new Ask.Sites(), 8, warmUp);
            var sample = load.run(target, new Ask.Sites(), 8, length);
            return new Seen(idle, memory(processes), sample);
        } finally {
            program.close();
            Rig.remove(folder);
        }
    }

    private static Map<String, Long> processes(Program program) {
        var found = new LinkedHashMap<String, Long>();
        for (var process : new ArrayList<>(program.family())) {
            var main = MAIN.matcher(process.info().commandLine().orElse(""));
            if (main.find()) {
                found.put(NAMES.getOrDefault(main.group(1), main.group(1)), process.pid());
            }
        }
        return found;
    }

    private static Map<String, Long> memory(Map<String, Long> processes) throws IOException {
        var memory = new LinkedHashMap<String, Long>();
        for (var name : List.of("launcher", "gateway", "mist-ro", "mist-rw", "mist-sim")) {
            var pid = processes.get(name);
            if (pid != null) {
                memory.put(name, Cpu.residentMiB(pid));
            }
        }
        return memory;
    }
}

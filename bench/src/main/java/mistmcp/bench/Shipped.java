package mistmcp.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongFunction;
import java.util.regex.Pattern;
import mistmcp.assertion.Assertion;
import mistmcp.assertion.AssertionKey;
import mistmcp.json.Sha256;
import mistmcp.settings.Secret;

/// The product as `./mist up` starts it, with mist-ro and the simulated Mist behind the gateway: what its
/// processes hold in memory, and what a real read costs through the gateway and at mist-ro itself.
final class Shipped {
    static final String THROUGH = "mist-ro through the gateway";
    static final String DIRECT = "mist-ro directly";
    static final int CALLERS = 8;

    private static final int ROUNDS = 5;
    private static final Pattern MAIN = Pattern.compile("mistmcp\\.(\\w+)\\.Main");
    private static final Map<String, String> NAMES =
            Map.of("cli", "launcher", "gateway", "gateway", "ro", "mist-ro", "rw", "mist-rw", "sim", "mist-sim");

    private Shipped() {}

    /// What was seen; the samples are among the results, as small results of [#CALLERS] callers.
    ///
    /// @param idleMiB  resident memory of each process, ready and without a call
    /// @param afterMiB the same after the load
    /// @param warmUp   how each of the two ways was warmed up
    record Seen(Map<String, Long> idleMiB, Map<String, Long> afterMiB, Map<String, WarmUp.Seen> warmUp) {
        long idle() {
            return idleMiB.values().stream().mapToLong(Long::longValue).sum();
        }

        long after() {
            return afterMiB.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /// Measures both ways in turn, so that what else the machine does hits them alike.
    static Seen run(Path home, Load load, WarmUp warmUp, Plan plan, Results results)
            throws IOException, InterruptedException {
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
            var targets = targets(gateway, processes);
            var warmed = new LinkedHashMap<String, WarmUp.Seen>();
            for (var target : targets) {
                warmed.put(
                        target.name(),
                        warmUp.run(
                                target,
                                new Ask.Sites(),
                                CALLERS,
                                target.name().equals(THROUGH) ? plan.gateway() : plan.part()));
            }
            for (int round = 0; round < ROUNDS; round++) {
                var order = new ArrayList<>(targets);
                Collections.rotate(order, round);
                for (var target : order) {
                    results.add(
                            Size.SMALL,
                            CALLERS,
                            target.name(),
                            load.run(
                                    target, new Ask.Sites(), CALLERS, plan.run().multipliedBy(2)));
                }
            }
            return new Seen(idle, memory(processes), warmed);
        } finally {
            program.close();
            Rig.remove(folder);
        }
    }

    private static List<Target> targets(URI gateway, Map<String, Long> processes) throws IOException {
        long process = pid(processes, "gateway");
        var given = environment(process);
        var key = new AssertionKey(new Secret(given.getOrDefault("SERVICE_KEY_RO", "")), InstantSource.system());
        return List.of(
                new Target(
                        THROUGH,
                        gateway.resolve("/mcp"),
                        Target.bearer(Rig.tokens(gateway.getPort(), List.of("*"))),
                        false,
                        List.of(process)),
                new Target(
                        DIRECT,
                        URI.create(given.getOrDefault("MIST_RO_URL", "")),
                        new Vouched(key),
                        false,
                        List.of(pid(processes, "mist-ro"))));
    }

    private static long pid(Map<String, Long> processes, String name) {
        return Optional.ofNullable(processes.get(name))
                .orElseThrow(() -> new IllegalStateException(name + " was not found among the processes"));
    }

    /// What the launcher gave a process: where mist-ro is, and the key that it shares with the gateway, which the
    /// launcher makes anew at each start.
    private static Map<String, String> environment(long pid) throws IOException {
        var all = new HashMap<String, String>();
        var text = Files.readString(Path.of("/proc", Long.toString(pid), "environ"));
        for (var entry : text.split("\0")) {
            int equals = entry.indexOf('=');
            if (equals > 0) {
                all.put(entry.substring(0, equals), entry.substring(equals + 1));
            }
        }
        return all;
    }

    /// Vouches for the calls as the gateway does. Each different call is signed once in half a minute and not each
    /// time, for the generator shares the machine with what it measures; the server checks each one.
    private record Vouched(AssertionKey key, Map<String, Signed> signed) implements LongFunction<String> {
        private static final Duration FRESH = Duration.ofSeconds(30);

        private record Signed(String line, Instant until) {}

        Vouched(AssertionKey key) {
            this(key, new ConcurrentHashMap<>());
        }

        @Override
        public String apply(long number) {
            var arguments = Ask.Sites.arguments(number);
            var known = signed.get(arguments);
            if (known == null || Instant.now().isAfter(known.until())) {
                known = new Signed(
                        Assertion.HEADER + ": " + key.sign(assertion(arguments)) + "\r\n",
                        Instant.now().plus(FRESH));
                signed.put(arguments, known);
            }
            return known.line();
        }

        private Assertion assertion(String arguments) {
            return new Assertion(
                    "mist-ro",
                    "bench|direct",
                    "ReadOnly",
                    List.of("*"),
                    "read",
                    "tools/call",
                    Ask.Sites.TOOL,
                    Sha256.of(arguments.getBytes(StandardCharsets.US_ASCII)),
                    key.newId(),
                    key.expiry(),
                    Optional.empty());
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

package mistmcp.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import mistmcp.http.HttpClient;
import mistmcp.http.OutboundRequest;
import mistmcp.json.Json;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonObject;

/// What is measured, running: the upstream, the gateway as `./mist serve gateway` starts it, and its stages,
/// each a process of its own with the gateway's flags. All on loopback, on free ports, with data in a
/// temporary folder.
final class Rig implements AutoCloseable {
    private static final int TOKENS = 64;
    private static final String SERVICE_KEY = "bench-service-key-0123456789abcdef";

    private final Path home;
    private final Path folder;
    private final Deque<Program> programs = new ArrayDeque<>();
    private final List<Target> targets = new ArrayList<>();

    private Rig(Path home, Path folder) {
        this.home = home;
        this.folder = folder;
    }

    /// Starts all of it; what was started is stopped again when one part does not come up.
    static Rig start(Path home) throws IOException, InterruptedException {
        var rig = new Rig(home, installation(home));
        try {
            rig.startAll();
            return rig;
        } catch (IOException | InterruptedException | RuntimeException failed) {
            rig.close();
            throw failed;
        }
    }

    /// The targets in the order of what they do: the upstream itself first, the whole gateway last.
    List<Target> targets() {
        return List.copyOf(targets);
    }

    Target gateway() {
        return targets.getLast();
    }

    Target direct() {
        return targets.getFirst();
    }

    Path folder() {
        return folder;
    }

    private void startAll() throws IOException, InterruptedException {
        var upstream = java(List.of("-XX:+UseSerialGC", "-Xmx256m"), List.of("upstream"), Map.of(), "upstream");
        var uri = mcp(port(upstream.awaitLine("\"ready\"")));
        targets.add(new Target("direct", uri, Target.nothing(), false, List.of(upstream.pid())));

        var settings = settings(uri);
        var launcher = keep(Program.start(
                "gateway", cli(home, folder, "serve", "gateway"), with(settings, "MIST_HOME", folder), log("gateway")));
        int port = port(launcher.awaitLine("\"ready\""));
        var process = launcher.family().stream()
                .filter(child -> child.info().commandLine().orElse("").contains("mistmcp.gateway.Main"))
                .findFirst()
                .orElseThrow();
        var tokens = tokens(port, Load.SITES);
        var flags = flags(process);
        for (var stage : StageServer.Stage.values()) {
            var name = stage.name().toLowerCase(java.util.Locale.ROOT);
            var program = java(flags, List.of("stage", name), settings, name);
            targets.add(new Target(
                    label(stage),
                    mcp(port(program.awaitLine("\"ready\""))),
                    stage == StageServer.Stage.RELAY ? Target.nothing() : Target.bearer(tokens),
                    false,
                    List.of(program.pid())));
        }
        targets.add(new Target("gateway, all on", mcp(port), Target.bearer(tokens), false, List.of(process.pid())));
    }

    private static String label(StageServer.Stage stage) {
        return switch (stage) {
            case RELAY -> "pass-through";
            case JWT -> "+ JWT";
            case POLICY -> "+ policy and scope";
        };
    }

    private Map<String, String> settings(URI upstream) {
        var settings = new TreeMap<String, String>();
        settings.put("MODE_AUTH", "dev");
        settings.put("GATEWAY_PORT", "0");
        settings.put("DATA_DIR", folder.resolve("data").toString());
        settings.put("POLICY_PATH", folder.resolve("policy_rbac.json").toString());
        settings.put("MIST_RO_URL", upstream.toString());
        settings.put("SERVICE_KEY_RO", SERVICE_KEY);
        return settings;
    }

    /// The flags of a virtual machine, up to its class path.
    private static List<String> flags(ProcessHandle process) throws IOException {
        var words = new String(
                        Files.readAllBytes(Path.of("/proc", Long.toString(process.pid()), "cmdline")),
                        StandardCharsets.UTF_8)
                .split("\0");
        var flags = new ArrayList<String>();
        for (int i = 1; i < words.length && !words[i].equals("-cp"); i++) {
            flags.add(words[i]);
        }
        return flags;
    }

    private Program java(List<String> flags, List<String> arguments, Map<String, String> environment, String name)
            throws IOException {
        return keep(Program.start(name, java(flags, arguments.toArray(String[]::new)), environment, log(name)));
    }

    /// The command of a virtual machine that runs another main job of ours.
    static List<String> java(List<String> flags, String... arguments) {
        var command = new ArrayList<String>();
        command.add(executable());
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    /// The command of a `mist` command for an installation.
    static List<String> cli(Path home, Path folder, String... arguments) {
        var target = home.resolve("cli").resolve("target");
        var command = new ArrayList<>(List.of(
                executable(),
                "-Xmx48m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dmist.home=" + folder,
                "-cp",
                target.resolve("cli-0.1.0.jar") + ":" + target.resolve("lib") + "/*",
                "mistmcp.cli.Main"));
        command.addAll(List.of(arguments));
        return command;
    }

    /// Tokens of 64 callers who may see these sites.
    static List<String> tokens(int port, List<String> sites) throws IOException {
        var tokens = new ArrayList<String>();
        try (var http = new HttpClient(Duration.ofSeconds(5), 4)) {
            for (int i = 0; i < TOKENS; i++) {
                var body =
                        JsonObject.of("sub", "bench-" + i, "roles", List.of("ReadOnly"), "sites", sites, "ttl", 3600);
                var request = new OutboundRequest(
                        "POST",
                        URI.create("http://127.0.0.1:" + port + "/auth/dev/mint"),
                        Map.of("Content-Type", "application/json"),
                        Optional.of(Json.bytes(body)),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(10));
                try (var answer = http.send(request)) {
                    tokens.add(Json.parseObject(answer.body(1 << 16), JsonLimits.TRUSTED)
                            .string("access_token")
                            .orElseThrow(() -> new IllegalStateException("no token was minted")));
                }
            }
        }
        return tokens;
    }

    /// An installation by links, so that nobody's `.env` takes part.
    static Path installation(Path home) throws IOException {
        var folder = Files.createTempDirectory("mist-bench");
        for (var part : List.of("gateway", "servers", "cli", "policy_rbac.json", "rbac_prompt.txt")) {
            Files.createSymbolicLink(folder.resolve(part), home.resolve(part));
        }
        return folder;
    }

    private static String executable() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private Path log(String name) {
        return folder.resolve(name + ".log");
    }

    private Program keep(Program program) {
        programs.push(program);
        return program;
    }

    private static Map<String, String> with(Map<String, String> settings, String name, Path value) {
        var more = new TreeMap<>(settings);
        more.put(name, value.toString());
        return more;
    }

    private static URI mcp(int port) {
        return URI.create("http://127.0.0.1:" + port + "/mcp");
    }

    private static int port(String ready) {
        return Math.toIntExact(Json.parseObject(ready).integer("port").orElseThrow());
    }

    @Override
    public void close() {
        programs.forEach(Program::close);
        remove(folder);
    }

    static void remove(Path folder) {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException left) {
            System.err.println("bench: " + folder + " could not be removed");
        }
    }
}

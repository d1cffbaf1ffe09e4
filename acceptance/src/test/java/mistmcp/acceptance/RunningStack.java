package mistmcp.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import mistmcp.json.Json;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonNull;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonValue;

/// The whole product as `./mist up` runs it, from the built jars, on a data directory and a port of its own.
/// The folder of the installation is a copy by links, so that nobody's `.env` takes part.
final class RunningStack implements AutoCloseable {
    private static final String SIM_CONTROL = "acceptance-control";
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Pattern PORT = Pattern.compile("ready port=([0-9]+)");

    private final Path folder;
    private final Process launcher;
    private final int port;
    private final List<ProcessHandle> children;

    private RunningStack(Path folder, Process launcher, int port, List<ProcessHandle> children) {
        this.folder = folder;
        this.launcher = launcher;
        this.port = port;
        this.children = List.copyOf(children);
    }

    /// How a launcher ended, and all that it said.
    record Ended(int exitCode, String output) {}

    /// The one that the tests of this virtual machine share; it ends with it.
    static RunningStack shared() {
        return Shared.STACK;
    }

    private static final class Shared {
        static final RunningStack STACK = start(Map.of());

        static {
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(STACK::close));
        }
    }

    /// Starts one with writes on, and settings besides; waits until it is ready.
    static RunningStack start(Map<String, String> settings) {
        return start(freePort(), settings);
    }

    /// The same on a port that was chosen before, for who has to know the address first.
    static RunningStack start(int port, Map<String, String> settings) {
        return start(installation(), port, settings);
    }

    /// The same in an installation that was prepared before.
    static RunningStack start(Path folder, int port, Map<String, String> settings) {
        return start(folder, port, settings, "/readyz");
    }

    /// The same, but waits only until the gateway answers: an upstream of others may not be ready.
    static RunningStack startUnready(Path folder, int port, Map<String, String> settings) {
        return start(folder, port, settings, "/healthz");
    }

    private static RunningStack start(Path folder, int port, Map<String, String> settings, String health) {
        var launcher = launch(folder, port, settings);
        var deadline = Instant.now().plus(PATIENCE);
        while (Instant.now().isBefore(deadline)) {
            if (!launcher.isAlive()) {
                throw new AssertionError("the launcher has ended: " + output(folder));
            }
            if (Files.exists(data(folder).resolve("run").resolve("gateway.json"))
                    && RawHttp.send(port, "GET", health, Map.of(), Optional.empty())
                                    .status()
                            == 200) {
                return new RunningStack(
                        folder, launcher, port, launcher.descendants().toList());
            }
            pause();
        }
        var found = Files.exists(data(folder).resolve("run").resolve("gateway.json"))
                ? RawHttp.send(port, "GET", "/readyz", Map.of(), Optional.empty())
                        .text()
                : "no gateway";
        launcher.destroy();
        throw new AssertionError("not ready in time: " + found + " " + output(folder));
    }

    /// Starts one that is expected not to come up, and waits for its end.
    static Ended startAndFail(Path folder, int port, Map<String, String> settings) {
        var launcher = launch(folder, port, settings);
        try {
            if (!launcher.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                launcher.destroy();
                throw new AssertionError("the launcher runs on: " + output(folder));
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new AssertionError(stopped);
        }
        return new Ended(launcher.exitValue(), output(folder));
    }

    /// A new folder with what an installation has, without settings.
    static Path installation() {
        try {
            var root = root();
            var folder = Files.createTempDirectory("mist-acceptance");
            for (var part : List.of("gateway", "servers", "cli", "policy_rbac.json", "rbac_prompt.txt")) {
                Files.createSymbolicLink(folder.resolve(part), root.resolve(part));
            }
            return folder;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// The data directory of an installation.
    static Path data(Path folder) {
        return folder.resolve("data");
    }

    /// The folder of the sources and the build.
    static Path root() {
        for (var folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("policy_rbac.json")) && Files.exists(folder.resolve("mist"))) {
                return folder;
            }
        }
        throw new IllegalStateException("the tests run inside the source tree");
    }

    private static Process launch(Path folder, int port, Map<String, String> settings) {
        var cli = root().resolve("cli").resolve("target");
        var command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx48m",
                "-Dmist.home=" + folder,
                "-cp",
                cli.resolve("cli-0.1.0.jar") + ":" + cli.resolve("lib") + "/*",
                "mistmcp.cli.Main",
                "up");
        var log = folder.resolve("up.log").toFile();
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log));
        var environment = builder.environment();
        environment.keySet().removeIf(name -> !List.of("PATH", "HOME", "LANG").contains(name));
        environment.put("DATA_DIR", data(folder).toString());
        environment.put("GATEWAY_PORT", Integer.toString(port));
        environment.put("WRITE_ENABLED", "true");
        environment.put("SIM_CONTROL_TOKEN", SIM_CONTROL);
        environment.putAll(settings);
        try {
            return builder.start();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// The installation's folder.
    Path folder() {
        return folder;
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    int port() {
        return port;
    }

    /// The process that was started; it has started all others.
    ProcessHandle launcher() {
        return launcher.toHandle();
    }

    /// The processes that the launcher had started when the stack was ready.
    List<ProcessHandle> children() {
        return children;
    }

    /// The child that runs a main class.
    ProcessHandle child(String mainClass) {
        return children.stream()
                .filter(child -> commandLine(child).contains(mainClass))
                .findFirst()
                .orElseThrow(() -> new AssertionError(mainClass + " does not run"));
    }

    /// Kills the gateway as a crash would, and waits until the launcher has started it again.
    void crashGateway() {
        var dead = running("mistmcp.gateway.Main");
        dead.destroyForcibly();
        var deadline = Instant.now().plus(PATIENCE);
        while (Instant.now().isBefore(deadline)) {
            if (!dead.isAlive() && ready()) {
                return;
            }
            pause();
        }
        throw new AssertionError("the gateway did not come back: " + output(folder));
    }

    private ProcessHandle running(String mainClass) {
        return launcher.descendants()
                .filter(child -> commandLine(child).contains(mainClass))
                .findFirst()
                .orElseThrow(() -> new AssertionError(mainClass + " does not run"));
    }

    private boolean ready() {
        try {
            return RawHttp.send(port, "GET", "/readyz", Map.of(), Optional.empty())
                            .status()
                    == 200;
        } catch (UncheckedIOException down) {
            return false;
        }
    }

    /// The arguments of a process.
    static List<String> commandLine(ProcessHandle process) {
        return proc(process, "cmdline");
    }

    /// The variables of a process, as `NAME=value`.
    static List<String> environment(ProcessHandle process) {
        return proc(process, "environ");
    }

    private static List<String> proc(ProcessHandle process, String what) {
        try {
            var text = Files.readString(
                    Path.of("/proc", Long.toString(process.pid()), what), java.nio.charset.StandardCharsets.ISO_8859_1);
            return List.of(text.split("\0", -1));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// A DEV bearer for all sites.
    String mint(String subject, String... roles) {
        return mint(subject, List.of("*"), roles);
    }

    /// A DEV bearer for some sites.
    String mint(String subject, List<String> sites, String... roles) {
        var reply = post("/auth/dev/mint", JsonObject.of("sub", subject, "roles", List.of(roles), "sites", sites));
        return reply.body().string("access_token").orElseThrow(() -> new AssertionError(reply.text()));
    }

    /// The operator's token, as the run file has it.
    String operatorToken() {
        try {
            var file = data(folder).resolve("run").resolve("gateway.json");
            return Json.parseObject(Files.readAllBytes(file), JsonLimits.REQUEST)
                    .string("operatorToken")
                    .orElseThrow();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// A one-time sign-in code.
    String linkCode() {
        var reply = operator("/auth/dev/link", JsonObject.EMPTY);
        return reply.body().string("code").orElseThrow(() -> new AssertionError(reply.text()));
    }

    /// Turns commits on or off, as `./mist writes` does.
    void writes(boolean on) {
        var reply = operator("/operator/writes", JsonObject.of("on", on));
        if (reply.status() != 200) {
            throw new AssertionError(reply.text());
        }
    }

    private RawHttp.Reply operator(String path, JsonObject body) {
        return send("POST", path, Map.of("Mist-Operator", operatorToken()), Optional.of(body));
    }

    /// Without any proof of who calls.
    RawHttp.Reply post(String path, JsonObject body) {
        return send("POST", path, Map.of(), Optional.of(body));
    }

    /// With a bearer token.
    RawHttp.Reply post(String bearer, String path, JsonObject body) {
        return send("POST", path, Map.of("Authorization", "Bearer " + bearer), Optional.of(body));
    }

    /// With a bearer token.
    RawHttp.Reply get(String bearer, String path) {
        return send("GET", path, Map.of("Authorization", "Bearer " + bearer), Optional.empty());
    }

    /// Any request with JSON.
    RawHttp.Reply send(String method, String path, Map<String, String> headers, Optional<JsonObject> body) {
        var all = new LinkedHashMap<String, String>();
        body.ifPresent(_ -> all.put("Content-Type", "application/json"));
        all.putAll(headers);
        return RawHttp.send(port, method, path, all, body.map(Json::bytes));
    }

    /// One message to the chat; a JSON answer.
    JsonObject chat(String bearer, String message) {
        var reply = post(bearer, "/mcp/chat", JsonObject.of("message", message));
        if (reply.status() != 200) {
            throw new AssertionError(reply.status() + " " + reply.text());
        }
        return reply.body();
    }

    /// One request of an MCP client.
    RawHttp.Reply mcp(String bearer, String path, String method, JsonObject params) {
        var body = JsonObject.of("jsonrpc", "2.0", "id", 1, "method", method, "params", params);
        return send("POST", path, mcpHeaders(bearer), Optional.of(body));
    }

    /// What an MCP client of 2025-06-18 sends along.
    static Map<String, String> mcpHeaders(String bearer) {
        return Map.of(
                "Authorization",
                "Bearer " + bearer,
                "Accept",
                "application/json, text/event-stream",
                "MCP-Protocol-Version",
                "2025-06-18");
    }

    /// Calls a tool as an MCP client of 2025-06-18.
    RawHttp.Reply call(String bearer, String tool, JsonObject arguments) {
        return mcp(bearer, "/mcp", "tools/call", JsonObject.of("name", tool, "arguments", arguments));
    }

    /// A plan of a port change, made over MCP.
    JsonObject planPort(String bearer, String device, String port, String usage) {
        var reply = call(bearer, "set_switch_port", JsonObject.of("device", device, "port", port, "usage", usage));
        return reply.body()
                .object("result")
                .flatMap(result -> result.object("structuredContent"))
                .filter(plan -> plan.has("id"))
                .orElseThrow(() -> new AssertionError("no plan: " + reply.text()));
    }

    /// Every request to the simulated Mist that may change something, whatever came of it, oldest first.
    List<JsonObject> writesSent() {
        return simulator("GET", "/sim/journal?writes=1", Optional.empty())
                .body()
                .array("requests")
                .orElseThrow()
                .objects();
    }

    /// A part of the simulator's state.
    JsonValue state(String pointer) {
        var reply = simulator("GET", "/sim/state?path=" + pointer, Optional.empty());
        if (reply.status() != 200) {
            throw new AssertionError(reply.status() + " " + reply.text());
        }
        return reply.body().get("value").orElse(JsonNull.NULL);
    }

    /// Changes the simulator's state behind everybody's back.
    void drift(String pointer, JsonObject patch) {
        var reply = simulator("POST", "/sim/drift", Optional.of(JsonObject.of("pointer", pointer, "patch", patch)));
        if (reply.status() != 200) {
            throw new AssertionError(reply.status() + " " + reply.text());
        }
    }

    /// Makes the simulator fail, or be slow, once or more.
    void fault(JsonObject fault) {
        var reply = simulator("POST", "/sim/faults", Optional.of(fault));
        if (reply.status() != 200) {
            throw new AssertionError(reply.status() + " " + reply.text());
        }
    }

    private RawHttp.Reply simulator(String method, String path, Optional<JsonObject> body) {
        var headers = new LinkedHashMap<>(Map.of("X-Sim-Control", SIM_CONTROL));
        body.ifPresent(_ -> headers.put("Content-Type", "application/json"));
        return RawHttp.send(portOf("mist-sim"), method, path, headers, body.map(Json::bytes));
    }

    /// The port that a process said in its log.
    int portOf(String program) {
        try {
            var log = Files.readString(data(folder).resolve("log").resolve(program + ".log"));
            var found = PORT.matcher(log);
            if (!found.find()) {
                throw new AssertionError(program + " has not said its port");
            }
            return Integer.parseInt(found.group(1));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// What the gateway has written into its log.
    String gatewayLog() {
        try {
            return Files.readString(data(folder).resolve("log").resolve("gateway.log"));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static String output(Path folder) {
        try {
            return Files.readString(folder.resolve("up.log"));
        } catch (IOException none) {
            return "";
        }
    }

    static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new AssertionError(stopped);
        }
    }

    /// Stops the launcher as Ctrl+C does, and removes the folder.
    @Override
    public void close() {
        launcher.destroy();
        try {
            if (!launcher.waitFor(30, TimeUnit.SECONDS)) {
                launcher.destroyForcibly();
            }
            delete(folder);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /// Removes a folder; links are removed, not what they name.
    static void delete(Path folder) {
        try (var paths = Files.walk(folder)) {
            for (var path : paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}

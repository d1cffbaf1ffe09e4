package mistmcp.cli;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/// The processes of one `mist up`: started in order, each with its own variables, restarted on their ports
/// when they die, stopped in the reverse order.
final class Stack implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Settings settings;
    private final Consumer<String> progress;
    private final Map<Programs, Started> running = new LinkedHashMap<>();
    private boolean closing;

    /// A process and how to start it again.
    private record Started(Child child, Map<String, String> environment, String portName) {}

    private Stack(Settings settings, Consumer<String> progress) {
        this.settings = settings;
        this.progress = progress;
    }

    /// Starts everything that the settings ask for.
    static Stack start(Settings settings, Consumer<String> progress) throws Child.NotStarted, InterruptedException {
        var stack = new Stack(settings, progress);
        try {
            stack.startAll();
            return stack;
        } catch (Child.NotStarted | InterruptedException | RuntimeException failed) {
            stack.close();
            throw failed;
        }
    }

    private void startAll() throws Child.NotStarted, InterruptedException {
        var mistRo = settings.forMistRo();
        var mistRw = settings.forMistRw();
        var gateway = settings.forGateway();
        if (!settings.live()) {
            simulate(mistRo, mistRw);
        }
        gateway.put("MIST_SIMULATED", Boolean.toString(!settings.live()));
        settings.text("MIST_API_BASE").ifPresent(base -> gateway.put("MIST_HOST", host(base)));
        connect(Programs.MIST_RO, mistRo, gateway, "MIST_RO_URL", "SERVICE_KEY_RO", "MIST_RO_PORT");
        if (mistRw.containsKey("MIST_TOKEN_RW") || mistRw.containsKey("MIST_TOKEN_RW_FILE")) {
            connect(Programs.MIST_RW, mistRw, gateway, "MIST_RW_URL", "SERVICE_KEY_RW", "MIST_RW_PORT");
        }
        launch(Programs.GATEWAY, gateway, "GATEWAY_PORT");
    }

    private void simulate(Map<String, String> mistRo, Map<String, String> mistRw)
            throws Child.NotStarted, InterruptedException {
        var simulator = settings.forSimulator();
        simulator.put("SIM_TOKEN_RO", secret());
        simulator.put("SIM_TOKEN_RW", secret());
        var child = launch(Programs.MIST_SIM, simulator, "SIM_PORT");
        var base = "http://127.0.0.1:" + child.port();
        var organisation = child.ready().string("orgId").orElse("");
        for (var server : List.of(mistRo, mistRw)) {
            server.put("MIST_API_BASE", base);
            server.put("MIST_ORG_ID", organisation);
        }
        mistRo.put("MIST_TOKEN_RO", simulator.get("SIM_TOKEN_RO"));
        mistRw.put("MIST_TOKEN_RW", simulator.get("SIM_TOKEN_RW"));
    }

    private void connect(
            Programs program,
            Map<String, String> server,
            Map<String, String> gateway,
            String urlName,
            String keyName,
            String portName)
            throws Child.NotStarted, InterruptedException {
        if (gateway.containsKey(urlName)) {
            // The server runs elsewhere: its operator has given the gateway address and key.
            return;
        }
        var key = secret();
        server.put(keyName, key);
        var child = launch(program, server, portName);
        gateway.put(urlName, "http://127.0.0.1:" + child.port() + "/mcp");
        gateway.put(keyName, key);
    }

    private Child launch(Programs program, Map<String, String> environment, String portName)
            throws Child.NotStarted, InterruptedException {
        progress.accept("starting " + program.program());
        var child =
                Child.start(program.program(), program.command(settings.home()), environment, log(program), PATIENCE);
        var again = new TreeMap<>(environment);
        again.put(portName, Integer.toString(child.port()));
        running.put(program, new Started(child, again, portName));
        return child;
    }

    private Path log(Programs program) {
        return settings.dataDir().resolve("log").resolve(program.program() + ".log");
    }

    Optional<Child> child(Programs program) {
        return Optional.ofNullable(running.get(program)).map(Started::child);
    }

    /// Watches over the processes until this thread is interrupted: one that dies is started again on its
    /// port.
    void supervise() throws InterruptedException {
        while (true) {
            Thread.sleep(PAUSE);
            synchronized (this) {
                for (var entry : List.copyOf(running.entrySet())) {
                    if (!closing && !entry.getValue().child().alive()) {
                        restart(entry.getKey(), entry.getValue());
                    }
                }
            }
        }
    }

    private void restart(Programs program, Started dead) throws InterruptedException {
        progress.accept(program.program() + " has died; starting it again");
        dead.child().close();
        try {
            var child = Child.start(
                    program.program(), program.command(settings.home()), dead.environment(), log(program), PATIENCE);
            running.put(program, new Started(child, dead.environment(), dead.portName()));
        } catch (Child.NotStarted failed) {
            progress.accept(String.valueOf(failed.getMessage()));
        }
    }

    private static String secret() {
        var bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static String host(String base) {
        var host = java.net.URI.create(base).getHost();
        return host == null ? base : host;
    }

    @Override
    public synchronized void close() {
        closing = true;
        Deque<Child> reverse = new ArrayDeque<>();
        running.values().forEach(started -> reverse.push(started.child()));
        reverse.forEach(Child::close);
    }
}

package mistmcp.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Proxies of others in front of the same upstream, from npm: `@civic/passthrough-mcp-server` over HTTP, and
/// `mcp-proxy`,
/// which knows stdio servers only and so gets the upstream's twin on stdio.
final class Peers implements AutoCloseable {
    private static final long PATIENCE_MS = 60_000;

    private final Path folder;
    private final List<Program> programs = new ArrayList<>();
    private final List<Target> targets = new ArrayList<>();

    private Peers(Path folder) {
        this.folder = folder;
    }

    /// Installs them where that was not done yet, and starts them.
    ///
    /// @throws Absent when there is no npm, or what it installs does not run
    static Peers start(Path home, URI upstream, Path logs) throws Absent, InterruptedException {
        var peers = new Peers(home.resolve("bench").resolve("peers"));
        try {
            peers.install(logs.resolve("npm.log"));
            peers.civic(upstream, logs);
            peers.mcpProxy(logs);
            return peers;
        } catch (IOException failed) {
            peers.close();
            throw new Absent(String.valueOf(failed.getMessage()));
        } catch (Absent absent) {
            peers.close();
            throw absent;
        }
    }

    /// Nobody.
    static Peers none() {
        return new Peers(Path.of(""));
    }

    List<Target> targets() {
        return List.copyOf(targets);
    }

    private void install(Path log) throws IOException, Absent, InterruptedException {
        var lock = folder.resolve("package-lock.json");
        var installed = folder.resolve("node_modules").resolve(".package-lock.json");
        if (Files.exists(installed)
                && Files.getLastModifiedTime(installed).compareTo(Files.getLastModifiedTime(lock)) >= 0) {
            return;
        }
        Process npm;
        try {
            npm = new ProcessBuilder("npm", "ci", "--no-progress")
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        } catch (IOException missing) {
            throw new Absent("npm was not found");
        }
        if (!npm.waitFor(5, TimeUnit.MINUTES)) {
            npm.destroy();
            throw new Absent("`npm ci` took more than 5 minutes");
        }
        if (npm.exitValue() != 0) {
            throw new Absent("`npm ci` failed: " + Files.readString(log).lines().reduce("", (_, last) -> last));
        }
    }

    private void civic(URI upstream, Path logs) throws IOException, Absent, InterruptedException {
        int port = freePort();
        var cli = folder.resolve("node_modules/@civic/passthrough-mcp-server/dist/cli.js")
                .toRealPath();
        var program = Program.start(
                "passthrough",
                List.of("node", cli.toString()),
                Map.of(
                        "PORT",
                        Integer.toString(port),
                        "TARGET_SERVER_URL",
                        upstream.getScheme() + "://" + upstream.getRawAuthority(),
                        "TARGET_SERVER_MCP_PATH",
                        upstream.getPath(),
                        "NODE_ENV",
                        "production",
                        "LOG_LEVEL",
                        "error"),
                logs.resolve("passthrough.log"));
        keep(program, port, "@civic/passthrough-mcp-server");
    }

    private void mcpProxy(Path logs) throws IOException, Absent, InterruptedException {
        int port = freePort();
        var command = new ArrayList<>(List.of(
                "node",
                folder.resolve("node_modules/mcp-proxy/dist/bin/mcp-proxy.mjs")
                        .toRealPath()
                        .toString(),
                "--host",
                "127.0.0.1",
                "--port",
                Integer.toString(port),
                "--server",
                "stream",
                "--"));
        command.addAll(Rig.java(List.of("-XX:+UseSerialGC", "-Xmx128m"), "stdio-upstream"));
        var program =
                Program.start("mcp-proxy", command, Map.of("NODE_ENV", "production"), logs.resolve("mcp-proxy.log"));
        keep(program, port, "mcp-proxy (stdio upstream)");
    }

    private void keep(Program program, int port, String name) throws Absent, InterruptedException {
        programs.add(program);
        program.drain();
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS);
        while (!listens(port)) {
            if (System.nanoTime() > end || !program.alive()) {
                throw new Absent(name + " did not start");
            }
            Thread.sleep(100);
        }
        targets.add(new Target(
                name, URI.create("http://127.0.0.1:" + port + "/mcp"), Target.nothing(), true, List.of(program.pid())));
    }

    private static boolean listens(int port) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        programs.forEach(Program::close);
    }

    /// Why there are no peers.
    static final class Absent extends Exception {
        private static final long serialVersionUID = 1;

        Absent(String message) {
            super(message);
        }
    }
}

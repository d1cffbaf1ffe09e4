package mistmcp.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// One `mist` command, run as a person runs it, in an installation and with settings of its own.
final class MistCommand {
    private MistCommand() {}

    /// How a command ended, and all that it said.
    record Ended(int exitCode, String output) {}

    /// Runs a command to its end.
    ///
    /// @param input what comes on its standard input
    static Ended run(Path folder, Map<String, String> settings, String input, String... words) {
        var cli = RunningStack.root().resolve("cli").resolve("target");
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx48m",
                "-Dmist.home=" + folder,
                "-cp",
                cli.resolve("cli-0.1.0.jar") + ":" + cli.resolve("lib") + "/*",
                "mistmcp.cli.Main"));
        command.addAll(List.of(words));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        var environment = builder.environment();
        environment.keySet().removeIf(name -> !List.of("PATH", "HOME", "LANG").contains(name));
        environment.put("DATA_DIR", RunningStack.data(folder).toString());
        environment.put("GATEWAY_PORT", Integer.toString(RunningStack.freePort()));
        environment.putAll(settings);
        try {
            var process = builder.start();
            try (var to = process.getOutputStream()) {
                to.write(input.getBytes(StandardCharsets.UTF_8));
            }
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(90, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("the command runs on: " + output);
            }
            return new Ended(process.exitValue(), output);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new AssertionError(stopped);
        }
    }
}

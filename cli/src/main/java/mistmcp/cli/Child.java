package mistmcp.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import mistmcp.json.InvalidJson;
import mistmcp.json.Json;
import mistmcp.json.JsonObject;

/// One process that the launcher has started. Its environment is what it is given and nothing else; its
/// standard input is a pipe that the launcher holds open, so that it ends when the launcher does, however
/// that happens.
final class Child implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(15);

    private final String name;
    private final Process process;
    private final JsonObject ready;

    private Child(String name, Process process, JsonObject ready) {
        this.name = name;
        this.process = process;
        this.ready = ready;
    }

    /// A process that did not come up.
    static final class NotStarted extends Exception {
        private static final long serialVersionUID = 1;

        NotStarted(String message) {
            super(message);
        }
    }

    /// Starts a process and waits until it says that it is ready.
    static Child start(String name, List<String> command, Map<String, String> environment, Path log, Duration patience)
            throws NotStarted, InterruptedException {
        Process process;
        try {
            Files.createDirectories(log.toAbsolutePath().getParent());
            var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().clear();
            builder.environment().putAll(environment);
            process = builder.start();
        } catch (IOException failed) {
            throw new NotStarted(name + " could not be started: " + failed.getMessage());
        }
        try {
            var line = CompletableFuture.supplyAsync(() -> firstLine(process))
                    .get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return new Child(name, process, Json.parseObject(line));
        } catch (TimeoutException late) {
            process.destroyForcibly();
            throw new NotStarted(name + " was not ready after " + patience.toSeconds() + " s; its log is " + log);
        } catch (ExecutionException | InvalidJson failed) {
            process.destroyForcibly();
            process.waitFor();
            throw new NotStarted(name + " did not start" + reasons(log));
        }
    }

    private static String firstLine(Process process) {
        try {
            var out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            return String.valueOf(out.readLine());
        } catch (IOException closed) {
            return "";
        }
    }

    /// What the end of a log says about why a process cannot start.
    private static String reasons(Path log) {
        try {
            var lines = Files.readAllLines(log);
            var told = new ArrayList<String>();
            for (var line : lines.subList(Math.max(0, lines.size() - 40), lines.size())) {
                var message = message(line);
                if (message.startsWith("cannot start")) {
                    told.add(message);
                }
            }
            return told.isEmpty()
                    ? "; its log is " + log
                    : ":\n  " + String.join("\n  ", told.stream().distinct().toList());
        } catch (IOException unreadable) {
            return "";
        }
    }

    /// The message of a log line; nothing for a line of the virtual machine itself.
    static String message(String line) {
        try {
            return Json.parseObject(line).string("message").orElse("");
        } catch (InvalidJson other) {
            return "";
        }
    }

    String name() {
        return name;
    }

    long pid() {
        return process.pid();
    }

    /// What the process said when it was ready.
    JsonObject ready() {
        return ready;
    }

    int port() {
        return Math.toIntExact(ready.integer("port").orElse(0L));
    }

    boolean alive() {
        return process.isAlive();
    }

    /// Waits for the end.
    int await() throws InterruptedException {
        return process.waitFor();
    }

    /// Closes the input and waits for an orderly end; then makes an end of it.
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException gone) {
            process.destroyForcibly();
        } catch (InterruptedException hurried) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}

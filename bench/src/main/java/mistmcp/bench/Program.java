package mistmcp.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A process that was started for the measurements. It is told to end by its input, and made to if it does
/// not.
final class Program implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private final String name;
    private final Process process;

    private Program(String name, Process process) {
        this.name = name;
        this.process = process;
    }

    /// Starts a process. Its environment is what it is given, beside `PATH` and `HOME`.
    ///
    /// @param log where its errors go
    static Program start(String name, List<String> command, Map<String, String> environment, Path log)
            throws IOException {
        var builder = new ProcessBuilder(command).redirectError(log.toFile());
        var kept = Map.of(
                "PATH", builder.environment().getOrDefault("PATH", ""),
                "HOME", builder.environment().getOrDefault("HOME", ""));
        builder.environment().clear();
        builder.environment().putAll(kept);
        builder.environment().putAll(environment);
        return new Program(name, builder.start());
    }

    /// Reads its output up to a line that holds a text; the rest is read and dropped.
    String awaitLine(String text) throws InterruptedException {
        var out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        var found = new CompletableFuture<String>();
        Thread.ofVirtual().start(() -> {
            try {
                for (var line = out.readLine(); line != null; line = out.readLine()) {
                    if (line.contains(text)) {
                        found.complete(line);
                    }
                }
            } catch (IOException gone) {
                // It has ended; what was found is found.
            }
            found.completeExceptionally(new IllegalStateException(name + " has ended before it was ready"));
        });
        try {
            return found.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException failed) {
            close();
            throw new IllegalStateException(name + " did not get ready", failed);
        }
    }

    /// Reads its output and drops it.
    void drain() {
        Thread.ofVirtual().start(() -> {
            try {
                process.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
            } catch (IOException gone) {
                // It has ended.
            }
        });
    }

    boolean alive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /// The process and all that it started.
    List<ProcessHandle> family() {
        return java.util.stream.Stream.concat(process.descendants(), java.util.stream.Stream.of(process.toHandle()))
                .toList();
    }

    @Override
    public void close() {
        var family = family();
        try {
            process.getOutputStream().close();
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroy();
            }
            if (!process.waitFor(15, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException gone) {
            process.destroy();
        } catch (InterruptedException hurried) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        family.forEach(ProcessHandle::destroy);
    }
}

package mistmcp.mcp.client;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonNumber;
import mistmcp.json.RawJson;
import mistmcp.jsonrpc.Envelope;
import mistmcp.mcp.Lines;
import mistmcp.mcp.MetaKeys;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One run of a child process: writes messages to it, and hands each message of it to the request that it
/// belongs to. Safe for several threads.
final class Child implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Child.class);
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final Process process;
    private final OutputStream input;
    private final ClientOptions options;
    private final Supplier<ServerChanges> changes;
    private final AtomicLong ids = new AtomicLong();
    private final ReentrantLock writing = new ReentrantLock();
    private final ConcurrentMap<String, Line> lines = new ConcurrentHashMap<>();
    private volatile boolean ended;

    private Child(Process process, ClientOptions options, Supplier<ServerChanges> changes) {
        this.process = process;
        this.input = process.getOutputStream();
        this.options = options;
        this.changes = changes;
    }

    /// What reaches a request.
    sealed interface Event {
        /// A message of the server.
        record Message(Envelope envelope) implements Event {}

        /// The caller has cancelled.
        record Dropped() implements Event {}

        /// The server is gone, or what it says cannot be read.
        record Ended(String code, String message) implements Event {}

        /// Nothing came in time.
        record Late() implements Event {}
    }

    static Child start(
            List<String> command,
            Map<String, String> environment,
            ClientOptions options,
            Supplier<ServerChanges> changes)
            throws IOException {
        var builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().putAll(environment);
        var child = new Child(builder.start(), options, changes);
        // Pipes block their carrier: these two are platform threads.
        Thread.ofPlatform().daemon().name("mcp-child-out").start(child::read);
        Thread.ofPlatform().daemon().name("mcp-child-err").start(child::drain);
        return child;
    }

    boolean alive() {
        return !ended && process.isAlive();
    }

    RawJson nextId() {
        return RawJson.of(JsonNumber.of(ids.incrementAndGet()));
    }

    /// Begins a request.
    Line open(RawJson id, String principal) {
        return open(new Line(id.toString(), principal, false));
    }

    /// Begins a request that stays open and that no question of the server is about.
    Line openAside(RawJson id) {
        return open(new Line(id.toString(), "", true));
    }

    private Line open(Line line) {
        lines.put(line.id, line);
        if (ended) {
            line.end("upstream_broken", "the server's process has ended");
        }
        return line;
    }

    /// Writes a message; false when the process is gone.
    boolean tell(byte[] message) {
        writing.lock();
        try {
            var oneLine = message.clone();
            for (int i = 0; i < oneLine.length; i++) {
                if (oneLine[i] == '\n' || oneLine[i] == '\r') {
                    oneLine[i] = ' ';
                }
            }
            input.write(oneLine);
            input.write('\n');
            input.flush();
            return true;
        } catch (IOException gone) {
            return false;
        } finally {
            writing.unlock();
        }
    }

    @Override
    public void close() {
        try {
            input.close();
        } catch (IOException gone) {
            LOG.debug("input of a child was closed already", gone);
        }
        var family = process.descendants().toList();
        try {
            if (!process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroy();
                family.forEach(ProcessHandle::destroy);
                if (!process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                    process.destroyForcibly().waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS);
                }
            }
        } catch (InterruptedException stopping) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        family.stream().filter(ProcessHandle::isAlive).forEach(ProcessHandle::destroyForcibly);
    }

    private void read() {
        var limits = JsonLimits.TRUSTED.withMaxBytes(options.maxResultBytes());
        var reader = new Lines(process.getInputStream(), options.maxResultBytes());
        try {
            for (var line = reader.next(); line.isPresent(); line = reader.next()) {
                if (line.get().tooLong()) {
                    endAll("result_too_large", "the server's answer is longer than allowed");
                } else if (line.get().bytes()[0] == '{') {
                    take(Envelope.read(line.get().bytes(), limits));
                } else {
                    LOG.warn("a child wrote a line that is no message to its standard output");
                }
            }
        } catch (IOException gone) {
            LOG.debug("output of a child broke", gone);
        } finally {
            ended = true;
            endAll("upstream_broken", "the server's process has ended");
        }
    }

    private void take(Envelope envelope) {
        switch (envelope) {
            case Envelope.Success answer -> deliver(Optional.of(answer.id()), answer);
            case Envelope.Fault answer -> deliver(answer.id(), answer);
            case Envelope.Invalid _ -> endAll("upstream_garbage", "the server's answer cannot be read");
            case Envelope.Request asked -> only().ifPresentOrElse(line -> line.add(asked), () -> refuse(asked));
            case Envelope.Notification note -> {
                if (!ChangeNotes.told(note, changes.get())) {
                    of(note).ifPresent(line -> line.add(note));
                }
            }
        }
    }

    private void deliver(Optional<RawJson> id, Envelope answer) {
        line(id).ifPresent(line -> line.add(answer));
    }

    /// Progress names its request by the token, which is our id; anything else is told only when there is no
    /// doubt whom it concerns.
    private Optional<Line> of(Envelope.Notification note) {
        return switch (note.method()) {
            case "notifications/progress" -> line(note.params().get(MetaKeys.PROGRESS_TOKEN));
            case "notifications/subscriptions/acknowledged" -> line(SubscriptionStream.tag(note));
            case "notifications/cancelled" -> line(note.params().get("requestId"));
            default -> only();
        };
    }

    private Optional<Line> line(Optional<RawJson> id) {
        return id.flatMap(known -> Optional.ofNullable(lines.get(known.toString())));
    }

    /// The newest request, when all that are out belong to one principal: a question must not reach another.
    private Optional<Line> only() {
        var open = lines.values().stream().filter(line -> !line.aside).toList();
        long principals = open.stream().map(line -> line.principal).distinct().count();
        return principals == 1
                ? open.stream().max(Comparator.comparingLong(line -> Long.parseLong(line.id)))
                : Optional.empty();
    }

    private void refuse(Envelope.Request asked) {
        var answer = Dialogue.nobody(asked);
        Thread.ofVirtual().name("mcp-refuse").start(() -> tell(answer));
    }

    private void endAll(String code, String message) {
        lines.values().forEach(line -> line.end(code, message));
    }

    /// What a child writes there is no error and may hold anything: it is read away.
    private void drain() {
        try (var errors = process.getErrorStream()) {
            var chunk = new byte[8192];
            while (errors.read(chunk) >= 0) {
                // Only that the pipe does not fill up.
            }
        } catch (IOException gone) {
            LOG.debug("error output of a child broke", gone);
        }
    }

    /// One request that is out.
    final class Line implements AutoCloseable {
        private final String id;
        private final String principal;
        private final boolean aside;
        private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
        private final AtomicBoolean over = new AtomicBoolean();

        private Line(String id, String principal, boolean aside) {
            this.id = id;
            this.principal = principal;
            this.aside = aside;
        }

        Event next(Duration patience) throws InterruptedException {
            return Optional.ofNullable(events.poll(patience.toMillis(), TimeUnit.MILLISECONDS))
                    .orElseGet(Event.Late::new);
        }

        /// The caller wants no answer any more; false when the request is over already.
        boolean drop() {
            if (over.get()) {
                return false;
            }
            events.add(new Event.Dropped());
            return true;
        }

        private void add(Envelope envelope) {
            events.add(new Event.Message(envelope));
        }

        private void end(String code, String message) {
            events.add(new Event.Ended(code, message));
        }

        @Override
        public void close() {
            over.set(true);
            lines.remove(id, this);
        }
    }
}

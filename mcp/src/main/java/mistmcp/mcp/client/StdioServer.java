package mistmcp.mcp.client;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import mistmcp.json.RawJson;
import mistmcp.jsonrpc.Envelope;
import mistmcp.jsonrpc.Messages;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.RequestMeta;
import org.jspecify.annotations.Nullable;

/// The server that runs as a child process of ours: started when it is first needed, again after it has ended,
/// and greeted in the era that it speaks. Safe for several threads.
final class StdioServer implements AutoCloseable {
    private static final Duration PROBE = Duration.ofSeconds(5);
    private static final Duration HANDSHAKE = Duration.ofSeconds(30);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final List<String> command;
    private final Map<String, String> environment;
    private final ClientOptions options;
    private final Supplier<ServerChanges> changes;
    private final ReentrantLock starting = new ReentrantLock();
    private volatile @Nullable Child child;
    /// One that has not made its handshake yet.
    private volatile @Nullable Child coming;
    private volatile Era era;
    private volatile boolean closed;
    private volatile Optional<Offer> offer = Optional.empty();
    private Duration pause = Duration.ZERO;
    private long notBefore;
    /// A legacy server may end at a method that it does not know: the next start says hello instead.
    private boolean diedOfTheProbe;

    /// A server that this command starts, in an environment of exactly these variables.
    ///
    /// @param changes who is told what it says beside all requests
    StdioServer(
            List<String> command,
            Map<String, String> environment,
            ClientOptions options,
            Supplier<ServerChanges> changes) {
        this.command = List.copyOf(command);
        this.environment = Map.copyOf(environment);
        this.options = options;
        this.changes = changes;
        this.era = options.era();
    }

    /// The era that is spoken now; `AUTO` when it is not known yet.
    Era era() {
        return era;
    }

    /// What the child that runs now offers to tell of, once it has said so.
    Optional<Offer> offer() {
        return offer;
    }

    /// Keeps what the child that runs now has said that it offers.
    void offers(Offer said) {
        offer = Optional.of(said);
    }

    /// From here on no child is started.
    void retire() {
        closed = true;
    }

    /// Ends the child: closes its input, waits, asks it to end, waits, ends it.
    @Override
    public void close() {
        retire();
        for (var one : new @Nullable Child[] {coming, child}) {
            if (one != null) {
                one.close();
            }
        }
    }

    /// Sends one message and works through what comes until its answer.
    static Envelope exchanged(
            Child ready, RawJson id, byte[] message, UpstreamRequest request, Dialogue dialogue, Exchange exchange)
            throws InterruptedException, Unusable {
        try (var line = ready.open(id, request.principal());
                var inquirer = new Inquirer(dialogue, ready::tell)) {
            exchange.onCancel(() -> {
                if (line.drop()) {
                    ready.tell(RequestText.cancelled(id));
                }
            });
            if (!ready.tell(message)) {
                throw new Unusable(Failures.broken("the server's process has ended"));
            }
            while (true) {
                var event = line.next(dialogue.left());
                switch (event) {
                    case Child.Event.Message(Envelope.Notification note) -> dialogue.note(note);
                    case Child.Event.Message(Envelope.Request asked) -> inquirer.asked(asked);
                    case Child.Event.Message(Envelope answer) -> {
                        return answer;
                    }
                    case Child.Event.Dropped _ -> throw new Unusable(Failures.cancelled(true));
                    case Child.Event.Ended ended -> throw new Unusable(ended.code(), ended.message(), true);
                    case Child.Event.Late _ -> {
                        ready.tell(RequestText.cancelled(id));
                        throw new Unusable(Failures.late(true));
                    }
                }
            }
        }
    }

    /// A child that has made its handshake.
    Child ready(Dialogue dialogue) throws InterruptedException, Unusable {
        var running = child;
        if (running != null && running.alive()) {
            return running;
        }
        if (!starting.tryLock(dialogue.left().toMillis(), TimeUnit.MILLISECONDS)) {
            throw new Unusable("upstream_timeout", "the server did not start in time", false);
        }
        try {
            running = child;
            return running != null && running.alive() ? running : start(dialogue);
        } finally {
            starting.unlock();
        }
    }

    private Child start(Dialogue dialogue) throws InterruptedException, Unusable {
        if (closed) {
            throw new Unusable("upstream_unreachable", "the server has been shut down", false);
        }
        if (System.nanoTime() < notBefore) {
            throw new Unusable("upstream_unreachable", "the server's process ended and is not restarted yet", false);
        }
        pause = pause.isZero() ? FIRST_PAUSE : min(pause.multipliedBy(2), LONGEST_PAUSE);
        notBefore = System.nanoTime() + pause.toNanos();
        Child fresh;
        try {
            fresh = Child.start(command, environment, options, changes);
        } catch (IOException failed) {
            throw new Unusable("upstream_unreachable", "the server's process cannot be started", false);
        }
        coming = fresh;
        boolean ready = false;
        try {
            greet(fresh, dialogue);
            child = fresh;
            // Whoever closes meanwhile may have seen neither.
            ready = !closed;
        } catch (Unusable failed) {
            diedOfTheProbe = era == Era.AUTO && failed.failed().code().equals("upstream_broken");
            throw failed;
        } finally {
            coming = null;
            if (!ready) {
                fresh.close();
            }
        }
        if (!ready) {
            throw new Unusable("upstream_unreachable", "the server has been shut down", false);
        }
        pause = Duration.ZERO;
        return fresh;
    }

    /// A server that speaks legacy has as long for its handshake as the request that waits for it, within
    /// bounds: some are slow to start.
    private void greet(Child fresh, Dialogue dialogue) throws InterruptedException, Unusable {
        era = options.era();
        offer = Optional.empty();
        if (era == Era.AUTO) {
            era = diedOfTheProbe ? Era.LEGACY : probed(fresh);
            diedOfTheProbe = false;
        }
        if (era == Era.LEGACY) {
            var id = fresh.nextId();
            var hello = handshake("initialize", min(HANDSHAKE, max(PROBE, dialogue.left())));
            var answer = exchanged(
                    fresh,
                    id,
                    RequestText.initialize(id, RequestText.relayable(options), options),
                    hello,
                    new Dialogue(hello, Exchange.SILENT, options),
                    Exchange.SILENT);
            if (!(answer instanceof Envelope.Success welcome)) {
                throw new Unusable("upstream_garbage", "the server refuses the handshake", false);
            }
            offer = Optional.of(Offer.of(welcome));
            fresh.tell(Messages.notification("notifications/initialized", RawJson.EMPTY_OBJECT));
        }
    }

    /// Any error but a modern one, and silence too, means a legacy server.
    private Era probed(Child fresh) throws InterruptedException, Unusable {
        var id = fresh.nextId();
        var discover = handshake("server/discover", PROBE);
        try {
            var answer = exchanged(
                    fresh,
                    id,
                    RequestText.modern(discover, id, options, Map.of()),
                    discover,
                    new Dialogue(discover, Exchange.SILENT, options),
                    Exchange.SILENT);
            if (answer instanceof Envelope.Success good && EraSigns.modern(good)) {
                offer = Optional.of(Offer.of(good));
                return Era.MODERN;
            }
            return (answer instanceof Envelope.Fault fault && EraSigns.modern(fault)) ? Era.MODERN : Era.LEGACY;
        } catch (Unusable silent) {
            if (silent.failed().code().equals("upstream_timeout")) {
                return Era.LEGACY;
            }
            throw silent;
        }
    }

    private static UpstreamRequest handshake(String method, Duration patience) {
        return new UpstreamRequest(
                method, Optional.empty(), RawJson.EMPTY_OBJECT, RequestMeta.NONE, "", Map.of(), patience);
    }

    private static Duration max(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}

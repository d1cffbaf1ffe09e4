package mistmcp.mcp.client;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import mistmcp.json.JsonObject;
import mistmcp.json.RawJson;
import mistmcp.jsonrpc.Envelope;
import mistmcp.jsonrpc.Messages;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.RequestMeta;
import mistmcp.mcp.UpstreamReply;
import org.jspecify.annotations.Nullable;

/// Calls an MCP server that runs as a child process of ours and speaks over its standard input and output.
/// The child is started when it is first needed, and again after it has ended. Safe for several threads.
public final class StdioMcpClient implements McpClient {
    private static final int MAX_ROUNDS = 16;
    private static final Duration PROBE = Duration.ofSeconds(5);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final List<String> command;
    private final Map<String, String> environment;
    private final ClientOptions options;
    private final ReentrantLock starting = new ReentrantLock();
    private volatile @Nullable Child child;
    private volatile Era era;
    private volatile boolean closed;
    private volatile ServerChanges changes = ServerChanges.UNHEARD;
    private volatile @Nullable Listening listening;
    private volatile Optional<Offer> offer = Optional.empty();
    private Duration pause = Duration.ZERO;
    private long notBefore;
    /// A legacy server may end at a method that it does not know: the next start says hello instead.
    private boolean diedOfTheProbe;

    /// A client of the server that this command starts, in an environment of exactly these variables.
    public StdioMcpClient(List<String> command, Map<String, String> environment, ClientOptions options) {
        this.command = List.copyOf(command);
        this.environment = Map.copyOf(environment);
        this.options = options;
        this.era = options.era();
    }

    /// The era that is spoken now; `AUTO` when it is not known yet.
    public Era era() {
        return era;
    }

    @Override
    public void listen(OwnRequests requests, ServerChanges told) {
        changes = told;
        var listener = new Listening(new StdioSubscriptions(new SubscriptionWire(requests)), told);
        listening = listener;
        listener.start();
    }

    @Override
    public void want(Set<String> uris) {
        var listener = listening;
        if (listener != null) {
            listener.want(uris);
        }
    }

    @Override
    public Set<String> refused(Set<String> uris, Duration patience) throws InterruptedException {
        var listener = listening;
        return listener == null ? uris : listener.refused(uris, patience);
    }

    @Override
    public boolean tellsNoUpdates() {
        return listening == null || offer.filter(known -> !known.resources()).isPresent();
    }

    @Override
    public UpstreamReply send(UpstreamRequest request, Exchange exchange) throws InterruptedException {
        if (exchange.cancelled()) {
            return Failures.cancelled(false);
        }
        var dialogue = new Dialogue(request, exchange, options);
        try {
            var ready = ready(dialogue);
            return era == Era.LEGACY
                    ? legacy(ready, request, dialogue, exchange)
                    : modern(ready, request, dialogue, exchange);
        } catch (Unusable unusable) {
            return unusable.failed;
        }
    }

    /// Ends the child: closes its input, waits, asks it to end, waits, ends it.
    @Override
    public void close() {
        closed = true;
        var listener = listening;
        if (listener != null) {
            listener.close();
        }
        var running = child;
        if (running != null) {
            running.close();
        }
    }

    private UpstreamReply modern(Child ready, UpstreamRequest request, Dialogue dialogue, Exchange exchange)
            throws InterruptedException, Unusable {
        Map<String, RawJson> more = Map.of();
        for (int round = 0; round < MAX_ROUNDS; round++) {
            var id = ready.nextId();
            var answer =
                    exchanged(ready, id, RequestText.modern(request, id, options, more), request, dialogue, exchange);
            switch (answer) {
                case Envelope.Success good -> {
                    switch (dialogue.step(good)) {
                        case Dialogue.Step.End end -> {
                            return end.reply();
                        }
                        case Dialogue.Step.Again again -> more = again.members();
                    }
                }
                case Envelope.Fault bad -> {
                    return Dialogue.answered(bad);
                }
                default -> throw new IllegalStateException("only answers end a request");
            }
        }
        return Failures.garbage("the server asks for input again and again");
    }

    private UpstreamReply legacy(Child ready, UpstreamRequest request, Dialogue dialogue, Exchange exchange)
            throws InterruptedException, Unusable {
        var id = ready.nextId();
        var answer = exchanged(ready, id, RequestText.legacy(request, id), request, dialogue, exchange);
        return switch (answer) {
            case Envelope.Success good -> Dialogue.answered(good);
            case Envelope.Fault bad -> Dialogue.answered(bad);
            default -> throw new IllegalStateException("only answers end a request");
        };
    }

    /// Sends one message and works through what comes until its answer.
    private Envelope exchanged(
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
    private Child ready(Dialogue dialogue) throws InterruptedException, Unusable {
        var running = child;
        if (running != null && running.alive()) {
            return running;
        }
        if (!starting.tryLock(dialogue.left().toMillis(), TimeUnit.MILLISECONDS)) {
            throw new Unusable("upstream_timeout", "the server did not start in time", false);
        }
        try {
            running = child;
            return running != null && running.alive() ? running : start();
        } finally {
            starting.unlock();
        }
    }

    private Child start() throws InterruptedException, Unusable {
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
            fresh = Child.start(command, environment, options, () -> changes);
        } catch (IOException failed) {
            throw new Unusable("upstream_unreachable", "the server's process cannot be started", false);
        }
        try {
            greet(fresh);
        } catch (Unusable failed) {
            fresh.close();
            diedOfTheProbe = era == Era.AUTO && failed.failed.code().equals("upstream_broken");
            throw failed;
        }
        child = fresh;
        pause = Duration.ZERO;
        return fresh;
    }

    private void greet(Child fresh) throws InterruptedException, Unusable {
        era = options.era();
        offer = Optional.empty();
        if (era == Era.AUTO) {
            era = diedOfTheProbe ? Era.LEGACY : probed(fresh);
            diedOfTheProbe = false;
        }
        if (era == Era.LEGACY) {
            var id = fresh.nextId();
            var hello = handshake("initialize");
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
        var discover = handshake("server/discover");
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
            if (silent.failed.code().equals("upstream_timeout")) {
                return Era.LEGACY;
            }
            throw silent;
        }
    }

    private static UpstreamRequest handshake(String method) {
        return new UpstreamRequest(
                method, Optional.empty(), RawJson.EMPTY_OBJECT, RequestMeta.NONE, "", Map.of(), PROBE);
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /// What the subscriptions need of this client, as our own principal.
    private final class SubscriptionWire implements StdioSubscriptions.Wire {
        private final OwnRequests requests;

        SubscriptionWire(OwnRequests requests) {
            this.requests = requests;
        }

        private UpstreamRequest own(String method, Optional<String> target, RawJson params) {
            return requests.make(method, target, params, StdioSubscriptions.DEADLINE);
        }

        @Override
        public Optional<Child> ready() throws InterruptedException {
            var request = own("server/discover", Optional.empty(), RawJson.EMPTY_OBJECT);
            try {
                return Optional.of(StdioMcpClient.this.ready(new Dialogue(request, Exchange.SILENT, options)));
            } catch (Unusable unusable) {
                return Optional.empty();
            }
        }

        @Override
        public boolean modern() {
            return era == Era.MODERN;
        }

        @Override
        public Optional<Offer> offer(Child running) throws InterruptedException {
            if (offer.isEmpty() && modern()) {
                var id = running.nextId();
                var request = own("server/discover", Optional.empty(), RawJson.EMPTY_OBJECT);
                answer(running, id, RequestText.modern(request, id, options, Map.of()), request)
                        .filter(Envelope.Success.class::isInstance)
                        .ifPresent(good -> offer = Optional.of(Offer.of((Envelope.Success) good)));
            }
            return offer;
        }

        @Override
        public Optional<Envelope> ask(Child running, String method, String uri) throws InterruptedException {
            var id = running.nextId();
            var request = own(method, Optional.of(uri), RawJson.of(JsonObject.of("uri", uri)));
            return answer(running, id, RequestText.legacy(request, id), request);
        }

        private Optional<Envelope> answer(Child running, RawJson id, byte[] message, UpstreamRequest request)
                throws InterruptedException {
            try {
                return Optional.of(exchanged(
                        running,
                        id,
                        message,
                        request,
                        new Dialogue(request, Exchange.SILENT, options),
                        Exchange.SILENT));
            } catch (Unusable unusable) {
                return Optional.empty();
            }
        }

        @Override
        public byte[] listen(RawJson id, RawJson wish) {
            return RequestText.modern(own("subscriptions/listen", Optional.empty(), wish), id, options, Map.of());
        }
    }

    /// No answer can come any more.
    private static final class Unusable extends Exception {
        private static final long serialVersionUID = 1;
        private final transient UpstreamReply.Failed failed;

        Unusable(String code, String message, boolean maybeSent) {
            this(new UpstreamReply.Failed(code, message, maybeSent));
        }

        Unusable(UpstreamReply.Failed failed) {
            super(failed.message());
            this.failed = failed;
        }
    }
}

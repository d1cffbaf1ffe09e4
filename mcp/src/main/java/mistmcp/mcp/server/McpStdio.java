package mistmcp.mcp.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import mistmcp.http.HttpProblem;
import mistmcp.json.RawJson;
import mistmcp.jsonrpc.Envelope;
import mistmcp.jsonrpc.ErrorCode;
import mistmcp.jsonrpc.Messages;
import mistmcp.mcp.Lines;
import mistmcp.mcp.McpReply;
import mistmcp.mcp.McpRequest;
import mistmcp.mcp.Revision;
import org.jspecify.annotations.Nullable;

/// An MCP server on standard input and output, one message a line, both eras: a message of the modern era
/// says so itself, any other belongs to the handshake of this one connection. Whoever holds the other end is
/// the caller.
///
/// @param <C> who calls, as the process knows it
public final class McpStdio<C> {
    private static final int MAX_AT_ONCE = 64;
    private static final Duration TICK = Duration.ofHours(1);
    private static final String KEY = "stdio";

    private final McpService<C> service;
    private final McpOptions options;
    private final C caller;
    private final Handshake<C> handshake;
    private final Questions questions = new Questions();
    private final Running running = new Running();
    private final Parked parked;
    private final Listeners<C> listeners;
    private final AtomicReference<@Nullable Session> session = new AtomicReference<>();
    private final Semaphore room = new Semaphore(MAX_AT_ONCE);
    private final ReentrantLock writing = new ReentrantLock();

    /// A server for one caller.
    public McpStdio(McpService<C> service, McpOptions options, C caller) {
        this.service = service;
        this.options = options;
        this.caller = caller;
        this.handshake = new Handshake<>(service);
        this.parked = new Parked(options);
        this.listeners = new Listeners<>(service, options);
    }

    /// Says to all who listen that a list has changed: `tools`, `resources` or `prompts`.
    public void listChanged(String kind) {
        listeners.listChanged(kind);
    }

    /// Says to those who subscribed to it that a resource has changed.
    public void resourceUpdated(String uri) {
        listeners.resourceUpdated(uri, "");
    }

    /// Serves until the input ends; calls in flight are cancelled then.
    public void serve(InputStream in, OutputStream out) throws IOException, InterruptedException {
        var lines = new Lines(in, options.limits().maxBytes());
        try {
            for (var line = lines.next(); line.isPresent(); line = lines.next()) {
                if (line.get().tooLong()) {
                    write(out, fault(Optional.empty(), ErrorCode.INVALID_REQUEST, "the message is too long"));
                } else {
                    take(Envelope.read(line.get().bytes(), options.limits()), out);
                }
            }
        } finally {
            listeners.close();
            running.cancelAll();
            end(session.getAndSet(null));
        }
    }

    private void take(Envelope envelope, OutputStream out) throws IOException, InterruptedException {
        switch (envelope) {
            case Envelope.Request message -> request(message, out);
            case Envelope.Notification message -> {
                switch (message.method()) {
                    case "notifications/cancelled" ->
                        message.params()
                                .get("requestId")
                                .flatMap(id -> running.find(Running.name(KEY, "", id)))
                                .ifPresent(LiveCall::cancel);
                    case "notifications/initialized" -> stream(out);
                    default -> {
                        // Nothing else is told to a server that it has to act on.
                    }
                }
            }
            case Envelope.Success answer -> questions.given(KEY, answer);
            case Envelope.Fault answer -> questions.refused(KEY, answer);
            case Envelope.Invalid invalid -> write(out, fault(invalid.id(), invalid.code(), invalid.message()));
        }
    }

    private void request(Envelope.Request message, OutputStream out) throws IOException, InterruptedException {
        var taken = Intake.claimsModern(message.params())
                ? Intake.takeModern(message)
                : Intake.take(message, Intake.Headers.NONE, Optional.ofNullable(session.get()));
        switch (taken) {
            case Intake.Taken.Rejected refused ->
                write(
                        out,
                        Messages.failure(Optional.of(message.id()), refused.code(), refused.message(), refused.data()));
            case Intake.Taken.Accepted accepted -> answer(message, accepted.request(), out);
        }
    }

    private void answer(Envelope.Request message, McpRequest request, OutputStream out)
            throws IOException, InterruptedException {
        if (!request.revision().modern() && request.method().equals("initialize")) {
            var hello = handshake.hello(message.params());
            end(session.getAndSet(new Session(
                    KEY,
                    KEY,
                    hello.revision(),
                    hello.clientInfo(),
                    hello.clientCapabilities(),
                    options.clock().instant())));
            write(out, Messages.success(message.id(), RawJson.of(handshake.welcome(hello, caller, true))));
            return;
        }
        var own = request.revision().modern()
                ? handshake.modern(request, caller)
                : handshake.legacy(request, Optional.ofNullable(session.get()), caller);
        if (own.isPresent()) {
            write(out, closing(message.id(), request, own.get()));
            return;
        }
        room.acquire();
        Thread.ofVirtual().name("mcp-call").start(() -> {
            try {
                run(message, request, out);
            } catch (IOException gone) {
                // The input ends as well, and with it everything else.
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
            } finally {
                room.release();
            }
        });
    }

    private void run(Envelope.Request message, McpRequest request, OutputStream out)
            throws IOException, InterruptedException {
        if (request.method().equals("subscriptions/listen")) {
            listen(message, request, out);
            return;
        }
        var resumed =
                request.revision().modern() ? parked.resume(message, request, KEY) : new Parked.Resumed.Fresh(Map.of());
        switch (resumed) {
            case Parked.Resumed.Fresh fresh -> {
                var call = new LiveCall(request, fresh.given());
                Thread.ofVirtual().name("mcp-work").start(() -> call.finish(Guarded.answer(service, caller, call)));
                pump(call, message.id(), out);
            }
            case Parked.Resumed.Going going -> pump(going.call(), message.id(), out);
            case Parked.Resumed.AskAgain again -> write(out, again.message());
            case Parked.Resumed.Refused refused ->
                write(out, fault(Optional.of(message.id()), ErrorCode.INVALID_PARAMS, refused.message()));
        }
    }

    private void pump(LiveCall call, RawJson id, OutputStream out) throws IOException, InterruptedException {
        var name = Running.name(KEY, "", id);
        running.begin(name, call);
        try {
            while (true) {
                switch (call.next(TICK)) {
                    case LiveCall.Event.Quiet _ -> {
                        // A pipe needs no sign of life.
                    }
                    case LiveCall.Event.Note note -> write(out, note.message());
                    case LiveCall.Event.Ask ask
                    when call.request().revision().modern() -> {
                        write(out, parked.park(call, ask.inquiry(), id, KEY));
                        return;
                    }
                    case LiveCall.Event.Ask ask -> {
                        for (var question : questions.put(ask.inquiry(), KEY)) {
                            write(out, question);
                        }
                    }
                    case LiveCall.Event.Done done -> {
                        if (!call.cancelled()) {
                            write(out, closing(id, call.request(), done.reply()));
                        }
                        call.end();
                        return;
                    }
                }
            }
        } finally {
            running.end(name, call);
        }
    }

    private static void end(@Nullable Session session) {
        if (session != null) {
            session.end();
        }
    }

    /// A legacy caller is told of changes between all else, for as long as its handshake holds.
    private void stream(OutputStream out) {
        var mine = session.get();
        if (mine == null || !mine.streams()) {
            return;
        }
        Thread.ofVirtual().name("mcp-stdio-stream").start(() -> {
            try {
                listeners.stream(mine, caller, new Listeners.Way(outlet(out), KEY, () -> session.get() == mine));
            } catch (IOException | HttpProblem gone) {
                // The input ends as well, or there are too many streams: nothing is told then.
                return;
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private Outlet outlet(OutputStream out) {
        return new Outlet() {
            @Override
            public void message(byte[] text) throws IOException {
                write(out, text);
            }

            @Override
            public void comment() {}
        };
    }

    /// A listen request stays open like a call, so that a cancel ends it.
    private void listen(Envelope.Request message, McpRequest request, OutputStream out)
            throws IOException, InterruptedException {
        var call = new LiveCall(request);
        var name = Running.name(KEY, "", message.id());
        running.begin(name, call);
        try {
            var end = listeners.listen(
                    message, request, caller, new Listeners.Way(outlet(out), KEY, () -> !call.cancelled()));
            if (!call.cancelled()) {
                write(out, end.cancelled());
                write(out, end.answer());
            }
        } catch (HttpProblem refused) {
            write(out, fault(Optional.of(message.id()), ErrorCode.INVALID_REQUEST, refused.detail()));
        } finally {
            running.end(name, call);
        }
    }

    private byte[] closing(RawJson id, McpRequest request, McpReply reply) {
        return Closing.of(id, request.revision(), request.method(), service.serverInfo(), reply.whole())
                .message();
    }

    private static byte[] fault(Optional<RawJson> id, int code, String message) {
        return Messages.failure(id, code, message, Optional.empty());
    }

    /// A line end inside a message is white space between JSON tokens: it becomes a blank.
    private void write(OutputStream out, byte[] message) throws IOException {
        writing.lock();
        try {
            for (int i = 0; i < message.length; i++) {
                if (message[i] == '\n' || message[i] == '\r') {
                    message[i] = ' ';
                }
            }
            out.write(message);
            out.write('\n');
            out.flush();
        } finally {
            writing.unlock();
        }
    }

    /// The revision of the handshake, when there was one.
    public Optional<Revision> handshakeRevision() {
        return Optional.ofNullable(session.get()).map(Session::revision);
    }
}

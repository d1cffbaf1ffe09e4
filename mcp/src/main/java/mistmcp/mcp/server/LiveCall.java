package mistmcp.mcp.server;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonNumber;
import mistmcp.json.JsonSpans;
import mistmcp.json.RawJson;
import mistmcp.jsonrpc.Messages;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.McpReply;
import mistmcp.mcp.McpRequest;
import mistmcp.mcp.MetaKeys;
import org.jspecify.annotations.Nullable;

/// One request while it is being worked on: the service's thread puts events in, the transport's thread takes
/// them out and writes. So only one thread writes to a caller, and a call can outlive the HTTP request that
/// began it. Where nothing goes out before the answer, one thread can be both: see [#begin].
final class LiveCall implements Exchange {
    private static final int MAX_NOTES = 256;
    private static final long FULL_PATIENCE_MS = 1000;
    private static final long NEVER = 0;
    private static final List<String> LEVELS =
            List.of("debug", "info", "notice", "warning", "error", "critical", "alert", "emergency");

    /// What the transport has to do next.
    sealed interface Event {
        /// Send a notification.
        @SuppressWarnings("ArrayRecordComponent") // never compared
        record Note(byte[] message) implements Event {}

        /// Put questions to the caller.
        record Ask(Inquiry inquiry) implements Event {}

        /// Nothing came for a while.
        record Quiet() implements Event {}

        /// Send the answer and end.
        record Done(McpReply reply) implements Event {}
    }

    private final McpRequest request;
    private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final Semaphore room = new Semaphore(MAX_NOTES);
    private final AtomicReference<@Nullable Inquiry> open = new AtomicReference<>();
    private final AtomicReference<@Nullable Runnable> writer = new AtomicReference<>();
    private final List<Runnable> onCancel = new ArrayList<>();
    private final List<Runnable> onEnd = new ArrayList<>();
    private final Map<String, RawJson> given;
    private double lastProgress = Double.NEGATIVE_INFINITY;
    private boolean ended;
    private volatile long quietAt = NEVER;
    private volatile boolean cancelled;
    private volatile boolean done;

    LiveCall(McpRequest request) {
        this(request, Map.of());
    }

    /// A call whose caller sent answers along before it was asked; they count for questions of the same
    /// names.
    LiveCall(McpRequest request, Map<String, RawJson> given) {
        this.request = request;
        this.given = given;
    }

    McpRequest request() {
        return request;
    }

    /// Lets the service's thread write the answer itself, unless something has to go out before it.
    ///
    /// @param patience how long the answer may take until [Event.Quiet] has to go out; needs [#look]
    /// @param writer   run once when the first event is there: it has a thread take the events from then on
    void begin(Duration patience, Runnable writer) {
        this.writer.set(writer);
        quietAt = System.nanoTime() + patience.toNanos();
    }

    /// Ends a call that [#begin] has begun. True when no writer was called and none will be: the answer is
    /// the caller's to write. False when the writer has it.
    boolean finishAlone(McpReply reply) {
        done = isWhole(reply);
        quietAt = NEVER;
        if (writer.getAndSet(null) != null) {
            return true;
        }
        events.add(new Event.Done(reply));
        return false;
    }

    /// Whether the caller can be asked for something, so that the call may outlive its HTTP request.
    boolean canAsk() {
        var capabilities = request.meta().clientCapabilities();
        return capabilities.has("elicitation") || capabilities.has("sampling") || capabilities.has("roots");
    }

    /// The next event; [Event.Quiet] when none came in time, for which [#look] has to be called now and then.
    Event next(Duration patience) throws InterruptedException {
        var event = events.poll();
        if (event == null) {
            quietAt = System.nanoTime() + patience.toNanos();
            event = events.take();
            quietAt = NEVER;
        }
        if (event instanceof Event.Note) {
            room.release();
        }
        return event;
    }

    /// Tells whoever waits for an event that it has waited long enough.
    void look(long nanoTime) {
        long at = quietAt;
        if (at != NEVER && nanoTime - at >= 0) {
            quietAt = NEVER;
            put(new Event.Quiet());
        }
    }

    private void put(Event event) {
        events.add(event);
        var start = writer.getAndSet(null);
        if (start != null) {
            start.run();
        }
    }

    /// Ends the call with its answer.
    void finish(McpReply reply) {
        done = isWhole(reply);
        events.add(new Event.Done(reply));
    }

    /// An answer that is still on its way can be cancelled still.
    private static boolean isWhole(McpReply reply) {
        return reply instanceof McpReply.Whole;
    }

    @Override
    public void notify(String method, RawJson params) {
        if (cancelled || done || !wanted(method, params) || standsStill(method, params)) {
            return;
        }
        try {
            if (room.tryAcquire(FULL_PATIENCE_MS, TimeUnit.MILLISECONDS)) {
                put(new Event.Note(Messages.notification(method, addressed(method, params))));
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    /// Progress goes under the token that the caller chose, which whoever reports it need not know.
    private RawJson addressed(String method, RawJson params) {
        return method.equals("notifications/progress")
                ? request.meta()
                        .progressToken()
                        .map(token -> JsonSpans.set(params, Map.of(MetaKeys.PROGRESS_TOKEN, token)))
                        .orElse(params)
                : params;
    }

    private boolean wanted(String method, RawJson params) {
        return switch (method) {
            case "notifications/progress" -> request.meta().progressToken().isPresent();
            case "notifications/message" ->
                request.meta().logLevel().isPresent()
                        && severity(JsonSpans.find(params, "level").flatMap(RawJson::string))
                                >= severity(request.meta().logLevel());
            default -> true;
        };
    }

    /// Progress must increase with each notification; what does not is kept from the caller.
    private boolean standsStill(String method, RawJson params) {
        if (!method.equals("notifications/progress")) {
            return false;
        }
        var value = JsonSpans.find(params, "progress").map(raw -> raw.parse(JsonLimits.TRUSTED));
        if (!(value.orElse(null) instanceof JsonNumber progress)) {
            return true;
        }
        synchronized (onCancel) {
            double now = progress.asDouble();
            if (now <= lastProgress) {
                return true;
            }
            lastProgress = now;
            return false;
        }
    }

    private static int severity(Optional<String> level) {
        return level.map(LEVELS::indexOf).orElse(-1);
    }

    @Override
    public Answer ask(String method, RawJson params, Duration patience) throws InterruptedException {
        var question = new Question(method, params);
        return question.supportedBy(request.meta())
                ? answers(Map.of("input", question), patience).getOrDefault("input", new Answer.NoAnswer())
                : new Answer.NotSupported();
    }

    @Override
    public Map<String, Answer> askAll(Map<String, Question> questions, Duration patience) throws InterruptedException {
        var answers = new LinkedHashMap<String, Answer>();
        var askable = new LinkedHashMap<String, Question>();
        questions.forEach((name, question) -> {
            if (given.containsKey(name)) {
                answers.put(name, new Answer.Given(given.getOrDefault(name, RawJson.EMPTY_OBJECT)));
            } else if (question.supportedBy(request.meta())) {
                askable.put(name, question);
            } else {
                answers.put(name, new Answer.NotSupported());
            }
        });
        if (!askable.isEmpty()) {
            answers.putAll(answers(askable, patience));
        }
        return answers;
    }

    private Map<String, Answer> answers(Map<String, Question> questions, Duration patience)
            throws InterruptedException {
        var inquiry = new Inquiry(questions);
        open.set(inquiry);
        if (cancelled) {
            inquiry.abandon();
        } else {
            put(new Event.Ask(inquiry));
        }
        var answers = inquiry.await(patience);
        open.compareAndSet(inquiry, null);
        return answers;
    }

    @Override
    public boolean cancelled() {
        return cancelled;
    }

    @Override
    public void onCancel(Runnable action) {
        synchronized (onCancel) {
            if (!cancelled) {
                onCancel.add(action);
                return;
            }
        }
        action.run();
    }

    @Override
    public boolean onEnd(Runnable action) {
        synchronized (onCancel) {
            if (!ended) {
                onEnd.add(action);
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean takesStreams() {
        return true;
    }

    /// The answer has left, or nobody waits for it any more.
    void end() {
        List<Runnable> actions;
        synchronized (onCancel) {
            ended = true;
            actions = List.copyOf(onEnd);
            onEnd.clear();
        }
        actions.forEach(Runnable::run);
    }

    /// The caller has gone or no longer wants the answer.
    void cancel() {
        List<Runnable> actions;
        synchronized (onCancel) {
            if (cancelled || done) {
                return;
            }
            cancelled = true;
            actions = List.copyOf(onCancel);
            onCancel.clear();
        }
        var inquiry = open.get();
        if (inquiry != null) {
            inquiry.abandon();
        }
        actions.forEach(Runnable::run);
    }
}

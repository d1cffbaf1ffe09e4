package mistmcp.mcp.server;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import mistmcp.http.HttpProblem;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonSpans;
import mistmcp.json.JsonString;
import mistmcp.json.RawJson;
import mistmcp.jsonrpc.Envelope;
import mistmcp.jsonrpc.Messages;
import mistmcp.mcp.McpRequest;
import mistmcp.mcp.MetaKeys;

/// The streams on which callers wait for changes: `subscriptions/listen` of the modern era, the GET stream of
/// the legacy one. Bounded in all and for each caller. A change is kept once however often it is told, and
/// told at a pace, so that what is kept for a stream is bounded and nothing that changed is lost. Whether a
/// caller may hear of a change is asked right before it is told. Safe for several threads.
///
/// @param <C> who calls, as the process knows it
final class Listeners<C> implements AutoCloseable {
    private static final Duration LEAST_PAUSE = Duration.ofMillis(200);
    /// Resources that one stream or MCP session can be subscribed to.
    static final int MAX_URIS = 1_000;
    private static final Map<String, String> KINDS = new TreeMap<>(
            Map.of("toolsListChanged", "tools", "promptsListChanged", "prompts", "resourcesListChanged", "resources"));

    private final Set<Listener> open = ConcurrentHashMap.newKeySet();
    private final McpService<C> service;
    private final McpOptions options;
    private final CountDownLatch closing = new CountDownLatch(1);

    Listeners(McpService<C> service, McpOptions options) {
        this.service = service;
        this.options = options;
    }

    /// What a listener can be told.
    private sealed interface Change {
        record OfList(String kind) implements Change {}

        record OfResource(String uri, String source) implements Change {}
    }

    /// The last messages of a listen request that this side ends.
    ///
    /// @param cancelled what the specification demands under "Cancellation"
    /// @param answer    what it recommends under "Graceful Closure"
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record End(byte[] cancelled, byte[] answer) {}

    /// One stream.
    private final class Listener {
        private final String key;
        private final C caller;
        private final Optional<RawJson> subscription;
        private final Set<String> uris;
        /// The kinds of lists that it listens to, each with the mark of what it was last told of.
        private final Map<String, Optional<String>> marks = new ConcurrentHashMap<>();
        private final Set<Change> waiting = new LinkedHashSet<>();
        private final Semaphore woken = new Semaphore(0);

        Listener(String key, C caller, Optional<RawJson> subscription, Set<String> uris) {
            this.key = key;
            this.caller = caller;
            this.subscription = subscription;
            this.uris = uris;
        }

        /// A change that comes while the mark is made is kept, and then looked at.
        void listens(String kind) {
            marks.put(kind, Optional.empty());
            marks.put(kind, service.listMark(caller, kind));
        }

        boolean wants(Change change) {
            return switch (change) {
                case Change.OfList(var kind) -> marks.containsKey(kind);
                case Change.OfResource(var uri, var _) -> uris.contains(uri);
            };
        }

        void add(Change change) {
            synchronized (waiting) {
                waiting.add(change);
            }
            woken.release();
        }

        /// The changes that have come, each once; none when none came in time.
        List<Change> take(Duration patience) throws InterruptedException {
            if (!woken.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                return List.of();
            }
            woken.drainPermits();
            synchronized (waiting) {
                var taken = List.copyOf(waiting);
                waiting.clear();
                return taken;
            }
        }

        /// What to say of a change; nothing when it is none for this caller.
        Optional<byte[]> message(Change change) {
            if (!wants(change)) {
                return Optional.empty();
            }
            return switch (change) {
                case Change.OfList(var kind) ->
                    moved(kind)
                            ? Optional.of(tell("notifications/" + kind + "/list_changed", RawJson.EMPTY_OBJECT))
                            : Optional.empty();
                case Change.OfResource(var uri, var source) ->
                    service.hears(caller, uri, source)
                            ? Optional.of(
                                    tell("notifications/resources/updated", RawJson.of(JsonObject.of("uri", uri))))
                            : Optional.empty();
            };
        }

        /// Whether the list is another one for this caller than when it was last told of it.
        private boolean moved(String kind) {
            var mark = service.listMark(caller, kind);
            var before = marks.put(kind, mark);
            return mark.isEmpty() || !mark.equals(before);
        }

        byte[] tell(String method, RawJson params) {
            return Messages.notification(method, tagged(params));
        }

        RawJson tagged(RawJson params) {
            return subscription
                    .map(id -> JsonSpans.set(
                            params, Map.of("_meta", JsonSpans.join(Map.of(MetaKeys.SUBSCRIPTION_ID, id)))))
                    .orElse(params);
        }
    }

    void listChanged(String kind) {
        changed(new Change.OfList(kind));
    }

    void resourceUpdated(String uri, String source) {
        changed(new Change.OfResource(uri, source));
    }

    private void changed(Change change) {
        for (var listener : open) {
            if (listener.wants(change)) {
                listener.add(change);
            }
        }
    }

    /// Serves `subscriptions/listen` until the caller goes, or `live` says no more, or the server stops; what
    /// ends it then.
    End listen(Envelope.Request message, McpRequest request, C caller, Way way)
            throws IOException, InterruptedException {
        Set<String> uris = ConcurrentHashMap.newKeySet();
        var listener = new Listener(way.key(), caller, Optional.of(message.id()), uris);
        var ends = new ArrayList<Runnable>();
        enter(listener);
        try {
            var honoured = honoured(
                    message.params().object("notifications").orElse(JsonObject.EMPTY), request, listener, ends);
            way.line()
                    .message(listener.tell(
                            "notifications/subscriptions/acknowledged",
                            RawJson.of(JsonObject.of("notifications", honoured))));
            run(listener, way);
        } finally {
            open.remove(listener);
            ends.forEach(Runnable::run);
        }
        return new End(
                listener.tell("notifications/cancelled", JsonSpans.join(Map.of("requestId", message.id()))),
                Messages.success(
                        message.id(),
                        listener.tagged(JsonSpans.join(Map.of("resultType", RawJson.of(new JsonString("complete")))))));
    }

    /// Where a stream goes out, whose it is, and whether it may go on.
    record Way(Outlet line, String key, BooleanSupplier live) {}

    /// Serves a GET stream until the caller goes, `live` says no more, or the server stops.
    void stream(Session session, C caller, Way way) throws IOException, InterruptedException {
        var listener = new Listener(way.key(), caller, Optional.empty(), session.subscriptions());
        enter(listener);
        try {
            KINDS.values().forEach(listener::listens);
            // The head goes out now: who has it knows that it is told from here on.
            way.line().comment();
            run(listener, way);
        } finally {
            open.remove(listener);
        }
    }

    private synchronized void enter(Listener listener) {
        long mine =
                open.stream().filter(other -> other.key.equals(listener.key)).count();
        if (open.size() >= options.maxListeners() || mine >= Math.max(1, options.maxListeners() / 4)) {
            throw new HttpProblem(429, "too_many_streams", "too many streams are open: close one first");
        }
        open.add(listener);
    }

    private void run(Listener listener, Way way) throws IOException, InterruptedException {
        while (goesOn(way)) {
            var changes = listener.take(options.heartbeat());
            if (changes.isEmpty()) {
                way.line().comment();
                continue;
            }
            boolean told = false;
            for (var change : changes) {
                var message = listener.message(change);
                if (message.isPresent() && goesOn(way)) {
                    way.line().message(message.get());
                    told = true;
                }
            }
            if (!told) {
                // Changes that are none for this caller must not hide that it has gone.
                way.line().comment();
            }
            // A flood of changes becomes one message of each for each pause.
            var stops = closing.await(LEAST_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
            if (stops) {
                return;
            }
        }
    }

    private boolean goesOn(Way way) {
        return closing.getCount() > 0 && way.live().getAsBoolean();
    }

    /// What of the wish is offered and this caller may hear.
    private JsonObject honoured(JsonObject wish, McpRequest request, Listener listener, List<Runnable> ends)
            throws InterruptedException {
        var capabilities = service.capabilities(listener.caller);
        var honoured = JsonObject.EMPTY;
        for (var kind : KINDS.entrySet()) {
            if (offers(capabilities, kind.getValue(), "listChanged")
                    && wish.bool(kind.getKey()).orElse(false)) {
                listener.listens(kind.getValue());
                honoured = honoured.with(kind.getKey(), true);
            }
        }
        if (!wish.has("resourceSubscriptions") || !offers(capabilities, "resources", "subscribe")) {
            return honoured;
        }
        var uris = wish.array("resourceSubscriptions").map(JsonArray::strings).orElse(List.of()).stream()
                .distinct()
                .limit(MAX_URIS)
                .toList();
        // A change that comes while they are looked at is kept.
        listener.uris.addAll(uris);
        var answers = service.subscribe(listener.caller, request, Set.copyOf(uris));
        for (var uri : uris) {
            if (answers.get(uri) instanceof Subscribed.Honoured taken) {
                ends.add(taken.end());
            } else {
                listener.uris.remove(uri);
            }
        }
        var taken = uris.stream().filter(listener.uris::contains).toList();
        return taken.isEmpty() ? honoured : honoured.with("resourceSubscriptions", taken);
    }

    private static boolean offers(JsonObject capabilities, String name, String part) {
        return capabilities.object(name).flatMap(offer -> offer.bool(part)).orElse(false);
    }

    /// Ends all streams at once.
    @Override
    public void close() {
        closing.countDown();
        open.forEach(listener -> listener.woken.release());
    }
}

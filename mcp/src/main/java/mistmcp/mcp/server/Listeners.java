package mistmcp.mcp.server;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
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
import mistmcp.mcp.MetaKeys;

/// The streams on which callers wait for changes: `subscriptions/listen` of the modern era, the GET stream of
/// the legacy one. Bounded in all and for each caller; a stream that does not take what it is sent loses the
/// oldest. Safe for several threads.
final class Listeners implements AutoCloseable {
    private static final int MAX_WAITING = 64;
    private static final Map<String, String> KINDS =
            Map.of("toolsListChanged", "tools", "promptsListChanged", "prompts", "resourcesListChanged", "resources");

    private final Set<Listener> open = ConcurrentHashMap.newKeySet();
    private final McpOptions options;
    private volatile boolean closed;

    Listeners(McpOptions options) {
        this.options = options;
    }

    /// One stream.
    private static final class Listener {
        private final String key;
        private final Optional<RawJson> subscription;
        private final Set<String> kinds;
        private final Set<String> uris;
        private final LinkedBlockingQueue<byte[]> waiting = new LinkedBlockingQueue<>(MAX_WAITING);

        Listener(String key, Optional<RawJson> subscription, Set<String> kinds, Set<String> uris) {
            this.key = key;
            this.subscription = subscription;
            this.kinds = kinds;
            this.uris = uris;
        }

        void tell(String method, RawJson params) {
            var message = Messages.notification(method, tagged(params));
            while (!waiting.offer(message)) {
                waiting.poll();
            }
        }

        RawJson tagged(RawJson params) {
            return subscription
                    .map(id -> JsonSpans.set(
                            params, Map.of("_meta", JsonSpans.join(Map.of(MetaKeys.SUBSCRIPTION_ID, id)))))
                    .orElse(params);
        }
    }

    void listChanged(String kind) {
        for (var listener : open) {
            if (listener.kinds.contains(kind)) {
                listener.tell("notifications/" + kind + "/list_changed", RawJson.EMPTY_OBJECT);
            }
        }
    }

    void resourceUpdated(String uri) {
        for (var listener : open) {
            if (listener.uris.contains(uri)) {
                listener.tell("notifications/resources/updated", RawJson.of(JsonObject.of("uri", uri)));
            }
        }
    }

    /// Serves `subscriptions/listen` until the caller goes or the server stops; the answer that ends it then.
    byte[] listen(Envelope.Request message, JsonObject capabilities, Outlet line, String key, BooleanSupplier live)
            throws IOException, InterruptedException {
        var honoured = honoured(message.params().object("notifications").orElse(JsonObject.EMPTY), capabilities);
        var kinds = new java.util.HashSet<String>();
        KINDS.forEach((member, kind) -> {
            if (honoured.has(member)) {
                kinds.add(kind);
            }
        });
        var uris = Set.copyOf(
                honoured.array("resourceSubscriptions").map(JsonArray::strings).orElse(List.of()));
        var listener = new Listener(key, Optional.of(message.id()), Set.copyOf(kinds), uris);
        listener.tell("notifications/subscriptions/acknowledged", RawJson.of(JsonObject.of("notifications", honoured)));
        run(listener, line, live);
        var end = new LinkedHashMap<String, RawJson>();
        end.put("resultType", RawJson.of(new JsonString("complete")));
        return Messages.success(message.id(), listener.tagged(JsonSpans.join(end)));
    }

    /// Serves a GET stream until the caller goes, its MCP session ends or the server stops.
    void stream(Session session, Outlet line, BooleanSupplier live) throws IOException, InterruptedException {
        run(
                new Listener(session.key(), Optional.empty(), Set.copyOf(KINDS.values()), session.subscriptions()),
                line,
                live);
    }

    private void run(Listener listener, Outlet line, BooleanSupplier live) throws IOException, InterruptedException {
        long mine =
                open.stream().filter(other -> other.key.equals(listener.key)).count();
        if (open.size() >= options.maxListeners() || mine >= Math.max(1, options.maxListeners() / 4)) {
            throw new HttpProblem(429, "too_many_streams", "too many streams are open: close one first");
        }
        open.add(listener);
        try {
            while (!closed && live.getAsBoolean()) {
                var message = listener.waiting.poll(options.heartbeat().toMillis(), TimeUnit.MILLISECONDS);
                if (message == null) {
                    line.comment();
                } else {
                    line.message(message);
                }
            }
        } finally {
            open.remove(listener);
        }
    }

    /// What of the wish is offered to this caller.
    private static JsonObject honoured(JsonObject wish, JsonObject capabilities) {
        var honoured = JsonObject.EMPTY;
        for (var member : List.of("toolsListChanged", "promptsListChanged", "resourcesListChanged")) {
            boolean offered = offers(capabilities, KINDS.getOrDefault(member, ""), "listChanged");
            if (offered && wish.bool(member).orElse(false)) {
                honoured = honoured.with(member, true);
            }
        }
        var uris = wish.array("resourceSubscriptions").map(JsonArray::strings).orElse(List.of());
        return uris.isEmpty() || !offers(capabilities, "resources", "subscribe")
                ? honoured
                : honoured.with(
                        "resourceSubscriptions", uris.stream().limit(100).toList());
    }

    private static boolean offers(JsonObject capabilities, String name, String part) {
        return capabilities.object(name).flatMap(offer -> offer.bool(part)).orElse(false);
    }

    @Override
    public void close() {
        closed = true;
    }
}

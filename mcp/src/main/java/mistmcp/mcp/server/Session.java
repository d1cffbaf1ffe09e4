package mistmcp.mcp.server;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import mistmcp.json.JsonObject;
import mistmcp.mcp.Revision;

/// What a legacy caller settled in its handshake. Safe for several threads.
final class Session {
    private final String id;
    private final String key;
    private final Revision revision;
    private final JsonObject clientInfo;
    private final JsonObject clientCapabilities;
    private final ConcurrentHashMap<String, Runnable> subscriptions = new ConcurrentHashMap<>();
    private volatile String logLevel = "info";
    private volatile Instant lastUsed;
    private volatile boolean ended;
    private final AtomicBoolean streaming = new AtomicBoolean();

    Session(
            String id,
            String key,
            Revision revision,
            JsonObject clientInfo,
            JsonObject clientCapabilities,
            Instant lastUsed) {
        this.id = id;
        this.key = key;
        this.revision = revision;
        this.clientInfo = clientInfo;
        this.clientCapabilities = clientCapabilities;
        this.lastUsed = lastUsed;
    }

    String id() {
        return id;
    }

    String key() {
        return key;
    }

    Revision revision() {
        return revision;
    }

    JsonObject clientInfo() {
        return clientInfo;
    }

    JsonObject clientCapabilities() {
        return clientCapabilities;
    }

    /// Whether its one stream over a pipe is still to be opened; true once.
    boolean streams() {
        return streaming.compareAndSet(false, true);
    }

    /// The URIs whose updates the caller wants on its GET stream; a bounded set that changes while it is
    /// looked at.
    Set<String> subscriptions() {
        return subscriptions.keySet();
    }

    /// Keeps a subscription until it is dropped or the session ends.
    void subscribe(String uri, Runnable end) {
        var before = subscriptions.put(uri, end);
        if (before != null) {
            before.run();
        }
        if (ended) {
            unsubscribe(uri);
        }
    }

    void unsubscribe(String uri) {
        var end = subscriptions.remove(uri);
        if (end != null) {
            end.run();
        }
    }

    /// Lets go of all that the session holds.
    void end() {
        ended = true;
        List.copyOf(subscriptions.keySet()).forEach(this::unsubscribe);
    }

    String logLevel() {
        return logLevel;
    }

    void logLevel(String level) {
        logLevel = level;
    }

    Instant lastUsed() {
        return lastUsed;
    }

    void used(Instant now) {
        lastUsed = now;
    }
}

package mistmcp.mcp.server;

import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import mistmcp.json.JsonObject;
import mistmcp.mcp.Revision;

/// What a legacy caller settled in its handshake. Safe for several threads.
final class Session {
    private final String id;
    private final String key;
    private final Revision revision;
    private final JsonObject clientInfo;
    private final JsonObject clientCapabilities;
    private final Set<String> subscriptions = ConcurrentHashMap.newKeySet();
    private volatile String logLevel = "info";
    private volatile Instant lastUsed;

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

    /// The URIs whose updates the caller wants on its GET stream; a bounded set.
    Set<String> subscriptions() {
        return subscriptions;
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

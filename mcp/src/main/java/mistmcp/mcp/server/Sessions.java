package mistmcp.mcp.server;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mistmcp.json.JsonObject;
import mistmcp.mcp.Revision;

/// The MCP sessions of legacy callers: bounded in all and for each caller, gone when idle, usable by the
/// caller that opened them only. Safe for several threads.
final class Sessions {
    private final SecureRandom random = new SecureRandom();
    /// By id, the longest unused first.
    private final LinkedHashMap<String, Session> all = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<String, Integer> counts = new HashMap<>();
    private final McpOptions options;
    private final InstantSource clock;
    private final Duration idle;

    Sessions(McpOptions options) {
        this.options = options;
        this.clock = options.clock();
        this.idle = options.sessionIdle();
    }

    synchronized Session open(String key, Revision revision, JsonObject clientInfo, JsonObject capabilities) {
        dropIdle();
        if (counts.getOrDefault(key, 0) >= options.maxSessionsPerKey()) {
            oldestOf(key).ifPresent(this::remove);
        }
        if (all.size() >= options.maxSessions()) {
            remove(all.values().iterator().next());
        }
        var bytes = new byte[24];
        random.nextBytes(bytes);
        var id = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        var session = new Session(id, key, revision, clientInfo, capabilities, clock.instant());
        all.put(id, session);
        counts.merge(key, 1, Integer::sum);
        return session;
    }

    /// The live session of this id that this caller opened.
    synchronized Optional<Session> use(String id, String key) {
        dropIdle();
        var session =
                Optional.ofNullable(all.get(id)).filter(found -> found.key().equals(key));
        session.ifPresent(found -> found.used(clock.instant()));
        return session;
    }

    synchronized boolean end(String id, String key) {
        var session = use(id, key);
        session.ifPresent(this::remove);
        return session.isPresent();
    }

    synchronized void endAll() {
        List.copyOf(all.values()).forEach(this::remove);
    }

    synchronized int size() {
        return all.size();
    }

    private void dropIdle() {
        var oldest = clock.instant().minus(idle);
        List<Session> dead = new ArrayList<>();
        for (var session : all.values()) {
            if (!session.lastUsed().isBefore(oldest)) {
                break;
            }
            dead.add(session);
        }
        dead.forEach(this::remove);
    }

    private Optional<Session> oldestOf(String key) {
        return all.values().stream()
                .filter(session -> session.key().equals(key))
                .findFirst();
    }

    private void remove(Session session) {
        all.remove(session.id());
        counts.computeIfPresent(session.key(), (_, count) -> count == 1 ? null : count - 1);
        session.end();
    }
}

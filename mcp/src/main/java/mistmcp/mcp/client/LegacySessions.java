package mistmcp.mcp.client;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import mistmcp.json.JsonObject;

/// The MCP sessions that we hold with one legacy server: one for each principal and what its caller can be
/// asked for when the server issues ids, else one handshake for all that can be asked the same. Bounded; the
/// longest unused gives way. Safe for several threads.
final class LegacySessions {
    private final LinkedHashMap<Key, LegacySession> own = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<JsonObject, LegacySession> shared = new HashMap<>();
    private final int max;

    LegacySessions(int max) {
        this.max = max;
    }

    /// Whose session it is, and the capabilities that its handshake declares: a server may rely on them, so
    /// two callers with different ones share nothing.
    record Key(String principal, JsonObject capabilities) {}

    /// A handshake that was made.
    ///
    /// @param id      the id, when the server issued one
    /// @param headers what each further message carries
    /// @param configured the headers of ours that the handshake carried
    /// @param offer   the changes that the server offers to tell of
    /// @param out     the requests that are out through it now, the newest last
    record LegacySession(
            Optional<String> id,
            Map<String, String> headers,
            Map<String, String> configured,
            Offer offer,
            ConcurrentLinkedDeque<Inquirer> out) {
        LegacySession {
            headers = Map.copyOf(headers);
            configured = Map.copyOf(configured);
        }
    }

    synchronized Optional<LegacySession> find(Key key) {
        return Optional.ofNullable(shared.get(key.capabilities())).or(() -> Optional.ofNullable(own.get(key)));
    }

    /// Keeps a session; answers those that had to go for it.
    synchronized List<LegacySession> keep(Key key, LegacySession session) {
        if (session.id().isEmpty()) {
            shared.put(key.capabilities(), session);
            return List.of();
        }
        own.put(key, session);
        var gone = new ArrayList<LegacySession>();
        while (own.size() > max) {
            var oldest = own.entrySet().iterator().next();
            gone.add(oldest.getValue());
            own.remove(oldest.getKey());
        }
        return gone;
    }

    synchronized void drop(Key key, LegacySession session) {
        own.remove(key, session);
    }

    synchronized List<LegacySession> drain() {
        var all = List.copyOf(own.values());
        own.clear();
        shared.clear();
        return all;
    }
}

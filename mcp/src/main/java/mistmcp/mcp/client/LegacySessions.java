package mistmcp.mcp.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;

/// The MCP sessions that we hold with one legacy server: one for each principal when the server issues ids,
/// else one handshake for all. Bounded; the longest unused gives way. Safe for several threads.
final class LegacySessions {
    private final LinkedHashMap<String, LegacySession> byPrincipal = new LinkedHashMap<>(16, 0.75f, true);
    private final int max;
    private Optional<LegacySession> shared = Optional.empty();

    LegacySessions(int max) {
        this.max = max;
    }

    /// A handshake that was made.
    ///
    /// @param id      the id, when the server issued one
    /// @param headers what each further message carries
    /// @param out     what is being asked through it now, the newest last
    record LegacySession(Optional<String> id, Map<String, String> headers, ConcurrentLinkedDeque<Dialogue> out) {
        LegacySession {
            headers = Map.copyOf(headers);
        }
    }

    synchronized Optional<LegacySession> find(String principal) {
        return shared.or(() -> Optional.ofNullable(byPrincipal.get(principal)));
    }

    /// Keeps a session; answers those that had to go for it.
    synchronized List<LegacySession> keep(String principal, LegacySession session) {
        if (session.id().isEmpty()) {
            shared = Optional.of(session);
            return List.of();
        }
        byPrincipal.put(principal, session);
        var gone = new ArrayList<LegacySession>();
        while (byPrincipal.size() > max) {
            var oldest = byPrincipal.entrySet().iterator().next();
            gone.add(oldest.getValue());
            byPrincipal.remove(oldest.getKey());
        }
        return gone;
    }

    synchronized void drop(String principal, LegacySession session) {
        byPrincipal.remove(principal, session);
    }

    synchronized List<LegacySession> drain() {
        var all = List.copyOf(byPrincipal.values());
        byPrincipal.clear();
        shared = Optional.empty();
        return all;
    }
}

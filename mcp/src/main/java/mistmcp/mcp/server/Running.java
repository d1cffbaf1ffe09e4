package mistmcp.mcp.server;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import mistmcp.json.RawJson;

/// The legacy calls in flight, so that `notifications/cancelled` finds them. Safe for several threads.
final class Running {
    private final ConcurrentHashMap<Name, LiveCall> calls = new ConcurrentHashMap<>();

    /// A request's id means something only beside its caller and its MCP session.
    record Name(String key, String session, String id) {}

    static Name name(String key, String session, RawJson id) {
        return new Name(key, session, id.toString());
    }

    void begin(Name name, LiveCall call) {
        calls.putIfAbsent(name, call);
    }

    void end(Name name, LiveCall call) {
        calls.remove(name, call);
    }

    void cancelAll() {
        calls.values().forEach(LiveCall::cancel);
    }

    Optional<LiveCall> find(Name name) {
        return Optional.ofNullable(calls.get(name));
    }
}

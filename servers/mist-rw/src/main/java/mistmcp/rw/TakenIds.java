package mistmcp.rw;

import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/// The ids of the commits that were let in, until they expire: each is taken once. When it is full, nothing
/// more is let in. Safe for several threads.
final class TakenIds {
    private final InstantSource clock;
    private final int most;
    private final Map<String, Instant> taken = new HashMap<>();

    TakenIds(InstantSource clock, int most) {
        this.clock = clock;
        this.most = most;
    }

    /// Takes an id; false when it was taken before, has expired, or there is no room.
    synchronized boolean take(String id, Instant expiresAt) {
        var now = clock.instant();
        taken.values().removeIf(expiry -> !now.isBefore(expiry));
        if (!now.isBefore(expiresAt) || taken.size() >= most) {
            return false;
        }
        return taken.putIfAbsent(id, expiresAt) == null;
    }
}

package mistmcp.sim;

import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/// How many calls each token has made in the current hour; it starts again at the full hour. Safe for several
/// threads.
final class Budget {
    private static final long HOUR = 3600;

    private final int calls;
    private final InstantSource clock;
    private final Map<String, Integer> used = new HashMap<>();
    private long hour;

    Budget(int calls, InstantSource clock) {
        this.calls = calls;
        this.clock = clock;
    }

    /// Counts a call; false when the budget of this hour is used up.
    synchronized boolean take(String role) {
        long now = clock.instant().getEpochSecond() / HOUR;
        if (now != hour) {
            used.clear();
            hour = now;
        }
        return used.merge(role, 1, Integer::sum) <= calls;
    }

    synchronized void reset() {
        used.clear();
    }

    /// Seconds until the next full hour.
    long secondsLeft() {
        Instant now = clock.instant();
        return HOUR - now.getEpochSecond() % HOUR;
    }
}

package mistmcp.mist;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// Counts the calls of one token against Mist's hourly limit, and remembers until when Mist wants none. Safe
/// for several threads. Mist counts by the hour of the clock; calls that others make with the same token are
/// not seen here.
public final class MistBudget {
    /// Calls an hour for one organisation token.
    public static final int CALLS_PER_HOUR = 5_000;

    private final InstantSource clock;
    private final int perHour;
    private Instant hour = Instant.EPOCH;
    private int used;
    private Instant pausedUntil = Instant.EPOCH;

    /// A budget of Mist's documented size.
    public MistBudget(InstantSource clock) {
        this(clock, CALLS_PER_HOUR);
    }

    /// A budget of another size.
    public MistBudget(InstantSource clock, int perHour) {
        this.clock = clock;
        this.perHour = perHour;
    }

    /// Counts one call; answers until when to wait instead when none is left or Mist asked for a pause.
    public synchronized Optional<Instant> take() {
        turn();
        if (clock.instant().isBefore(pausedUntil)) {
            return Optional.of(pausedUntil);
        }
        if (used >= perHour) {
            return Optional.of(nextHour());
        }
        used++;
        return Optional.empty();
    }

    /// Takes note that Mist refused a call; without a wait the rest of the hour is lost.
    ///
    /// @return when to try again
    public synchronized Instant refused(Optional<Duration> retryAfter) {
        turn();
        pausedUntil = retryAfter.map(wait -> clock.instant().plus(wait)).orElseGet(this::nextHour);
        return pausedUntil;
    }

    /// How many calls are left in this hour.
    public synchronized int remaining() {
        turn();
        return Math.max(0, perHour - used);
    }

    private void turn() {
        var now = clock.instant().truncatedTo(ChronoUnit.HOURS);
        if (!now.equals(hour)) {
            hour = now;
            used = 0;
        }
    }

    private Instant nextHour() {
        return clock.instant().truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS);
    }
}

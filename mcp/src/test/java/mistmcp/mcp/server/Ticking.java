package mistmcp.mcp.server;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// A clock that moves when it is told to.
final class Ticking implements InstantSource {
    private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @Override
    public Instant instant() {
        return now;
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    /// Options with few sessions and few parked calls, by this clock.
    McpOptions options(int sessions, int perKey, int parked) {
        return new McpOptions(
                McpOptions.SESSIONS.limits(),
                true,
                sessions,
                perKey,
                Duration.ofMinutes(30),
                Duration.ofMillis(250),
                Duration.ofMillis(200),
                parked,
                8,
                this);
    }
}

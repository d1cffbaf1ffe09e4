package mistmcp.bench;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/// How much is measured.
///
/// @param callers how many callers send at a time, in turn
/// @param rounds  how often each cell of sizes and callers is run for every target, one after the other
/// @param run     how long one target is loaded in a round
/// @param warmUp  how long each target is loaded before anything counts
/// @param whole   whether proxies of others and the audit log alone take part
record Plan(List<Integer> callers, Map<Size, Integer> rounds, Duration run, Duration warmUp, boolean whole) {
    /// The usual form: about ten minutes.
    static final Plan NORMAL = new Plan(
            List.of(1, 8, 32, 64),
            Map.of(Size.SMALL, 5, Size.MEDIUM, 3, Size.LARGE, 3),
            Duration.ofMillis(800),
            Duration.ofSeconds(30),
            true);

    /// Less than a minute: shows that every answer is right, and says nothing about speed.
    static final Plan SHORT = new Plan(
            List.of(1, 8),
            Map.of(Size.SMALL, 1, Size.MEDIUM, 1, Size.LARGE, 1),
            Duration.ofMillis(300),
            Duration.ofMillis(300),
            false);

    Plan {
        callers = List.copyOf(callers);
        rounds = Map.copyOf(rounds);
    }
}

package mistmcp.bench;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/// How much is measured.
///
/// @param callers  how many callers send at a time, in turn
/// @param rounds   how often each cell of sizes and callers is run for every target, one after the other
/// @param run      how long one target is loaded in a round
/// @param gateway  how long the gateway is loaded with small calls before anything counts: it has most to compile
/// @param part     the same for the upstream, each stage and mist-ro
/// @param ofOthers the same for proxies of others
/// @param larger   the same for each of the larger sizes
/// @param budget   how long all warm-ups together may take
/// @param whole    whether proxies of others and the audit log alone take part
record Plan(
        List<Integer> callers,
        Map<Size, Integer> rounds,
        Duration run,
        WarmUp.Limits gateway,
        WarmUp.Limits part,
        WarmUp.Limits ofOthers,
        WarmUp.Limits larger,
        Duration budget,
        boolean whole) {
    /// The usual form: less than 20 minutes.
    static final Plan NORMAL = new Plan(
            List.of(1, 8, 32, 64),
            Map.of(Size.SMALL, 5, Size.MEDIUM, 3, Size.LARGE, 3),
            Duration.ofMillis(800),
            limits(10_000, 120_000),
            limits(10_000, 60_000),
            limits(10_000, 30_000),
            limits(3_000, 9_000),
            Duration.ofMinutes(12),
            true);

    /// Less than a minute: shows that every answer is right, and says nothing about speed.
    static final Plan SHORT = new Plan(
            List.of(1, 8),
            Map.of(Size.SMALL, 1, Size.MEDIUM, 1, Size.LARGE, 1),
            Duration.ofMillis(300),
            limits(300, 300),
            limits(300, 300),
            limits(300, 300),
            limits(300, 300),
            Duration.ofSeconds(10),
            false);

    Plan {
        callers = List.copyOf(callers);
        rounds = Map.copyOf(rounds);
    }

    private static WarmUp.Limits limits(long windowMs, long mostMs) {
        return new WarmUp.Limits(Duration.ofMillis(windowMs), Duration.ofMillis(mostMs));
    }
}

package mistmcp.sim.api;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/// The time a query asks for: `start` and `end` as epoch seconds, `now` or relative (`-1d`), or `duration`
/// (default `1d`) back from `end`.
record Period(Instant start, Instant end) {
    private static final Pattern RELATIVE = Pattern.compile("-?([0-9]{1,6})([smhdw])");

    static Period of(Call call, Instant now) {
        var end = call.query("end").flatMap(text -> instant(text, now)).orElse(now);
        var length = call.query("duration").flatMap(Period::length).orElse(Duration.ofDays(1));
        var start = call.query("start").flatMap(text -> instant(text, now)).orElse(end.minus(length));
        return new Period(start, end);
    }

    /// Whether a time in seconds lies in this period. The last second counts whole.
    boolean covers(double seconds) {
        return seconds >= start.getEpochSecond() && seconds <= end.getEpochSecond() + 1.0;
    }

    private static Optional<Instant> instant(String text, Instant now) {
        if (text.equals("now")) {
            return Optional.of(now);
        }
        if (text.matches("[0-9]{1,12}(\\.[0-9]+)?")) {
            return Optional.of(Instant.ofEpochMilli((long) (Double.parseDouble(text) * 1000)));
        }
        return length(text).map(now::minus);
    }

    private static Optional<Duration> length(String text) {
        var matcher = RELATIVE.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long amount = Long.parseLong(matcher.group(1));
        return Optional.of(
                switch (matcher.group(2)) {
                    case "s" -> Duration.ofSeconds(amount);
                    case "m" -> Duration.ofMinutes(amount);
                    case "h" -> Duration.ofHours(amount);
                    case "d" -> Duration.ofDays(amount);
                    default -> Duration.ofDays(amount * 7);
                });
    }
}

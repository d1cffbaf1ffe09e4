package mistmcp.gateway.audit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Records refused sign-ins without letting a flood of them fill the disk: for one source and code the first
/// few of ten seconds stand each for itself, the rest become one record with their count. Nobody waits for
/// these records. Safe for several threads.
public final class AuthRefusals {
    private static final int IN_FULL = 5;
    private static final int MAX_SOURCES = 1_000;
    private static final Duration WINDOW = Duration.ofSeconds(10);
    private static final String OTHERS = "others";

    private final AuditLog log;
    private final InstantSource clock;
    private final Map<Key, Count> counts = new LinkedHashMap<>();

    private record Key(String source, String code) {}

    private static final class Count {
        private final Instant since;
        private long all;
        private long told;

        private Count(Instant since) {
            this.since = since;
        }
    }

    /// Records to a log.
    public AuthRefusals(AuditLog log, InstantSource clock) {
        this.log = log;
        this.clock = clock;
        log.everySecond(this::tell);
    }

    /// One sign-in was refused.
    ///
    /// @param source    the address it came from
    /// @param code      the stable code of the refusal
    /// @param requestId the correlation id of the HTTP request
    public void refused(String source, String code, String requestId) {
        boolean inFull;
        synchronized (this) {
            var key = new Key(source, code);
            if (!counts.containsKey(key) && counts.size() >= MAX_SOURCES) {
                key = new Key(OTHERS, code);
            }
            var count = counts.computeIfAbsent(key, absent -> new Count(clock.instant()));
            count.all++;
            inFull = count.told < IN_FULL && !key.source.equals(OTHERS);
            if (inFull) {
                count.told++;
            }
        }
        if (inFull) {
            append(AuditRecord.of(Event.AUTH_DENIED).request(requestId).refusal(source, code, 1));
        }
    }

    /// Tells what was only counted in the windows that have passed.
    void tell() {
        for (var record : due(clock.instant().minus(WINDOW))) {
            append(record);
        }
    }

    private synchronized List<AuditRecord> due(Instant before) {
        var due = new ArrayList<AuditRecord>();
        counts.entrySet().removeIf(entry -> {
            var count = entry.getValue();
            boolean over = !count.since.isAfter(before);
            if (over && count.all > count.told) {
                var key = entry.getKey();
                due.add(AuditRecord.of(Event.AUTH_DENIED).refusal(key.source, key.code, count.all - count.told));
            }
            return over;
        });
        return due;
    }

    private void append(AuditRecord record) {
        try {
            log.append(record);
        } catch (AuditUnavailable full) {
            // the sign-in is refused all the same, and the log's health tells of itself
        }
    }
}

package mistmcp.gateway.call;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.function.LongSupplier;

/// How many calls one principal may make: so that none can fill the disk of the audit log or wear out an
/// upstream. Safe for several threads.
public final class CallLimits {
    /// How many at once.
    public static final int BURST = 2_000;

    static final long PER_SECOND = 500;

    private final Cache<String, Bucket> buckets = Caffeine.newBuilder()
            .maximumSize(100_000)
            .expireAfterAccess(Duration.ofMinutes(10))
            // Waking another thread for the housekeeping costs more than doing it.
            .executor(Runnable::run)
            .build();

    private final TimeMeter time;

    CallLimits() {
        this(TimeMeter.SYSTEM_NANOTIME);
    }

    /// Limits by another time than the machine's, in nanoseconds from wherever it counts.
    public CallLimits(LongSupplier nanos) {
        this(new TimeMeter() {
            @Override
            public long currentTimeNanos() {
                return nanos.getAsLong();
            }

            @Override
            public boolean isWallClockBased() {
                return false;
            }
        });
    }

    private CallLimits(TimeMeter time) {
        this.time = time;
    }

    /// Whether one more call is let through.
    boolean admit(String principal) {
        return buckets.get(
                        principal,
                        key -> Bucket.builder()
                                .withCustomTimePrecision(time)
                                .addLimit(
                                        limit -> limit.capacity(BURST).refillGreedy(PER_SECOND, Duration.ofSeconds(1)))
                                .build())
                .tryConsume(1);
    }
}

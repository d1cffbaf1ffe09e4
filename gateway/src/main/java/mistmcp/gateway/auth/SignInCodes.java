package mistmcp.gateway.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// One-time codes that let a browser sign in: made for the operator only, good once, for 60 s.
final class SignInCodes {
    static final Duration LIFE = Duration.ofSeconds(60);

    private final InstantSource clock;
    private final Cache<String, Instant> open =
            Caffeine.newBuilder().maximumSize(100).expireAfterWrite(LIFE).build();

    SignInCodes(InstantSource clock) {
        this.clock = clock;
    }

    String make() {
        var code = RandomIds.fresh();
        open.put(RandomIds.digest(code), clock.instant().plus(LIFE));
        return code;
    }

    /// Uses a code up; of several callers with one code, one is answered true.
    boolean redeem(String code) {
        var ends = open.asMap().remove(RandomIds.digest(code));
        return ends != null && clock.instant().isBefore(ends);
    }
}

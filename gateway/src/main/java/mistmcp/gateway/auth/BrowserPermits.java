package mistmcp.gateway.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import mistmcp.http.HttpRequest;
import mistmcp.http.HttpResponse;

/// Browsers that have shown a sign-in code: they may fill in the DEV sign-in form, and sign in as somebody
/// else, until twelve hours have passed or the gateway stops.
final class BrowserPermits {
    static final Duration LIFE = Duration.ofHours(12);

    private final InstantSource clock;
    private final Cache<String, Instant> permits =
            Caffeine.newBuilder().maximumSize(1_000).expireAfterWrite(LIFE).build();

    BrowserPermits(InstantSource clock) {
        this.clock = clock;
    }

    void grant(HttpResponse response) {
        var id = RandomIds.fresh();
        permits.put(RandomIds.digest(id), clock.instant().plus(LIFE));
        HostCookie.PERMIT.set(response, id);
    }

    boolean held(HttpRequest request) {
        return HostCookie.PERMIT
                .read(request)
                .map(id -> permits.getIfPresent(RandomIds.digest(id)))
                .filter(ends -> clock.instant().isBefore(ends))
                .isPresent();
    }
}

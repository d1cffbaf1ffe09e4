package mistmcp.gateway.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import mistmcp.settings.Secret;

/// Sign-ins that were begun and have not come back. Each is good once, for ten minutes, in the browser that
/// began it. Their number is bounded: in all, for one browser, and in their rate. Safe for several threads.
final class PendingSignIns {
    static final Duration LIFE = Duration.ofMinutes(10);

    private static final int MOST = 10_000;
    private static final int MOST_OF_A_BROWSER = 8;

    private final InstantSource clock;
    private final Cache<String, Pending> open =
            Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(LIFE).build();
    private final Bucket budget = Bucket.builder()
            .addLimit(limit -> limit.capacity(300).refillGreedy(15, Duration.ofSeconds(1)))
            .build();

    /// One sign-in under way.
    ///
    /// @param browser     the digest of the browser's cookie
    /// @param nonce       what the ID token must carry
    /// @param verifier    the proof of RFC 7636
    /// @param redirectUri where the provider sends the browser back to
    /// @param back        where the browser goes after that
    /// @param metadata    the provider as it was when the sign-in was begun
    /// @param fresh       whether the human must prove anew who they are
    /// @param signedIn    the browser session that was there before
    /// @param begunAt     when it was begun
    record Pending(
            String browser,
            Secret nonce,
            Secret verifier,
            String redirectUri,
            ReturnPath back,
            ProviderMetadata metadata,
            boolean fresh,
            Optional<BrowserSessions.Handle> signedIn,
            Instant begunAt) {}

    PendingSignIns(InstantSource clock) {
        this.clock = clock;
    }

    /// Keeps a sign-in.
    ///
    /// @return the `state` that names it; empty when too many are begun at once
    Optional<String> begin(Pending pending) {
        if (!budget.tryConsume(1)) {
            return Optional.empty();
        }
        forgetOldest(pending.browser());
        var state = RandomIds.fresh();
        open.put(RandomIds.digest(state), pending);
        return Optional.of(state);
    }

    /// Takes a sign-in out: of several callers with one state, one gets it.
    Optional<Pending> take(String state) {
        return Optional.ofNullable(open.asMap().remove(RandomIds.digest(state)))
                .filter(pending -> clock.instant().isBefore(pending.begunAt().plus(LIFE)));
    }

    long count() {
        open.cleanUp();
        return open.estimatedSize();
    }

    private void forgetOldest(String browser) {
        var own = open.asMap().entrySet().stream()
                .filter(entry -> entry.getValue().browser().equals(browser))
                .sorted(Comparator.comparing(entry -> entry.getValue().begunAt()))
                .map(Map.Entry::getKey)
                .toList();
        own.stream().limit(Math.max(0, own.size() - MOST_OF_A_BROWSER + 1)).forEach(open::invalidate);
    }
}

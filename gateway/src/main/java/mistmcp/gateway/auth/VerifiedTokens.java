package mistmcp.gateway.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import mistmcp.gateway.identity.Principal;

/// Tokens that were found good a moment ago. An entry holds for the key set it was checked with, until the
/// token ends, and for 60 s at most, so that a removed key and a changed setting bite. The key is the token's
/// digest: the token itself stays nowhere. Only texts that passed the strict form are put in, so that a text
/// that differs from one is not found.
final class VerifiedTokens {
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final Cache<TokenDigest, Entry> entries = Caffeine.newBuilder()
            .maximumSize(10_000)
            .expireAfterWrite(LONGEST)
            .executor(Runnable::run)
            .build();

    private record Entry(Principal principal, KeySet keys, Instant until) {}

    Optional<Principal> find(TokenDigest token, KeySet keys, Instant now) {
        var entry = entries.getIfPresent(token);
        return entry != null && entry.keys() == keys && now.isBefore(entry.until())
                ? Optional.of(entry.principal())
                : Optional.empty();
    }

    void put(TokenDigest token, Principal principal, KeySet keys, Instant now) {
        var end = principal.expiresAt().plus(ClaimRules.SKEW);
        var longest = now.plus(LONGEST);
        entries.put(token, new Entry(principal, keys, end.isBefore(longest) ? end : longest));
    }

    /// How many are held now.
    long size() {
        entries.cleanUp();
        return entries.estimatedSize();
    }
}

package mistmcp.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import mistmcp.gateway.identity.Principal;
import mistmcp.gateway.identity.Role;
import mistmcp.gateway.identity.SiteScope;
import org.junit.jupiter.api.Test;

class VerifiedTokensTest {
    private static final Instant NOW = Instant.parse("2026-08-01T12:00:00Z");
    private static final KeySet KEYS = FixedKeys.set(Signer.rsa("key-1").jwk());

    private final VerifiedTokens tokens = new VerifiedTokens();

    private static Principal until(Instant end) {
        return new Principal(
                "https://i.example/",
                "anna",
                Optional.empty(),
                Role.READ_ONLY,
                new Principal.RoleSource("roles", "ReadOnly"),
                SiteScope.ALL,
                Optional.empty(),
                Map.of(),
                end);
    }

    @Test
    void holdsATokenForAMinuteAtMost() {
        tokens.put(TokenDigest.of("a.b.c"), until(NOW.plus(Duration.ofHours(1))), KEYS, NOW);

        assertThat(tokens.find(TokenDigest.of("a.b.c"), KEYS, NOW.plusSeconds(59)))
                .isPresent();
        assertThat(tokens.find(TokenDigest.of("a.b.c"), KEYS, NOW.plusSeconds(60)))
                .isEmpty();
    }

    @Test
    void holdsNoTokenBeyondItsEndAndTheSkew() {
        tokens.put(TokenDigest.of("a.b.c"), until(NOW.minusSeconds(50)), KEYS, NOW);

        assertThat(tokens.find(TokenDigest.of("a.b.c"), KEYS, NOW.plusSeconds(9)))
                .isPresent();
        assertThat(tokens.find(TokenDigest.of("a.b.c"), KEYS, NOW.plusSeconds(10)))
                .isEmpty();
    }

    @Test
    void findsNothingOnceTheKeysAreOthers() {
        tokens.put(TokenDigest.of("a.b.c"), until(NOW.plus(Duration.ofHours(1))), KEYS, NOW);
        var same = FixedKeys.set(Signer.rsa("key-1").jwk());

        assertThat(tokens.find(TokenDigest.of("a.b.c"), same, NOW)).isEmpty();
    }

    @Test
    void findsOnlyTheTextItself() {
        tokens.put(TokenDigest.of("a.b.c"), until(NOW.plus(Duration.ofHours(1))), KEYS, NOW);

        for (var other : new String[] {"a.b.d", "a.b.c ", "a.b.c=", "A.b.c", ""}) {
            assertThat(tokens.find(TokenDigest.of(other), KEYS, NOW)).as(other).isEmpty();
        }
    }

    @Test
    void isBounded() {
        var anna = until(NOW.plus(Duration.ofHours(1)));
        for (int i = 0; i < 30_000; i++) {
            tokens.put(TokenDigest.of("token-" + i), anna, KEYS, NOW);
        }

        assertThat(tokens.size()).isLessThanOrEqualTo(10_000);
    }
}

package mistmcp.assertion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import mistmcp.settings.Secret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AssertionKeyTest {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-05-01T10:00:00Z"));
    private final AssertionKey key = new AssertionKey(new Secret("k".repeat(32)), now::get);

    @Test
    void readsWhatItSigned() {
        var assertion = assertion(Optional.of(new Assertion.Commit("plan_1", "sha256:c", "sha256:b")));

        assertThat(key.verify(key.sign(assertion), "mist-rw")).contains(assertion);
    }

    @Test
    void refusesAnotherServersAssertion() {
        assertThat(key.verify(key.sign(assertion(Optional.empty())), "mist-ro")).isEmpty();
    }

    @Test
    void refusesAnotherKey() {
        var other = new AssertionKey(new Secret("o".repeat(32)), now::get);

        assertThat(key.verify(other.sign(assertion(Optional.empty())), "mist-rw"))
                .isEmpty();
    }

    @Test
    void refusesWhatHasExpired() {
        var token = key.sign(assertion(Optional.empty()));

        now.updateAndGet(instant -> instant.plus(AssertionKey.LIFE));

        assertThat(key.verify(token, "mist-rw")).isEmpty();
    }

    @Test
    void refusesALongerLifeThanOurs() {
        var token = key.sign(assertion(Optional.empty()));

        now.updateAndGet(instant -> instant.minus(Duration.ofMinutes(5)));

        assertThat(key.verify(token, "mist-rw")).isEmpty();
    }

    @Test
    void refusesEveryChangedByte() {
        var token = key.sign(assertion(Optional.empty()));
        for (int i = 0; i < token.length(); i++) {
            var changed = token.substring(0, i) + (token.charAt(i) == 'A' ? 'B' : 'A') + token.substring(i + 1);
            assertThat(key.verify(changed, "mist-rw")).as("byte %d", i).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a.b", "a.b.c", "é.é.é"})
    void refusesGarbage(String token) {
        assertThat(key.verify(token, "mist-rw")).isEmpty();
    }

    @Test
    void refusesAnotherAlgorithm() {
        var parts = key.sign(assertion(Optional.empty())).split("\\.", -1);
        var none = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8));

        assertThat(key.verify(none + "." + parts[1] + ".", "mist-rw")).isEmpty();
        assertThat(key.verify(none + "." + parts[1] + "." + parts[2], "mist-rw"))
                .isEmpty();
    }

    @Test
    void wantsALongKey() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AssertionKey(new Secret("k".repeat(31)), now::get))
                .withMessageNotContaining("kkk");
    }

    private Assertion assertion(Optional<Assertion.Commit> commit) {
        return new Assertion(
                "mist-rw",
                "https://idp|ann",
                "ReadWrite",
                List.of("site-1"),
                "commit",
                "tools/call",
                "set_switch_port",
                "sha256:a",
                key.newId(),
                key.expiry(),
                commit);
    }
}

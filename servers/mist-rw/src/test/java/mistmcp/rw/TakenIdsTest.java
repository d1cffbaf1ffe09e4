package mistmcp.rw;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class TakenIdsTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final Instant LATER = NOW.plusSeconds(60);

    private final AtomicReference<Instant> time = new AtomicReference<>(NOW);
    private final TakenIds taken = new TakenIds(time::get, 2);

    @Test
    void takesAnIdOnce() {
        assertThat(taken.take("a", LATER)).isTrue();
        assertThat(taken.take("a", LATER)).isFalse();
        assertThat(taken.take("b", LATER)).isTrue();
    }

    @Test
    void letsNothingMoreInWhenItIsFull() {
        taken.take("a", LATER);
        taken.take("b", LATER);

        assertThat(taken.take("c", LATER)).isFalse();
    }

    @Test
    void makesRoomAsIdsExpireAndTakesNoExpiredOne() {
        taken.take("a", LATER);
        taken.take("b", LATER);
        time.set(LATER);

        assertThat(taken.take("a", LATER)).isFalse();
        assertThat(taken.take("c", LATER.plusSeconds(60))).isTrue();
    }
}

package mistmcp.mist;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class MistBudgetTest {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T10:15:00Z"));
    private final MistBudget budget = new MistBudget(now::get, 2);

    @Test
    void givesTheCallsOfAnHourAndThenSaysWhenThereAreMore() {
        assertThat(budget.take()).isEmpty();
        assertThat(budget.take()).isEmpty();
        assertThat(budget.remaining()).isZero();

        assertThat(budget.take()).contains(Instant.parse("2026-01-01T11:00:00Z"));
    }

    @Test
    void beginsAnewWithTheHour() {
        budget.take();
        budget.take();

        now.set(Instant.parse("2026-01-01T11:00:00Z"));

        assertThat(budget.remaining()).isEqualTo(2);
        assertThat(budget.take()).isEmpty();
    }

    @Test
    void pausesAsLongAsMistAskedFor() {
        assertThat(budget.refused(Optional.of(Duration.ofSeconds(20))))
                .isEqualTo(Instant.parse("2026-01-01T10:15:20Z"));
        assertThat(budget.take()).isPresent();

        now.set(Instant.parse("2026-01-01T10:15:20Z"));
        assertThat(budget.take()).isEmpty();
    }

    @Test
    void pausesToTheFullHourWhenMistDoesNotSay() {
        assertThat(budget.refused(Optional.empty())).isEqualTo(Instant.parse("2026-01-01T11:00:00Z"));
    }
}

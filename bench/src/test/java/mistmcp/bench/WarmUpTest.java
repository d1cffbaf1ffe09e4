package mistmcp.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class WarmUpTest {
    @Test
    void standsStillAfterTwoSmallStepsInARow() {
        assertThat(WarmUp.still(List.of(900.0, 380.0, 370.0, 385.0))).isTrue();
        assertThat(WarmUp.still(List.of(400.0, 420.0, 400.0))).isTrue();
    }

    @Test
    void movesWhileOneOfTheLastTwoStepsIsLarger() {
        assertThat(WarmUp.still(List.of(900.0, 700.0, 690.0))).isFalse();
        assertThat(WarmUp.still(List.of(400.0, 390.0, 360.0))).isFalse();
        assertThat(WarmUp.still(List.of(300.0, 305.0, 330.0))).isFalse();
    }

    @Test
    void knowsNothingFromLessThanThreeWindows() {
        assertThat(WarmUp.still(List.of())).isFalse();
        assertThat(WarmUp.still(List.of(400.0, 400.0))).isFalse();
    }
}

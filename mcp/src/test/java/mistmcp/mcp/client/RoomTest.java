package mistmcp.mcp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.FutureTask;
import mistmcp.http.HttpFailure;
import org.junit.jupiter.api.Test;

class RoomTest {
    private static final int MIB = 1 << 20;

    private final Room room = new Room(9L * MIB, Duration.ofMillis(200));

    @Test
    void holdsOnlySoManyLargeAnswersAtOneTime() throws Exception {
        var first = room.open();
        first.reserve(2 * MIB);
        var second = room.open();

        assertThatThrownBy(() -> second.reserve(2 * MIB))
                .isInstanceOfSatisfying(
                        HttpFailure.class, failure -> assertThat(failure.kind()).isEqualTo(HttpFailure.Kind.TOO_LARGE));
        first.close();
        second.reserve(2 * MIB);
    }

    @Test
    void takesNothingForSmallOnesAndGrowsWithTheAnswer() throws Exception {
        var whole = room.open();
        whole.reserve(MIB);
        whole.reserve(2 * MIB);
        whole.reserve(3 * MIB - 1);

        room.open().reserve(60_000);
        assertThatThrownBy(() -> room.open().reserve(MIB)).isInstanceOf(HttpFailure.class);
    }

    @Test
    void letsOneAtATimeGrowBeyondTheRoomWhereAllHoldAPartOfIt() throws Exception {
        var first = room.open();
        var second = room.open();
        first.reserve(MIB);
        second.reserve(2 * MIB);

        first.reserve(3 * MIB);
        assertThatThrownBy(() -> second.reserve(3 * MIB)).isInstanceOf(HttpFailure.class);

        first.close();
        second.reserve(3 * MIB);
        second.close();
        room.open().reserve(3 * MIB);
    }

    @Test
    void whoWaitsGrowsWhenAnotherLetsGo() throws Exception {
        var patient = new Room(9L * MIB, Duration.ofMinutes(1));
        var first = patient.open();
        var second = patient.open();
        first.reserve(MIB);
        second.reserve(2 * MIB);
        first.reserve(3 * MIB);
        var grown = new FutureTask<>(() -> {
            second.reserve(3 * MIB);
            return true;
        });

        Thread.ofVirtual().start(grown);
        first.close();

        assertThat(grown.get()).isTrue();
    }

    @Test
    void givesBackOnce() throws Exception {
        var first = room.open();
        first.reserve(3 * MIB);
        first.close();
        first.close();
        room.open().reserve(3 * MIB);

        assertThatThrownBy(() -> room.open().reserve(MIB)).isInstanceOf(HttpFailure.class);
    }
}

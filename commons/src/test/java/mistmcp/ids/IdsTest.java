package mistmcp.ids;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class IdsTest {
    @Test
    void givesRandomUuids() {
        for (int i = 0; i < 1_000; i++) {
            var id = UUID.fromString(Ids.next());

            assertThat(id.version()).isEqualTo(4);
            assertThat(id.variant()).isEqualTo(2);
        }
    }

    @Test
    void givesNoneTwice() {
        var seen = ConcurrentHashMap.<String>newKeySet();
        try (var threads = Executors.newFixedThreadPool(8)) {
            for (int thread = 0; thread < 8; thread++) {
                threads.execute(() -> {
                    for (int i = 0; i < 5_000; i++) {
                        seen.add(Ids.next());
                    }
                });
            }
        }

        assertThat(seen).hasSize(40_000);
    }

    @Test
    void leavesEveryOtherBitToChance() {
        long everSet1 = 0;
        long everSet2 = 0;
        long everClear1 = 0;
        long everClear2 = 0;
        for (int i = 0; i < 1_000; i++) {
            var id = UUID.fromString(Ids.next());
            everSet1 |= id.getMostSignificantBits();
            everClear1 |= ~id.getMostSignificantBits();
            everSet2 |= id.getLeastSignificantBits();
            everClear2 |= ~id.getLeastSignificantBits();
        }

        assertThat(everSet1 & everClear1).isEqualTo(0xFFFF_FFFF_FFFF_0FFFL);
        assertThat(everSet2 & everClear2).isEqualTo(0x3FFF_FFFF_FFFF_FFFFL);
    }
}

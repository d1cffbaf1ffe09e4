package mistmcp.gateway.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FramesTest {
    @Test
    void writesInstantsAsJavaDoes() {
        var random = new Random(25);
        for (int i = 0; i < 20_000; i++) {
            long second = i % 3 == 0 ? 1_795_000_000L : random.nextLong(-62_167_219_200L, 253_402_300_800L);
            int nanos = switch (i % 4) {
                case 0 -> 0;
                case 1 -> random.nextInt(1_000) * 1_000_000;
                case 2 -> random.nextInt(1_000_000) * 1_000;
                default -> random.nextInt(1_000_000_000);
            };
            var at = Instant.ofEpochSecond(second, nanos);

            assertThat(Frames.text(at)).isEqualTo(at.toString());
        }
    }
}

package mistmcp.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TickerTest {
    private static final long PATIENCE_S = 20;

    @Test
    void looksAgainAndAgain() throws Exception {
        var looks = new CountDownLatch(3);
        try (var ticker = new Ticker("test")) {
            ticker.add(_ -> looks.countDown());

            assertThat(looks.await(PATIENCE_S, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void looksNoMoreAtWhatWasRemoved() throws Exception {
        var first = new Semaphore(0);
        var second = new CountDownLatch(3);
        try (var ticker = new Ticker("test")) {
            Ticker.Watched watched = _ -> first.release();
            ticker.add(watched);
            first.acquire();
            ticker.remove(watched);
            ticker.add(_ -> second.countDown());
            second.await(PATIENCE_S, TimeUnit.SECONDS);
            first.drainPermits();
            var third = new CountDownLatch(3);

            ticker.add(_ -> third.countDown());

            assertThat(third.await(PATIENCE_S, TimeUnit.SECONDS)).isTrue();
            assertThat(first.availablePermits()).isZero();
        }
    }

    @Test
    void wakesUpForWhatComesAfterALongQuiet() throws Exception {
        try (var ticker = new Ticker("test-sleeper")) {
            while (sleeper().getState() != Thread.State.WAITING) {
                Thread.sleep(20);
            }
            var looks = new CountDownLatch(1);

            ticker.add(_ -> looks.countDown());

            assertThat(looks.await(PATIENCE_S, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static Thread sleeper() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("test-sleeper"))
                .findFirst()
                .orElseThrow();
    }
}

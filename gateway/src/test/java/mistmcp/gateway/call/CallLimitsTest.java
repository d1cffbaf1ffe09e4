package mistmcp.gateway.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CallLimitsTest {
    private final AtomicLong nanos = new AtomicLong();
    private final CallLimits limits = new CallLimits(nanos::get);

    @Test
    void letsABurstThroughAndNotOneMore() {
        assertThat(admitted("alice", CallLimits.BURST)).isEqualTo(CallLimits.BURST);

        assertThat(limits.admit("alice")).isFalse();
    }

    @Test
    void letsSoManyThroughInASecondAfterThat() {
        admitted("alice", CallLimits.BURST);
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());

        assertThat(admitted("alice", 10_000)).isEqualTo(CallLimits.PER_SECOND);
    }

    @Test
    void onePrincipalTakesNothingFromAnother() {
        admitted("alice", 10_000);

        assertThat(admitted("bob", CallLimits.BURST)).isEqualTo(CallLimits.BURST);
    }

    private long admitted(String principal, long calls) {
        return LongStream.range(0, calls).filter(_ -> limits.admit(principal)).count();
    }
}

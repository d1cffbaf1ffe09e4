package mistmcp.gateway.api;

import static mistmcp.gateway.api.WireCaller.structured;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import mistmcp.gateway.call.CallLimits;
import mistmcp.gateway.upstream.UpstreamSettings.Era;
import mistmcp.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How many calls one principal may make at once over HTTP; what ran is looked up at the upstream.
final class CallRateIT {
    @TempDir
    private Path directory;

    private final FakeUpstream upstream = new FakeUpstream().with(FakeUpstream.definition("get_it"));
    private RunningGate gate;

    @BeforeEach
    void open() throws InterruptedException {
        gate = new RunningGate(directory, "page", RunningGate.stranger(upstream, Era.MODERN));
    }

    @AfterEach
    void close() {
        gate.close();
        upstream.close();
    }

    @Test
    void theCallAfterTheBurstIsRefusedAndDoesNotRun() throws InterruptedException {
        callAtOnce(CallLimits.BURST);
        assertThat(upstream.calls()).hasSize(CallLimits.BURST);

        var refused = gate.modern("alice").tool("get_it", JsonObject.EMPTY);

        assertThat(structured(refused).string("code")).contains("rate_limited");
        assertThat(upstream.calls()).hasSize(CallLimits.BURST);
        assertThat(gate.records("call.decision")).hasSize(CallLimits.BURST);
        gate.modern("bob").tool("get_it", JsonObject.EMPTY);
        assertThat(upstream.calls()).hasSize(CallLimits.BURST + 1);
        gate.nanos.addAndGet(Duration.ofMillis(2).toNanos());
        gate.modern("alice").tool("get_it", JsonObject.EMPTY);
        assertThat(upstream.calls()).hasSize(CallLimits.BURST + 2);
    }

    private void callAtOnce(int calls) throws InterruptedException {
        var room = new Semaphore(32);
        var caller = gate.modern("alice");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < calls; i++) {
                room.acquire();
                threads.execute(() -> {
                    try {
                        caller.tool("get_it", JsonObject.EMPTY);
                    } finally {
                        room.release();
                    }
                });
            }
        }
    }
}

package mistmcp.gateway.audit;

import static mistmcp.gateway.audit.AuditLogTest.call;
import static mistmcp.gateway.audit.AuditLogTest.events;
import static mistmcp.gateway.audit.AuditLogTest.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditDiskTest {
    private static final long RESERVE = 4096;

    @TempDir
    Path directory;

    private final FaultyDisk disk = new FaultyDisk();

    @Test
    void givesBackItsReserveOnAFullDiskSoThatWhatIsUnderWayIsRecorded() {
        try (var log = open(Duration.ofSeconds(2))) {
            var pending = log.append(call("under way"));
            pending.await();
            disk.free(0);
            disk.room.set(20);

            long index = log.write(AuditRecord.of(Event.CALL_OUTCOME).call("under way"));

            assertThat(log.read(index).orElseThrow().string("event")).contains("call.outcome");
            refusedAs("audit_full", () -> log.append(call("next")));
            assertThat(log.health().reads()).isFalse();
            assertThat(log.health().reason()).contains("full");
        }
    }

    @Test
    void refusesWhatDoesNotFitAndGoesOnWithoutAGapWhenThereIsRoomAgain() throws Exception {
        try (var log = open(Duration.ofSeconds(2))) {
            disk.room.set(20 - RESERVE); // so that what the reserve gives back is not enough
            refusedAs("audit_full", () -> log.write(call("does not fit")));
            long size = log.size();

            disk.room.set(Long.MAX_VALUE / 2);
            long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
            while (!log.health().reads() && System.nanoTime() < deadline) {
                Thread.sleep(20);
            }

            assertThat(log.write(call("fits"))).isEqualTo(size);
            assertThat(events(log)).containsExactly("boot", "call.decision");
        }
        assertNothingIsDamaged();
    }

    @Test
    void refusesWritesBeforeReadsWhenTheDiskFillsUp() {
        disk.free(200);
        try (var log = open(new AuditSettings(directory, 1 << 20, 10, Duration.ofSeconds(2), 300, 100, 50, 0))) {
            refusedAs("audit_full", () -> log.append(write("commit")));
            assertThat(log.health()).matches(health -> health.reads() && !health.writes());
            assertThat(log.write(call("read"))).isEqualTo(1);
            assertThat(log.size()).isEqualTo(2);
        }
    }

    @Test
    void neverTouchesASegmentAgainThatTheDiskDidNotMakeDurable() {
        try (var log = open(Duration.ofSeconds(2))) {
            log.write(call("before"));
            var poisoned = log.segments().newest().name();
            disk.forcesToFail.set(1);
            disk.touched.clear();

            long index = log.write(call("at the failure"));
            log.write(call("after"));

            assertThat(index).isEqualTo(2);
            assertThat(disk.touched.lastIndexOf(poisoned)).isEqualTo(1);
            assertThat(events(log)).contains("recovery").doesNotContain("?");
            assertThat(log.read(2).orElseThrow().string("callId")).contains("at the failure");
            assertThat(log.health().writes()).isTrue();
        }
        assertNothingIsDamaged();
    }

    @Test
    void neverTouchesSuchASegmentToTakeItsSpaceAheadBack() throws Exception {
        try (var log = open(ahead(4096))) {
            log.write(call("before"));
            var poisoned = log.segments().newest();
            disk.forcesToFail.set(1);
            disk.touched.clear();

            log.write(call("at the failure"));
            log.write(call("after"));

            assertThat(disk.touched.lastIndexOf(poisoned.name())).isEqualTo(1);
            assertThat(Files.size(poisoned.path())).isGreaterThan(4096);
            assertThat(events(log)).contains("recovery").doesNotContain("?");
        }
        assertNothingIsDamaged();
    }

    @Test
    void makesSpaceReadyAheadAndTakesItBackAtTheEnd() throws Exception {
        var path = Segment.path(directory, 0);
        try (var log = open(ahead(4096))) {
            long size = Files.size(path);
            assertThat(size).isEqualTo(log.segments().newest().end() + 4096L);

            log.write(call("first"));
            log.write(call("second"));

            assertThat(Files.size(path)).isEqualTo(size);
            for (int at = 0; at < 100; at++) {
                log.write(call("more-" + at));
            }
            assertThat(Files.size(path))
                    .isBetween(
                            log.segments().newest().end() + 1L,
                            log.segments().newest().end() + 4096L);
        }
        assertThat(Files.readAllBytes(path)).endsWith((byte) '}');
        assertNothingIsDamaged();
    }

    @Test
    void goesOnWithoutSpaceAheadWhereThereIsNone() throws Exception {
        disk.room.set(RESERVE + 3_000);
        try (var log = open(ahead(1 << 16))) {
            for (int at = 0; at < 5; at++) {
                log.write(call("fits-" + at));
            }

            assertThat(Files.size(log.segments().newest().path()))
                    .isEqualTo(log.segments().newest().end());
            assertThat(log.health().reads()).isTrue();
        }
        assertNothingIsDamaged();
    }

    @Test
    void keepsItsHandsOffTheLastSpaceOfADisk() throws Exception {
        disk.free(300 + 4096 - 1);
        try (var log = open(new AuditSettings(directory, 1 << 20, 10, Duration.ofSeconds(2), 300, 100, 50, 4096))) {
            log.write(call("a"));

            assertThat(Files.size(log.segments().newest().path()))
                    .isEqualTo(log.segments().newest().end());
        }
    }

    @Test
    void stopsWhenTheDiskFailsTwice() {
        try (var log = open(Duration.ofSeconds(2))) {
            disk.forcesToFail.set(1_000);

            refusedAs("audit_failed", () -> log.write(call("lost")));
            refusedAs("audit_failed", () -> log.append(AuditRecord.of(Event.CALL_OUTCOME)));
            assertThat(log.health().reads()).isFalse();
            assertThat(log.size()).isEqualTo(1);
        }
    }

    @Test
    void failsWhatTheDiskTakesTooLongForAndRefusesMoreMeanwhile() throws Exception {
        try (var log = open(Duration.ofMillis(200))) {
            int all = disk.forces.drainPermits();

            refusedAs("audit_slow", () -> log.write(call("slow")));
            refusedAs("audit_slow", () -> log.append(call("next")));
            assertThat(log.health().reason()).contains("slow");

            disk.forces.release(all);
            long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
            while (log.size() < 2 && System.nanoTime() < deadline) {
                Thread.sleep(20);
            }
            log.write(AuditRecord.of(Event.CALL_OUTCOME).call("slow"));
            // The writer tells its waiters first and its health right after.
            while (!log.health().reads() && System.nanoTime() < deadline) {
                Thread.sleep(20);
            }
            assertThat(log.health().reads()).isTrue();
        }
    }

    @Test
    void takesNoMoreThanItsQueueHolds() {
        var settings = new AuditSettings(directory, 1 << 20, 10, Duration.ofSeconds(30), 0, 0, RESERVE, 0);
        try (var log = open(settings)) {
            int all = disk.forces.drainPermits();
            try {
                var taken = new ArrayList<Pending>();
                refusedAs("audit_busy", () -> {
                    while (taken.size() < 5_000) {
                        taken.add(log.append(call("flood")));
                    }
                });
                assertThat(taken.size()).isBetween(10, 1_100);
            } finally {
                disk.forces.release(all);
            }
        }
    }

    @Test
    void outlivesTheInterruptOfAWaitingThread() throws Exception {
        try (var log = open(Duration.ofSeconds(30))) {
            int all = disk.forces.drainPermits();
            var failure = new ArrayList<String>();
            var waiting = Thread.ofVirtual().start(() -> {
                try {
                    log.write(call("interrupted"));
                } catch (AuditUnavailable why) {
                    failure.add(why.code() + " " + Thread.currentThread().isInterrupted());
                }
            });
            while (waiting.getState() != Thread.State.WAITING) {
                Thread.sleep(5);
            }
            waiting.interrupt();
            waiting.join();
            disk.forces.release(all);

            assertThat(failure).containsExactly("audit_interrupted true");
            assertThat(log.write(call("next"))).isEqualTo(2);
        }
    }

    private void assertNothingIsDamaged() {
        try (var log = AuditLog.open(AuditSettings.in(directory), InstantSource.system())) {
            assertThat(log.health().writes()).isTrue();
            var last = events(log);
            assertThat(last).doesNotContain("?");
            assertThat(last.getLast()).isEqualTo("boot");
            assertThat(last.get(last.size() - 2)).isEqualTo("shutdown");
        }
    }

    private static void refusedAs(String code, ThrowingCallable act) {
        assertThatThrownBy(act)
                .isInstanceOfSatisfying(
                        AuditUnavailable.class, why -> assertThat(why.code()).isEqualTo(code));
    }

    private AuditSettings ahead(int bytes) {
        return new AuditSettings(directory, 1 << 20, 100, Duration.ofSeconds(2), 0, 0, RESERVE, bytes);
    }

    private AuditLog open(Duration slow) {
        return open(new AuditSettings(directory, 1 << 20, 100, slow, 0, 0, RESERVE, 0));
    }

    private AuditLog open(AuditSettings settings) {
        return AuditLog.open(settings, InstantSource.system(), disk);
    }
}

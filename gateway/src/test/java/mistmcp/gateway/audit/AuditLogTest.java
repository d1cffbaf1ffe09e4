package mistmcp.gateway.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import mistmcp.gateway.policy.Mode;
import mistmcp.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuditLogTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-23T12:00:00Z"));

    @TempDir
    Path directory;

    @Test
    void beginsWithABootRecordAndGivesEachRecordItsPlace() {
        try (var log = open()) {
            long index = log.write(call("a"));

            assertThat(index).isEqualTo(1);
            assertThat(log.size()).isEqualTo(2);
            assertThat(log.read(0).orElseThrow().string("event")).contains("boot");
            assertThat(log.read(1).orElseThrow())
                    .isEqualTo(JsonObject.of(
                            "v", 1, "index", 1, "at", "2026-11-23T12:00:00Z", "event", "call.decision", "callId", "a"));
            assertThat(log.read(2)).isEmpty();
            assertThat(log.health()).isEqualTo(new AuditLog.Health(true, true, ""));
        }
    }

    @Test
    void goesOnWhereItEnded() {
        try (var log = open()) {
            log.write(call("a"));
        }
        try (var log = open()) {
            assertThat(events(log)).containsExactly("boot", "call.decision", "shutdown", "boot");
            assertThat(log.read(3).orElseThrow().object("detail").orElseThrow().string("previousEnd"))
                    .contains("clean");
        }
    }

    @Test
    @Timeout(20)
    void makesDurableWhatNobodyWaitsFor() throws InterruptedException {
        try (var log = open()) {
            log.append(AuditRecord.of(Event.CALL_OUTCOME).call("a"));

            while (log.size() < 2) {
                Thread.sleep(5);
            }
            assertThat(events(log)).containsExactly("boot", "call.outcome");
        }
    }

    @Test
    void writesAnOutcomeAlongWithTheDecisionBehindIt() {
        try (var log = open()) {
            log.append(AuditRecord.of(Event.CALL_OUTCOME).call("a"));
            log.write(call("b"));

            assertThat(events(log)).containsExactly("boot", "call.outcome", "call.decision");
        }
    }

    @Test
    void keepsTheLeafHashOfARecordAsItsReceipt() {
        try (var log = open()) {
            var pending = log.append(call("a"));
            pending.await();

            var payload = payload(log, pending.index());
            assertThat(pending.receipt()).isEqualTo(JsonObject.of("index", 1, "leafHash", Frames.leafHash(payload)));
        }
    }

    @Test
    void keepsTheOrderOfSixtyFourWritersAndLosesNothing() throws Exception {
        var seen = new ConcurrentHashMap<Long, String>();
        int each = 200;
        long start = System.nanoTime();
        try (var log = open()) {
            try (var writers = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int writer = 0; writer < 64; writer++) {
                    int number = writer;
                    writers.execute(() -> IntStream.range(0, each)
                            .forEach(at -> seen.put(log.write(call(number + "-" + at)), number + "-" + at)));
                }
            }
            System.out.printf(
                    "audit: %.0f durable records/s at 64 callers%n", 64 * each / ((System.nanoTime() - start) / 1e9));

            assertThat(seen).hasSize(64 * each);
            for (var entry : seen.entrySet()) {
                assertThat(log.read(entry.getKey()).orElseThrow().string("callId"))
                        .contains(entry.getValue());
            }
            assertThat(log.size()).isEqualTo(64 * each + 1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 700, 5_000})
    void beginsANewSegmentWhenOneIsFullAndReadsAcrossThem(int ahead) throws IOException {
        var small = new AuditSettings(
                directory, 2_000, 100, AuditSettings.in(directory).slow(), 0, 0, 1024, ahead);
        try (var log = AuditLog.open(small, CLOCK)) {
            for (int at = 0; at < 200; at++) {
                log.write(call("call-" + at));
            }
        }
        try (var log = AuditLog.open(small, CLOCK)) {
            assertThat(segments()).hasSizeGreaterThan(5);
            for (var full : segments().subList(0, segments().size() - 1)) {
                assertThat(Files.readAllBytes(full)).endsWith((byte) '}');
            }
            assertThat(log.health().writes()).isTrue();
            for (int at = 0; at < 200; at++) {
                assertThat(log.read(at + 1).orElseThrow().string("callId")).contains("call-" + at);
            }
        }
    }

    @Test
    void letsOneProcessOpenItAtATime() {
        try (var log = open()) {
            assertThatThrownBy(this::open).hasMessageContaining("another process");
            assertThat(log.health().reads()).isTrue();
        }
    }

    @Test
    void takesNothingAfterItWasClosed() {
        var log = open();
        log.close();

        assertThatThrownBy(() -> log.append(call("late")))
                .isInstanceOfSatisfying(
                        AuditUnavailable.class, why -> assertThat(why.code()).isEqualTo("audit_closed"));
    }

    private AuditLog open() {
        return AuditLog.open(AuditSettings.in(directory), CLOCK);
    }

    private List<Path> segments() throws IOException {
        try (var files = Files.list(directory)) {
            return files.filter(file -> Segment.first(file).isPresent())
                    .sorted()
                    .toList();
        }
    }

    private static byte[] payload(AuditLog log, long index) {
        try (var reader = log.segments().reader()) {
            return reader.payload(index).orElseThrow();
        } catch (IOException unreadable) {
            throw new AssertionError(unreadable);
        }
    }

    static AuditRecord call(String id) {
        return AuditRecord.of(Event.CALL_DECISION).call(id);
    }

    static AuditRecord write(String id) {
        return call(id).mode(Mode.COMMIT);
    }

    static List<String> events(AuditLog log) {
        var events = new ArrayList<String>();
        for (long index = 0; index < log.size(); index++) {
            events.add(log.read(index).flatMap(record -> record.string("event")).orElse("?"));
        }
        return events;
    }
}

package mistmcp.gateway.audit;

import static mistmcp.gateway.audit.AuditLogTest.call;
import static mistmcp.gateway.audit.AuditLogTest.events;
import static mistmcp.gateway.audit.AuditLogTest.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuditRecoveryTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-23T12:00:00Z"));

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 700})
    void recoversFromEveryPrefixOfALog(int zeros) throws IOException {
        var bytes = smallLog();
        var ends = frameEnds(bytes);
        for (int length = 0; length <= bytes.length; length++) {
            var cut = length;
            var left =
                    Arrays.copyOf(Arrays.copyOf(bytes, length), length < Frames.HEADER_BYTES ? length : length + zeros);
            var at = logOf(left, "prefix-" + length);
            int calls =
                    (int) ends.subList(1, 3).stream().filter(end -> end <= cut).count();
            try (var log = open(at)) {
                assertThat(log.health().writes()).as("prefix of %d", length).isTrue();
                assertThat(callIds(log))
                        .as("prefix of %d", length)
                        .isEqualTo(List.of("a", "b").subList(0, calls));
                // The first bytes of a frame are zeros, as those of no frame are.
                int whole = ends.stream().filter(end -> end <= cut).reduce(Frames.HEADER_BYTES, Math::max);
                boolean torn = length < Frames.HEADER_BYTES || holdsMoreThanZeros(bytes, whole, length);
                assertThat(events(log).contains("recovery"))
                        .as("prefix of %d", length)
                        .isEqualTo(torn);
                log.write(write("goes on"));
                assertThat(events(log)).doesNotContain("?");
            }
        }
    }

    @Test
    void keepsWritesOffAfterDamageInTheMiddleUntilSomebodyHasLooked() throws IOException {
        var bytes = smallLog();
        var ends = frameEnds(bytes);
        for (int flipped = 0; flipped < ends.get(ends.size() - 2); flipped++) {
            var altered = bytes.clone();
            altered[flipped] ^= 0x01;
            var at = logOf(altered, "flip-" + flipped);
            try (var log = open(at)) {
                assertThatThrownBy(() -> log.append(write("commit")))
                        .as("byte %d", flipped)
                        .isInstanceOfSatisfying(
                                AuditUnavailable.class,
                                why -> assertThat(why.code()).isEqualTo("audit_corrupt"));
                assertThat(log.health()).matches(health -> health.reads() && !health.writes());
                assertThat(events(log)).contains("recovery");
                log.write(call("read"));
            }
            if (flipped % 40 == 0) {
                try (var log = open(at)) {
                    assertThat(log.health().writes()).as("byte %d", flipped).isFalse();
                }
                Files.delete(at.resolve("corrupt.json"));
                try (var log = open(at)) {
                    log.write(write("goes on"));
                }
            }
        }
    }

    @Test
    void takesZerosBehindTheRecordsForTheEnd() throws IOException {
        var bytes = smallLog();
        var at = logOf(Arrays.copyOf(bytes, bytes.length + 10_000), "ahead");

        for (int ahead : new int[] {4_096, 0}) {
            try (var log = open(at, ahead)) {
                assertThat(log.health().writes()).isTrue();
                log.write(write("goes on"));
                assertThat(events(log)).doesNotContain("?", "recovery");
            }
        }
        assertThat(Files.readAllBytes(Segment.path(at, 0))).startsWith(bytes).endsWith((byte) '}');
    }

    @Test
    void findsDamageInTheMiddleAlsoBeforeZeros() throws IOException {
        var bytes = smallLog();
        for (int flipped : new int[] {3, 20, 30, frameEnds(bytes).getFirst() + 2}) {
            var altered = Arrays.copyOf(bytes, bytes.length + 10_000);
            altered[flipped] ^= 0x01;
            try (var log = open(logOf(altered, "flip-ahead-" + flipped), 4_096)) {
                assertThat(log.health()).matches(health -> health.reads() && !health.writes());
            }
        }
    }

    @Test
    void missesASegmentThatEndsInZerosTooSoon() throws IOException {
        var settings = new AuditSettings(directory, 500, 100, Duration.ofSeconds(2), 0, 0, 16, 0);
        try (var log = AuditLog.open(settings, CLOCK)) {
            for (int at = 0; at < 12; at++) {
                log.write(call("call-" + at));
            }
        }
        List<Path> segments;
        try (var files = Files.list(directory)) {
            segments = files.filter(file -> Segment.first(file).isPresent())
                    .sorted()
                    .toList();
        }
        var before = segments.get(segments.size() - 2);
        var bytes = Files.readAllBytes(before);
        var ends = frameEnds(bytes);
        int kept = ends.size() > 1 ? ends.get(ends.size() - 2) : Frames.HEADER_BYTES;
        Arrays.fill(bytes, kept, bytes.length, (byte) 0);
        Files.write(before, bytes);

        try (var log = AuditLog.open(settings, CLOCK)) {
            assertThat(log.health().writes()).isFalse();
        }
    }

    @Test
    void missesASegmentThatWasTakenAway() throws IOException {
        var settings = new AuditSettings(directory, 500, 100, Duration.ofSeconds(2), 0, 0, 16, 0);
        try (var log = AuditLog.open(settings, CLOCK)) {
            for (int at = 0; at < 12; at++) {
                log.write(call("call-" + at));
            }
        }
        try (var files = Files.list(directory)) {
            var segments = files.filter(file -> Segment.first(file).isPresent())
                    .sorted()
                    .toList();
            Files.delete(segments.get(segments.size() - 2));
        }
        try (var log = AuditLog.open(settings, CLOCK)) {
            assertThat(log.health().writes()).isFalse();
        }
    }

    @Test
    void losesNothingThatWasAcknowledgedWhenTheProcessIsKilled() throws Exception {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        for (int round = 0; round < 3; round++) {
            var process = new ProcessBuilder(
                            java,
                            "-Xmx128m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Killed.class.getName(),
                            directory.toString(),
                            String.valueOf(100 + 50 * round))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            var acknowledged = new ArrayList<String>();
            try (var out =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                out.lines().filter(line -> line.endsWith(".")).forEach(acknowledged::add);
            }
            assertThat(process.waitFor()).isEqualTo(9);
            assertThat(acknowledged).isNotEmpty();
            try (var log = AuditLog.open(AuditSettings.in(directory), CLOCK)) {
                assertThat(log.health().writes()).isTrue();
                for (var line : acknowledged) {
                    var parts = line.substring(0, line.length() - 1).split(" ");
                    assertThat(log.read(Long.parseLong(parts[0])).orElseThrow().string("callId"))
                            .contains(parts[1]);
                }
                assertThat(events(log)).doesNotContain("?");
            }
        }
    }

    /// Writes with eight threads, tells each index that is durable, and is gone in the middle of it.
    static final class Killed {
        public static void main(String[] arguments) throws InterruptedException {
            var log = AuditLog.open(AuditSettings.in(Path.of(arguments[0])), InstantSource.system());
            for (int writer = 0; writer < 8; writer++) {
                int number = writer;
                Thread.ofPlatform().start(() -> {
                    for (int at = 0; ; at++) {
                        var id = number + "-" + at;
                        var line = log.write(call(id)) + " " + id + ".\n";
                        System.out.print(line);
                    }
                });
            }
            Thread.sleep(Long.parseLong(arguments[1]));
            System.out.flush();
            Runtime.getRuntime().halt(9);
        }
    }

    private AuditLog open(Path at) {
        return open(at, 0);
    }

    private AuditLog open(Path at, int ahead) {
        var disk = new FaultyDisk();
        disk.forceNothing();
        return AuditLog.open(new AuditSettings(at, 1 << 20, 100, Duration.ofSeconds(30), 0, 0, 16, ahead), CLOCK, disk);
    }

    /// The bytes of a log with a boot, two calls and a shutdown.
    private byte[] smallLog() throws IOException {
        var at = directory.resolve("small");
        try (var log = open(at)) {
            log.write(call("a"));
            log.write(call("b"));
        }
        return Files.readAllBytes(Segment.path(at, 0));
    }

    private Path logOf(byte[] bytes, String name) throws IOException {
        var at = Files.createDirectory(directory.resolve(name));
        Files.write(Segment.path(at, 0), bytes);
        return at;
    }

    private static boolean holdsMoreThanZeros(byte[] bytes, int from, int to) {
        for (int at = from; at < to; at++) {
            if (bytes[at] != 0) {
                return true;
            }
        }
        return false;
    }

    private static List<Integer> frameEnds(byte[] bytes) {
        var ends = new ArrayList<Integer>();
        var segment = ByteBuffer.wrap(bytes);
        for (int at = Frames.HEADER_BYTES; at < bytes.length; at = Frames.endOf(segment, at)) {
            ends.add(Frames.endOf(segment, at));
        }
        return ends;
    }

    private static List<String> callIds(AuditLog log) {
        var ids = new ArrayList<String>();
        for (long index = 0; index < log.size(); index++) {
            log.read(index).flatMap(record -> record.string("callId")).ifPresent(ids::add);
        }
        return ids;
    }
}

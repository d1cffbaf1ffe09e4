package mistmcp.gateway.audit;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import mistmcp.json.InvalidJson;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonObject;
import org.jspecify.annotations.Nullable;

/// The audit log: an append-only sequence of records, each durable before [Pending#await] returns. Safe for
/// several threads; one process at a time.
public final class AuditLog implements AutoCloseable {
    private static final Duration CLOSING = Duration.ofSeconds(5);
    private static final String NOTE = "corrupt.json";

    private final Segments segments = new Segments();
    private final FileChannel lock;
    private final List<Runnable> ticks = new CopyOnWriteArrayList<>();
    private final Reserve reserve;
    private final AuditWriter writer;
    private final @Nullable String corrupt;

    /// Whether the log can take records, and if not, why.
    ///
    /// @param reads  whether a read may be recorded, and so be answered
    /// @param writes whether a write may be recorded, and so be sent
    /// @param reason why not; empty when both hold
    public record Health(boolean reads, boolean writes, String reason) {}

    private AuditLog(AuditSettings settings, InstantSource clock, Disk disk, FileChannel lock) throws IOException {
        this.lock = lock;
        var damages = segments.open(settings.directory());
        this.reserve = new Reserve(settings, disk);
        var files = new SegmentWriter(settings, disk, segments);
        var accepted = damages.isEmpty() ? Set.<JsonObject>of() : acceptedBefore();
        var fresh = damages.stream()
                .filter(damage -> !accepted.contains(damage.toJson()))
                .toList();
        this.corrupt = note(settings.directory(), fresh);
        this.writer = new AuditWriter(settings, clock, files, segments, reserve, this::tick);
        var clean = endedCleanly();
        goOn(files, damages);
        writer.start();
        boot(fresh, clean);
    }

    /// Opens the log in a directory, mends what a crash left, and notes both in it.
    ///
    /// @throws AuditUnavailable `audit_failed` when the directory cannot be used or another process has it
    public static AuditLog open(AuditSettings settings, InstantSource clock) {
        return open(settings, clock, new Disk());
    }

    static AuditLog open(AuditSettings settings, InstantSource clock, Disk disk) {
        FileChannel lock = null;
        try {
            directory(settings.directory());
            lock = locked(settings.directory().resolve("lock"));
            return new AuditLog(settings, clock, disk, lock);
        } catch (IOException unusable) {
            release(lock);
            throw new AuditUnavailable(
                    "audit_failed", "the audit log in `" + settings.directory() + "` cannot be opened");
        } catch (AuditUnavailable unusable) {
            release(lock);
            throw unusable;
        }
    }

    /// Puts a record in its place and hands it to the writer. Returns at once.
    ///
    /// @throws AuditUnavailable when it cannot be taken: nothing that depends on it may happen
    public Pending append(AuditRecord record) {
        var note = corrupt;
        if (note != null && record.opens() && record.write()) {
            throw new AuditUnavailable("audit_corrupt", note);
        }
        return writer.append(record);
    }

    /// Appends a record and waits until it is durable.
    ///
    /// @return its index
    /// @throws AuditUnavailable when it is not, or not in time
    public long write(AuditRecord record) {
        var pending = append(record);
        pending.await();
        return pending.index();
    }

    /// How many records are durable; also the index of the next.
    public long size() {
        return segments.next();
    }

    /// One record; empty when there is none at this place.
    ///
    /// @throws AuditUnavailable when the disk cannot be read
    public Optional<JsonObject> read(long index) {
        try (var reader = segments.reader()) {
            return reader.payload(index).map(AuditLog::parsed);
        } catch (IOException unreadable) {
            throw new AuditUnavailable("audit_failed", "the audit log cannot be read");
        }
    }

    /// Whether records can be taken now.
    public Health health() {
        var fault = writer.fault();
        if (fault != null) {
            return new Health(false, false, fault.reason());
        }
        var reads = reserve.refusal(false);
        if (reads != null) {
            return new Health(false, false, reads);
        }
        var note = corrupt;
        var writes = note != null ? note : reserve.refusal(true);
        return new Health(true, writes == null, writes == null ? "" : writes);
    }

    /// Notes the end and closes the log when all that waits is durable.
    @Override
    public void close() {
        try {
            writer.append(AuditRecord.of(Event.SHUTDOWN).system());
        } catch (AuditUnavailable already) {
            // it ends without a note, and the next start says so
        }
        try {
            writer.close(CLOSING);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        release(lock);
    }

    Segments segments() {
        return segments;
    }

    /// Runs something about once a second on the writer's thread; it must not wait.
    void everySecond(Runnable work) {
        ticks.add(work);
    }

    static JsonObject parsed(byte[] payload) {
        return Json.parseObject(payload, JsonLimits.TRUSTED);
    }

    private void tick() {
        ticks.forEach(Runnable::run);
    }

    private void goOn(SegmentWriter files, List<Damage> damages) throws IOException {
        if (segments.isEmpty()) {
            files.begin(0);
            return;
        }
        var newest = segments.newest();
        boolean spoilt = damages.stream()
                .anyMatch(damage -> damage.segment().equals(newest.name())
                        && (damage.serious() || newest.end() <= Frames.HEADER_BYTES));
        if (spoilt) {
            files.begin(newest.next());
        } else {
            files.resume(newest);
        }
    }

    private void boot(List<Damage> fresh, boolean clean) {
        if (!fresh.isEmpty()) {
            write(AuditRecord.of(Event.RECOVERY)
                    .system()
                    .reason(
                            fresh.stream().anyMatch(Damage::serious)
                                    ? "records of the log are damaged or missing"
                                    : "a crash cut the last write, which nobody had been told of")
                    .detail(JsonObject.of(
                            "damages",
                            JsonArray.ofAll(fresh.stream().map(Damage::toJson).toList()))));
        }
        var version = Optional.ofNullable(AuditLog.class.getPackage().getImplementationVersion());
        write(AuditRecord.of(Event.BOOT)
                .system()
                .detail(JsonObject.of(
                                "previousEnd",
                                clean ? "clean" : "unclean",
                                "java",
                                Runtime.version().toString())
                        .withPresent("version", version)));
    }

    /// A log whose last record is a shutdown ended cleanly, and so did one that never began.
    private boolean endedCleanly() throws IOException {
        try (var reader = segments.reader()) {
            return segments.next() == 0
                    || reader.payload(segments.next() - 1)
                            .flatMap(payload -> parsed(payload).string("event"))
                            .filter(Event.SHUTDOWN.text()::equals)
                            .isPresent();
        }
    }

    /// The damages that recovery records in the log tell of already.
    private Set<JsonObject> acceptedBefore() throws IOException {
        var accepted = new HashSet<JsonObject>();
        var needle = Bytes.of("\"event\":\"recovery\"");
        try (var reader = segments.reader()) {
            for (long index = segments.scannedFrom(); index < segments.next(); index++) {
                reader.payload(index)
                        .filter(payload -> Bytes.contain(payload, needle))
                        .flatMap(payload -> parsed(payload).object("detail"))
                        .flatMap(detail -> detail.array("damages"))
                        .ifPresent(damages -> accepted.addAll(damages.objects()));
            }
        } catch (InvalidJson notOurs) {
            return accepted;
        }
        return accepted;
    }

    /// Serious damage is noted in a file, and while the file is there nothing is written to the network.
    private static @Nullable String note(Path directory, List<Damage> fresh) throws IOException {
        var file = directory.resolve(NOTE);
        if (fresh.stream().anyMatch(Damage::serious)) {
            Files.write(
                    file,
                    Json.bytes(
                            JsonArray.ofAll(fresh.stream().map(Damage::toJson).toList())));
        }
        return Files.exists(file)
                ? "records of the audit log are damaged; look at `" + file + "` and remove it to let writes go on"
                : null;
    }

    private static void directory(Path directory) throws IOException {
        Files.createDirectories(directory);
        if (Files.getFileStore(directory).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        }
    }

    private static FileChannel locked(Path file) throws IOException {
        var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException ours) {
            // this process has it open already
        }
        channel.close();
        throw new AuditUnavailable("audit_failed", "another process has the audit log open");
    }

    private static void release(@Nullable FileChannel lock) {
        try {
            if (lock != null) {
                lock.close();
            }
        } catch (IOException gone) {
            // the lock ends with the channel in any case
        }
    }
}

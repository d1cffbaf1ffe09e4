package mistmcp.gateway.audit;

import java.nio.file.Path;
import java.time.Duration;
import mistmcp.settings.Env;

/// Where the audit log is and how it guards itself.
///
/// @param directory        holds the log and nothing else
/// @param segmentBytes     a segment that has grown over this is followed by a new one
/// @param queue            how many records may wait for the disk
/// @param slow             how long a record may take to become durable
/// @param freeForWrites    below so many free bytes nothing is opened that writes
/// @param freeForReads     below so many free bytes nothing is opened at all
/// @param reserveBytes     given back to the disk when it is full, so that what is under way can be recorded
/// @param aheadBytes       so many zeros are put behind the records at a time, so that the next ones change no size of
///                         a file and are durable sooner; 0 for none
public record AuditSettings(
        Path directory,
        long segmentBytes,
        int queue,
        Duration slow,
        long freeForWrites,
        long freeForReads,
        long reserveBytes,
        int aheadBytes) {
    private static final long MIB = 1 << 20;

    /// The usual guards on a directory.
    public static AuditSettings in(Path directory) {
        return new AuditSettings(
                directory, 64 * MIB, 8192, Duration.ofSeconds(2), 256 * MIB, 64 * MIB, 8 * MIB, 1 << 20);
    }

    /// The directory `audit` in `DATA_DIR`.
    public static AuditSettings read(Env env) {
        return in(env.path("DATA_DIR", ".mist").resolve("audit"));
    }
}

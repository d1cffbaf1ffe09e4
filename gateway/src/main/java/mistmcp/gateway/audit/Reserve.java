package mistmcp.gateway.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Space that is kept, so that on a full disk the records of what is under way still fit. Used by the writer
/// only, but for [#admits].
final class Reserve {
    private static final int CHUNK = 1 << 20;

    private final AuditSettings settings;
    private final Disk disk;
    private final Path file;
    private volatile long free = Long.MAX_VALUE;
    private volatile boolean released;

    Reserve(AuditSettings settings, Disk disk) {
        this.settings = settings;
        this.disk = disk;
        this.file = settings.directory().resolve("reserve");
    }

    /// Looks at the free space, and takes the reserve again when there is room.
    void look() {
        try {
            free = disk.free(settings.directory());
            boolean missing = !Files.exists(file) || Files.size(file) < settings.reserveBytes();
            if (missing && free > settings.freeForReads() + settings.reserveBytes()) {
                take();
                missing = false;
            }
            released = missing;
        } catch (IOException unreadable) {
            released = true;
        }
    }

    /// Gives the space back to the disk.
    ///
    /// @return whether there was any
    boolean release() {
        try {
            released = true;
            return disk.delete(file);
        } catch (IOException stuck) {
            return false;
        }
    }

    /// Why nothing may be opened now that reads, or that writes; nothing when it may.
    @Nullable
    String refusal(boolean write) {
        if (released || free < settings.freeForReads()) {
            return "the disk of the audit log is full";
        }
        return write && free < settings.freeForWrites()
                ? "the disk of the audit log is filling up, so nothing is written to the network"
                : null;
    }

    private void take() throws IOException {
        disk.delete(file);
        try (var channel = disk.open(file)) {
            for (long written = 0; written < settings.reserveBytes(); ) {
                int length = (int) Math.min(CHUNK, settings.reserveBytes() - written);
                written += channel.write(ByteBuffer.allocate(length), written);
            }
            channel.force(true);
        } catch (IOException full) {
            disk.delete(file);
            throw full;
        }
    }
}

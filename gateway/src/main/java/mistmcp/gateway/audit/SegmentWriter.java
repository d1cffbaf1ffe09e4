package mistmcp.gateway.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes batches to the newest segment. Owned by one thread: interrupting a thread in the middle of a
/// channel's write closes the channel, so no request's thread comes here.
final class SegmentWriter implements AutoCloseable {
    private static final int ZEROS = 64 << 10;

    private final AuditSettings settings;
    private final Disk disk;
    private final Segments segments;
    private final ByteBuffer zeros = ByteBuffer.allocateDirect(ZEROS);
    private ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
    private @Nullable FileChannel channel;
    /// Behind the zeros that are in the file at hand.
    private long ready;
    private boolean sound;

    /// The bytes of one record and where they go.
    private record Placed(Waiting record, long index, int offset, int end, String leafHash) {}

    /// The disk failed while making bytes durable: what it holds now is unknown, so the file is not touched
    /// again.
    static final class ForceFailed extends IOException {
        private static final long serialVersionUID = 1;

        ForceFailed(IOException cause) {
            super("the disk did not make the log durable", cause);
        }
    }

    SegmentWriter(AuditSettings settings, Disk disk, Segments segments) {
        this.settings = settings;
        this.disk = disk;
        this.segments = segments;
    }

    /// Goes on with a segment that is there; what stands behind its last sound record is cut off.
    void resume(Segment segment) throws IOException {
        var resumed = disk.open(segment.path());
        channel = resumed;
        resumed.truncate(segment.end());
        ready = segment.end();
        sound = true;
        force(resumed, true);
    }

    /// Begins a segment. The one before is closed and never touched again.
    void begin(long firstIndex) throws IOException {
        close();
        var path = Segment.path(settings.directory(), firstIndex);
        Path old = path.resolveSibling(path.getFileName() + ".void");
        if (Files.exists(path)) {
            Files.move(path, old, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
        var begun = disk.open(path);
        channel = begun;
        ready = Frames.HEADER_BYTES;
        sound = true;
        write(begun, Frames.header(firstIndex), 0);
        force(begun, true);
        disk.forceDirectory(settings.directory());
        segments.add(new Segment(path, firstIndex));
    }

    /// Writes records and makes them durable with one force.
    void write(List<Waiting> batch) throws IOException {
        var segment = segments.newest();
        if (channel == null || segment.end() >= settings.segmentBytes()) {
            begin(batch.getFirst().index());
            segment = segments.newest();
        }
        var open = channel;
        if (open == null) {
            throw new IOException("no segment is open");
        }
        buffer.clear();
        var placed = new ArrayList<Placed>(batch.size());
        int offset = segment.end();
        for (var record : batch) {
            var payload = record.payload();
            room(Frames.FRAME_HEAD_BYTES + payload.length);
            Frames.put(buffer, payload);
            int end = offset + Frames.FRAME_HEAD_BYTES + payload.length;
            placed.add(new Placed(record, record.index(), offset, end, Frames.leafHash(payload)));
            offset = end;
        }
        boolean grows = offset > ready && makeReady(open, segment.end(), offset);
        write(open, buffer.flip(), segment.end());
        force(open, grows);
        for (var one : placed) {
            segment.add(one.index(), one.offset(), one.end());
        }
        for (var one : placed) {
            one.record().durable(one.leafHash());
        }
    }

    /// Puts zeros behind a batch that is about to be written. Done where there is plenty of room only, and left out
    /// where it fails: records come first.
    ///
    /// @return whether the file has grown
    private boolean makeReady(FileChannel open, long begin, long end) throws IOException {
        int ahead = settings.aheadBytes();
        if (ahead == 0 || disk.free(settings.directory()) < settings.freeForWrites() + ahead) {
            return false;
        }
        try {
            for (int done = 0; done < ahead; done += ZEROS) {
                write(open, zeros.clear().limit(Math.min(ZEROS, ahead - done)), end + done);
            }
            ready = end + ahead;
            return true;
        } catch (IOException noRoom) {
            open.truncate(begin);
            ready = begin;
            return false;
        }
    }

    /// Cuts off what a failed write left behind the last durable record.
    ///
    /// @return whether the segment is as it was before
    boolean cut() {
        var open = channel;
        if (open == null) {
            return false;
        }
        try {
            ready = segments.newest().end();
            open.truncate(ready);
            return true;
        } catch (IOException stuck) {
            sound = false;
            return false;
        }
    }

    @Override
    public void close() {
        var open = channel;
        channel = null;
        if (open != null) {
            try (open) {
                if (sound && !segments.isEmpty() && ready > segments.newest().end()) {
                    open.truncate(segments.newest().end());
                }
            } catch (IOException alreadyLost) {
                // what had to be durable was forced before, and zeros at the end are no damage
            }
        }
    }

    private void room(int bytes) {
        if (buffer.remaining() < bytes) {
            var larger = ByteBuffer.allocateDirect(Math.max(buffer.capacity() * 2, buffer.position() + bytes));
            buffer = larger.put(buffer.flip());
        }
    }

    private static void write(FileChannel open, ByteBuffer bytes, long offset) throws IOException {
        long at = offset;
        while (bytes.hasRemaining()) {
            at += open.write(bytes, at);
        }
    }

    private void force(FileChannel open, boolean metaData) throws ForceFailed {
        try {
            open.force(metaData);
        } catch (IOException failed) {
            sound = false;
            throw new ForceFailed(failed);
        }
    }
}

package mistmcp.gateway.audit;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/// One file of the log and where its records stand in it. A record with the index of the next segment's
/// first, or one behind it, is void here: the disk failed while it was being written, and it stands in the
/// next segment. Safe for several threads.
final class Segment {
    private static final int HOLE = -1;

    private final Path path;
    private final long first;
    private int[] offsets = new int[64];
    private int count;
    private int end = Frames.HEADER_BYTES;

    Segment(Path path, long first) {
        this.path = path;
        this.first = first;
    }

    static Path path(Path directory, long first) {
        return directory.resolve(String.format(Locale.ROOT, "%020d.audit", first));
    }

    /// The index of the first record, by the file's name.
    static OptionalLong first(Path path) {
        var name = String.valueOf(path.getFileName());
        return name.matches("[0-9]{18,20}\\.audit")
                ? OptionalLong.of(Long.parseLong(name.substring(0, name.indexOf('.'))))
                : OptionalLong.empty();
    }

    Path path() {
        return path;
    }

    String name() {
        return String.valueOf(path.getFileName());
    }

    long first() {
        return first;
    }

    /// The index behind the last record.
    synchronized long next() {
        return first + count;
    }

    /// The offset behind the last sound byte.
    synchronized int end() {
        return end;
    }

    /// Notes a record that stands in the file. Indexes that were passed over become holes.
    synchronized void add(long index, int offset, int frameEnd) {
        int place = Math.toIntExact(index - first);
        if (place >= offsets.length) {
            offsets = Arrays.copyOf(offsets, Math.max(place + 1, offsets.length * 2));
        }
        Arrays.fill(offsets, count, place, HOLE);
        offsets[place] = offset;
        count = place + 1;
        end = frameEnd;
    }

    /// The bytes of a record; empty when it is not here or no longer sound.
    Optional<byte[]> read(FileChannel channel, long index) throws IOException {
        int offset;
        synchronized (this) {
            if (index < first || index >= first + count || offsets[(int) (index - first)] == HOLE) {
                return Optional.empty();
            }
            offset = offsets[(int) (index - first)];
        }
        var head = filled(channel, offset, Frames.FRAME_HEAD_BYTES);
        int length = head.getInt(0);
        if (length <= 0 || length > Frames.MAX_PAYLOAD_BYTES) {
            return Optional.empty();
        }
        var frame = filled(channel, offset, Frames.FRAME_HEAD_BYTES + length);
        if (!Frames.indexAt(frame, 0).equals(OptionalLong.of(index))) {
            return Optional.empty();
        }
        var payload = new byte[length];
        frame.get(Frames.FRAME_HEAD_BYTES, payload);
        return Optional.of(payload);
    }

    /// Reads the file and notes its records, as far as the index given, which it does not reach.
    ///
    /// @param last whether no segment follows, so that a bad end is a torn write
    /// @return what is damaged
    List<Damage> scan(long limit, boolean last) throws IOException {
        var damages = new ArrayList<Damage>();
        try (var channel = FileChannel.open(path, StandardOpenOption.READ);
                var arena = Arena.ofConfined()) {
            long size = channel.size();
            var bytes = size == 0
                    ? ByteBuffer.allocate(0)
                    : channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena).asByteBuffer();
            if (size < Frames.HEADER_BYTES) {
                damages.add(new Damage(last ? Damage.TORN_TAIL : Damage.CORRUPTION, name(), 0, size));
                return damages;
            }
            if (!Frames.headerIsSound(bytes, first)) {
                damages.add(new Damage(Damage.CORRUPTION, name(), 0, Frames.HEADER_BYTES));
            }
            frames(bytes, limit, last, damages);
        }
        return damages;
    }

    private void frames(ByteBuffer bytes, long limit, boolean last, List<Damage> damages) {
        int at = Frames.HEADER_BYTES;
        int written = Frames.behindRecords(bytes);
        while (at < written && next() < limit) {
            var index = Frames.indexAt(bytes, at);
            if (index.isEmpty()) {
                int sound = Frames.nextFrame(bytes, at + 1);
                boolean torn = sound < 0 && last;
                damages.add(new Damage(
                        torn ? Damage.TORN_TAIL : Damage.CORRUPTION, name(), at, (sound < 0 ? written : sound) - at));
                at = sound < 0 ? written : sound;
                continue;
            }
            int frameEnd = Frames.endOf(bytes, at);
            long found = index.getAsLong();
            if (found < next() || found - next() > bytes.limit()) {
                damages.add(new Damage(Damage.CORRUPTION, name(), at, frameEnd - at));
            } else if (found < limit) {
                if (found > next() && damages.isEmpty()) {
                    damages.add(new Damage(Damage.GAP, name(), at, 0));
                }
                add(found, at, frameEnd);
            }
            at = frameEnd;
        }
        if (!last && next() < limit && damages.isEmpty()) {
            damages.add(new Damage(Damage.GAP, name(), written, 0));
        }
    }

    private static ByteBuffer filled(FileChannel channel, long offset, int length) throws IOException {
        var buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining() && channel.read(buffer, offset + buffer.position()) >= 0) {
            // the channel may hand over less than asked for
        }
        return buffer.rewind();
    }
}

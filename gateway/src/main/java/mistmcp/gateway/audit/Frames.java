package mistmcp.gateway.audit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.OptionalLong;
import java.util.zip.CRC32C;
import mistmcp.json.Sha256;

/// The bytes of the log: a segment is a header (`MISTAL01`, the index of its first record as 8 bytes) and
/// frames (length and CRC32C as 4 bytes each, then the record as UTF-8 JSON); behind the last there may be zeros. All
/// numbers are big-endian. The
/// bytes of a record never move or change, so their leaf hash (RFC 6962) stays what it was.
final class Frames {
    static final int HEADER_BYTES = 16;
    static final int FRAME_HEAD_BYTES = 8;
    static final int MAX_PAYLOAD_BYTES = 1 << 20;

    private static final byte[] MAGIC = "MISTAL01".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] START = "{\"v\":1,\"index\":".getBytes(StandardCharsets.US_ASCII);

    private static volatile Second second = new Second(0, "1970-01-01T00:00:00");

    private Frames() {}

    static ByteBuffer header(long firstIndex) {
        return ByteBuffer.allocate(HEADER_BYTES).put(MAGIC).putLong(firstIndex).flip();
    }

    static boolean headerIsSound(ByteBuffer segment, long firstIndex) {
        return segment.limit() >= HEADER_BYTES
                && segment.slice(0, MAGIC.length).equals(ByteBuffer.wrap(MAGIC))
                && segment.getLong(MAGIC.length) == firstIndex;
    }

    /// The whole record: what the log sets, then the members, given as an object's bytes.
    static byte[] payload(long index, Instant at, byte[] members) {
        var start =
                ("{\"v\":1,\"index\":" + index + ",\"at\":\"" + text(at) + "\",").getBytes(StandardCharsets.US_ASCII);
        var payload = new byte[start.length + members.length - 1];
        System.arraycopy(start, 0, payload, 0, start.length);
        System.arraycopy(members, 1, payload, start.length, members.length - 1);
        return payload;
    }

    /// What [Instant#toString] says, which spends most of its time on the part that is the same for a second.
    static String text(Instant at) {
        var known = second;
        if (known.epochSecond() != at.getEpochSecond()) {
            var whole = Instant.ofEpochSecond(at.getEpochSecond()).toString();
            known = new Second(at.getEpochSecond(), whole.substring(0, whole.length() - 1));
            second = known;
        }
        int nanos = at.getNano();
        if (nanos == 0) {
            return known.text() + "Z";
        }
        int digits = nanos % 1_000_000 == 0 ? 3 : nanos % 1_000 == 0 ? 6 : 9;
        var all = Integer.toString(1_000_000_000 + nanos);
        return known.text() + "." + all.substring(1, 1 + digits) + "Z";
    }

    private record Second(long epochSecond, String text) {}

    static void put(ByteBuffer into, byte[] payload) {
        var crc = new CRC32C();
        crc.update(payload, 0, payload.length);
        into.putInt(payload.length).putInt((int) crc.getValue()).put(payload);
    }

    /// The index of the sound frame at an offset, or nothing when there is none.
    static OptionalLong indexAt(ByteBuffer segment, int offset) {
        if (segment.limit() - offset < FRAME_HEAD_BYTES + START.length) {
            return OptionalLong.empty();
        }
        int length = segment.getInt(offset);
        int begin = offset + FRAME_HEAD_BYTES;
        if (length < START.length
                || length > MAX_PAYLOAD_BYTES
                || length > segment.limit() - begin
                || !segment.slice(begin, START.length).equals(ByteBuffer.wrap(START))) {
            return OptionalLong.empty();
        }
        var crc = new CRC32C();
        crc.update(segment.slice(begin, length));
        return (int) crc.getValue() == segment.getInt(offset + 4)
                ? index(segment, begin + START.length, begin + length)
                : OptionalLong.empty();
    }

    /// The offset behind the sound frame at an offset.
    static int endOf(ByteBuffer segment, int offset) {
        return offset + FRAME_HEAD_BYTES + segment.getInt(offset);
    }

    /// The next offset at or behind the one given where a sound frame begins, or -1.
    static int nextFrame(ByteBuffer segment, int from) {
        for (int at = from; at <= segment.limit() - FRAME_HEAD_BYTES; at++) {
            if (indexAt(segment, at).isPresent()) {
                return at;
            }
        }
        return -1;
    }

    /// Where the zeros at the end begin: space that was made ready, or all that a crash left of a frame. No record
    /// ends with a zero.
    static int behindRecords(ByteBuffer segment) {
        int end = segment.limit();
        while (end > HEADER_BYTES && segment.get(end - 1) == 0) {
            end--;
        }
        return end;
    }

    /// SHA-256 over a zero byte and the record, as RFC 6962 hashes a leaf.
    static String leafHash(byte[] payload) {
        var digest = Sha256.digest();
        digest.update((byte) 0);
        return "sha256:" + HexFormat.of().formatHex(digest.digest(payload));
    }

    private static OptionalLong index(ByteBuffer segment, int from, int end) {
        long index = 0;
        int at = from;
        while (at < end && at - from < 18 && segment.get(at) >= '0' && segment.get(at) <= '9') {
            index = index * 10 + segment.get(at++) - '0';
        }
        return at > from ? OptionalLong.of(index) : OptionalLong.empty();
    }
}

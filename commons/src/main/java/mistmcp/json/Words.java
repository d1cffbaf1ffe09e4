package mistmcp.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Looks through bytes eight at a time: long texts are most of what large results hold.
final class Words {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH = 0x8080808080808080L;
    private static final long QUOTES = ONES * '"';
    private static final long ESCAPES = ONES * '\\';
    private static final long SPACES = ONES * ' ';

    private Words() {}

    /// Where the next quote or backslash is, or a place at most seven bytes before it; never beyond the end.
    static int nearQuoteOrEscape(byte[] bytes, int from, int end) {
        int at = from;
        while (at + Long.BYTES <= end) {
            long word = (long) LONGS.get(bytes, at);
            if (((zeroes(word ^ QUOTES) | zeroes(word ^ ESCAPES)) & HIGH) != 0) {
                return at;
            }
            at += Long.BYTES;
        }
        return at;
    }

    /// Where the first byte of a string is that needs a look: a quote, a backslash, a control character or one
    /// beyond ASCII; the end when there is none.
    static int endOfPlain(byte[] bytes, int from, int end) {
        int at = from;
        while (at + Long.BYTES <= end) {
            long word = (long) LONGS.get(bytes, at);
            long odd = zeroes(word ^ QUOTES) | zeroes(word ^ ESCAPES) | ((word - SPACES) & ~word) | word;
            if ((odd & HIGH) != 0) {
                break;
            }
            at += Long.BYTES;
        }
        while (at < end && bytes[at] >= ' ' && bytes[at] != '"' && bytes[at] != '\\') {
            at++;
        }
        return at;
    }

    /// Where the first byte beyond ASCII is, or a place at most seven bytes before it; never beyond the end.
    static int nearNonAscii(byte[] bytes, int from, int end) {
        int at = from;
        while (at + Long.BYTES <= end && ((long) LONGS.get(bytes, at) & HIGH) == 0) {
            at += Long.BYTES;
        }
        return at;
    }

    /// Eight bytes as one word.
    static long at(byte[] bytes, int at) {
        return (long) LONGS.get(bytes, at);
    }

    /// The high bit of the lowest byte that is zero is set, and none below it.
    private static long zeroes(long word) {
        return (word - ONES) & ~word;
    }
}

package mistmcp.json;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;

/// The names of the objects that are open at one place of a JSON text, so that none is given twice. Names are
/// compared as what they say, not as they are escaped. Not for sharing between threads.
final class NameStack {
    /// Objects of so few names are looked through; larger ones get a table.
    private static final int FEW = 8;

    /// Unknown outside, so that nobody can choose names that all fall into one place of a table.
    private static final long KEY = new SecureRandom().nextLong() | 1;

    private static final long SEED = new SecureRandom().nextLong();

    private static final int[] NONE = {};

    private byte[] bytes = new byte[128];
    private int length;
    /// Where each name ends in the bytes, and its hash.
    private int[] ends = new int[16];

    private long[] hashes = new long[16];
    private int count;
    /// For each open object, how many names there were before it, and its table.
    private int[] firsts = new int[8];

    private int[][] tables = new int[8][];
    private int open;
    private int heldByTables;
    private char high;

    /// An object begins.
    void open() {
        if (open == firsts.length) {
            firsts = Arrays.copyOf(firsts, open * 2);
            tables = Arrays.copyOf(tables, open * 2);
        }
        firsts[open] = count;
        tables[open++] = NONE;
    }

    /// The object that began last ends, and its names are forgotten.
    void close() {
        open--;
        heldByTables -= tables[open].length * Integer.BYTES;
        tables[open] = NONE;
        count = firsts[open];
        length = begin(count);
    }

    /// A name begins.
    void begin() {
        high = 0;
    }

    /// The next bytes of the name, in UTF-8.
    void put(byte[] from, int start, int end) {
        requireWhole();
        room(end - start);
        System.arraycopy(from, start, bytes, length, end - start);
        length += end - start;
    }

    /// The next byte of the name.
    void put(byte b) {
        requireWhole();
        room(1);
        bytes[length++] = b;
    }

    /// The next UTF-16 unit of the name, which was escaped. Two halves of a character become one.
    ///
    /// @throws InvalidJson when a half stands alone, as the methods that come after it
    void put(char unit) {
        if (high == 0 && Character.isHighSurrogate(unit)) {
            high = unit;
        } else if (high != 0 && Character.isLowSurrogate(unit)) {
            int character = Character.toCodePoint(high, unit);
            high = 0;
            encode(character);
        } else {
            requireWhole();
            if (Character.isSurrogate(unit)) {
                throw halfCharacter();
            }
            encode(unit);
        }
    }

    /// The name is whole. False when its object has one that says the same.
    boolean end() {
        requireWhole();
        int begin = begin(count);
        long hash = hash(begin);
        if (count == ends.length) {
            ends = Arrays.copyOf(ends, count * 2);
            hashes = Arrays.copyOf(hashes, count * 2);
        }
        ends[count] = length;
        hashes[count] = hash;
        boolean fresh = count - firsts[open - 1] < FEW ? unlikeAny() : entered();
        count++;
        return fresh;
    }

    /// How many bytes the name has that was begun last.
    int length() {
        return length - begin(count);
    }

    /// The name that was ended last.
    String newest() {
        int from = begin(count - 1);
        int to = ends[count - 1];
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }

    /// About how much memory all of it takes, in bytes.
    int held() {
        return bytes.length + ends.length * (Integer.BYTES + Long.BYTES) + heldByTables;
    }

    private int begin(int name) {
        return name == 0 ? 0 : ends[name - 1];
    }

    private void requireWhole() {
        if (high != 0) {
            throw halfCharacter();
        }
    }

    private static InvalidJson halfCharacter() {
        return new InvalidJson(InvalidJson.Reason.MALFORMED, "a name in the JSON text has half a character");
    }

    private void encode(int character) {
        room(4);
        if (character < 0x80) {
            bytes[length++] = (byte) character;
        } else if (character < 0x800) {
            bytes[length++] = (byte) (0xC0 | character >> 6);
            bytes[length++] = tail(character);
        } else if (character < 0x10000) {
            bytes[length++] = (byte) (0xE0 | character >> 12);
            bytes[length++] = tail(character >> 6);
            bytes[length++] = tail(character);
        } else {
            bytes[length++] = (byte) (0xF0 | character >> 18);
            bytes[length++] = tail(character >> 12);
            bytes[length++] = tail(character >> 6);
            bytes[length++] = tail(character);
        }
    }

    private static byte tail(int character) {
        return (byte) (0x80 | (character & 0x3F));
    }

    private void room(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }

    private long hash(int from) {
        long hash = SEED ^ (length - from);
        int at = from;
        for (; at + Long.BYTES <= length; at += Long.BYTES) {
            hash = mixed(hash ^ Words.at(bytes, at));
        }
        long last = 0;
        for (; at < length; at++) {
            last = (last << Byte.SIZE) | (bytes[at] & 0xFF);
        }
        return mixed(hash ^ last);
    }

    private static long mixed(long word) {
        return Math.multiplyHigh(word, KEY) ^ word * KEY;
    }

    private boolean unlikeAny() {
        for (int name = firsts[open - 1]; name < count; name++) {
            if (same(name, count)) {
                return false;
            }
        }
        return true;
    }

    private boolean same(int one, int other) {
        return hashes[one] == hashes[other]
                && Arrays.equals(bytes, begin(one), ends[one], bytes, begin(other), ends[other]);
    }

    /// Puts the newest name into the table of its object; false when it is there already. Places hold the
    /// name's number and one more, 0 for none.
    private boolean entered() {
        int first = firsts[open - 1];
        var table = tables[open - 1];
        if ((count - first + 1) * 2 > table.length) {
            var larger = new int[Math.max(FEW * 4, table.length * 2)];
            for (int name = first; name < count; name++) {
                larger[free(larger, name)] = name + 1;
            }
            heldByTables += (larger.length - table.length) * Integer.BYTES;
            tables[open - 1] = larger;
            table = larger;
        }
        int place = free(table, count);
        if (place < 0) {
            return false;
        }
        table[place] = count + 1;
        return true;
    }

    /// The free place for a name; -1 when one that says the same stands there.
    private int free(int[] table, int name) {
        int place = (int) hashes[name] & (table.length - 1);
        while (table[place] != 0) {
            if (same(table[place] - 1, name)) {
                return -1;
            }
            place = (place + 1) & (table.length - 1);
        }
        return place;
    }
}

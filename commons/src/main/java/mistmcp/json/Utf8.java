package mistmcp.json;

/// Checks UTF-8 (RFC 3629) in place, without allocating.
final class Utf8 {
    private Utf8() {}

    /// Whether the part of the array is valid: no overlong form, no surrogate, nothing above U+10FFFF.
    static boolean valid(byte[] bytes, int offset, int length) {
        int end = offset + length;
        int i = offset;
        while (i < end) {
            int first = bytes[i];
            if (first >= 0) {
                i = Words.nearNonAscii(bytes, i + 1, end);
                continue;
            }
            int more = following(first & 0xFF);
            if (more == 0 || i + more >= end || !secondFits(first & 0xFF, bytes[i + 1] & 0xFF)) {
                return false;
            }
            for (int k = 2; k <= more; k++) {
                if ((bytes[i + k] & 0xC0) != 0x80) {
                    return false;
                }
            }
            i += more + 1;
        }
        return true;
    }

    private static int following(int first) {
        if (first >= 0xC2 && first <= 0xDF) {
            return 1;
        }
        if (first >= 0xE0 && first <= 0xEF) {
            return 2;
        }
        return first >= 0xF0 && first <= 0xF4 ? 3 : 0;
    }

    private static boolean secondFits(int first, int second) {
        return switch (first) {
            case 0xE0 -> second >= 0xA0 && second <= 0xBF;
            case 0xED -> second >= 0x80 && second <= 0x9F;
            case 0xF0 -> second >= 0x90 && second <= 0xBF;
            case 0xF4 -> second >= 0x80 && second <= 0x8F;
            default -> (second & 0xC0) == 0x80;
        };
    }
}

package mistmcp.mist;

/// Text that strangers can write: names, host names, SSIDs, notes. It is data, never an instruction, and what
/// could deceive an eye or a terminal is taken out.
public final class UntrustedText {
    /// How long such a text may be, in UTF-16 code units.
    public static final int MOST_CHARS = 256;

    private UntrustedText() {}

    /// The text without control, format (bidi, zero-width), tag, private-use and unassigned characters,
    /// blanks run together, cut to 256.
    public static String clean(String text) {
        return clean(text, MOST_CHARS);
    }

    /// As [#clean(String)], cut to another length.
    public static String clean(String text, int mostChars) {
        var out = new StringBuilder(Math.min(text.length(), mostChars));
        boolean blank = false;
        for (int i = 0; i < text.length(); ) {
            int point = text.codePointAt(i);
            i += Character.charCount(point);
            if (Character.isWhitespace(point) || Character.isSpaceChar(point)) {
                blank = !out.isEmpty();
                continue;
            }
            if (!visible(point)) {
                continue;
            }
            int needed = Character.charCount(point) + (blank ? 1 : 0);
            if (out.length() + needed > mostChars - 1) {
                return out.append('…').toString();
            }
            if (blank) {
                out.append(' ');
                blank = false;
            }
            out.appendCodePoint(point);
        }
        return out.toString();
    }

    private static boolean visible(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> false;
            default ->
                // Variation selectors and fillers print nothing and can carry hidden bytes.
                !(point >= 0xFE00 && point <= 0xFE0F)
                        && !(point >= 0xE0000 && point <= 0xE0FFF)
                        && point != 0x115F
                        && point != 0x1160
                        && point != 0x3164
                        && point != 0xFFA0
                        && point != 0x034F
                        && point != 0x2800;
        };
    }
}

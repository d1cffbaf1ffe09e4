package mistmcp.gateway.auth;

/// Tells text that shows as what it is from text with control, direction or half characters in it.
final class PlainText {
    private PlainText() {}

    static boolean is(String text) {
        return text.codePoints().allMatch(PlainText::plain);
    }

    /// A value of a stranger, made fit to be shown: short, one line, no backtick.
    static String shown(String text) {
        var plain = text.codePoints()
                .limit(100)
                .map(point -> plain(point) && point != '`' ? point : '?')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append);
        return "`" + plain + "`";
    }

    private static boolean plain(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}

package mistmcp.gateway.chat;

/// Text that an upstream wrote, as a person is shown it: what cannot be seen, or turns the order of what can,
/// is taken out.
final class ServerText {
    private ServerText() {}

    /// One line of at most so many characters.
    static String line(String text, int most) {
        return bounded(
                text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Co}\\p{Cs}\\p{Zl}\\p{Zp}]+", " ")
                        .strip(),
                most);
    }

    /// Lines of at most so many characters together.
    static String lines(String text, int most) {
        var plain =
                text.replace("\r\n", "\n").replaceAll("[\\p{Cf}\\p{Co}\\p{Cs}\\p{Zl}\\p{Zp}]|[\\p{Cc}&&[^\n]]", " ");
        return bounded(plain.replaceAll("\n{3,}", "\n\n").strip(), most);
    }

    /// Whether a text is the same when it is shown.
    static boolean plain(String text) {
        return line(text, text.length()).equals(text);
    }

    private static String bounded(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most - 1) + "…";
    }
}

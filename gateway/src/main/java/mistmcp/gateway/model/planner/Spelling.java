package mistmcp.gateway.model.planner;

/// Compares a word as written with a word as it is spelled.
final class Spelling {
    private Spelling() {}

    /// Whether one letter is missing, too many, wrong or swapped with the next; short words are not compared.
    static boolean slip(String written, String right, int shortest) {
        if (right.length() < shortest || Math.abs(written.length() - right.length()) > 1 || written.equals(right)) {
            return false;
        }
        int same = 0;
        int most = Math.min(written.length(), right.length());
        while (same < most && written.charAt(same) == right.charAt(same)) {
            same++;
        }
        var left = written.substring(same);
        var rest = right.substring(same);
        return tail(left, 1).equals(tail(rest, 1))
                || tail(left, 1).equals(rest)
                || left.equals(tail(rest, 1))
                || swapped(left, rest);
    }

    /// Whether two neighbouring letters changed places, and nothing else.
    static boolean swapped(String written, String right) {
        if (written.length() != right.length() || written.equals(right)) {
            return false;
        }
        int at = 0;
        while (written.charAt(at) == right.charAt(at)) {
            at++;
        }
        return at + 1 < right.length()
                && written.charAt(at) == right.charAt(at + 1)
                && written.charAt(at + 1) == right.charAt(at)
                && written.substring(at + 2).equals(right.substring(at + 2));
    }

    private static String tail(String text, int from) {
        return text.length() < from ? "" : text.substring(from);
    }
}

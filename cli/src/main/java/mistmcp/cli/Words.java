package mistmcp.cli;

/// How far two words are apart.
final class Words {
    private Words() {}

    /// The number of single-character edits that turn one word into the other (Levenshtein).
    static int distance(String left, String right) {
        var previous = new int[right.length() + 1];
        for (int j = 0; j <= right.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= left.length(); i++) {
            var current = new int[right.length() + 1];
            current[0] = i;
            for (int j = 1; j <= right.length(); j++) {
                int same = left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1;
                current[j] = Math.min(Math.min(current[j - 1], previous[j]) + 1, previous[j - 1] + same);
            }
            previous = current;
        }
        return previous[right.length()];
    }
}

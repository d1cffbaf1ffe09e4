package mistmcp.gateway.policy;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// A text in which `*` stands for any run of characters other than `/`. A glob that is nothing but `*` matches every
/// text, slashes included. Linear in the text for each `*`; compares code units, no folding, no escapes.
record Glob(String text) {
    boolean matchesAll() {
        return text.equals("*");
    }

    boolean literal() {
        return text.indexOf('*') < 0;
    }

    boolean matches(String candidate) {
        return matchesAll() || segmentsMatch(segments(text), segments(candidate));
    }

    boolean matchesIgnoringCase(String candidate) {
        return new Glob(text.toLowerCase(Locale.ROOT)).matches(candidate.toLowerCase(Locale.ROOT));
    }

    /// Whether some text matches both this glob and another.
    boolean overlaps(Glob other) {
        if (matchesAll() || other.matchesAll()) {
            return true;
        }
        var mine = segments(text);
        var theirs = segments(other.text);
        if (mine.size() != theirs.size()) {
            return false;
        }
        for (int at = 0; at < mine.size(); at++) {
            if (!segmentsOverlap(mine.get(at), theirs.get(at))) {
                return false;
            }
        }
        return true;
    }

    /// Since no `*` crosses a slash, both sides have the same number of segments, each matched for itself.
    private static boolean segmentsMatch(List<String> globs, List<String> texts) {
        if (globs.size() != texts.size()) {
            return false;
        }
        for (int at = 0; at < globs.size(); at++) {
            if (!segmentMatches(globs.get(at), texts.get(at))) {
                return false;
            }
        }
        return true;
    }

    private static boolean segmentMatches(String glob, String text) {
        int inGlob = 0;
        int inText = 0;
        int star = -1;
        int retry = 0;
        while (inText < text.length()) {
            if (inGlob < glob.length() && glob.charAt(inGlob) == '*') {
                star = inGlob++;
                retry = inText;
            } else if (inGlob < glob.length() && glob.charAt(inGlob) == text.charAt(inText)) {
                inGlob++;
                inText++;
            } else if (star >= 0) {
                inGlob = star + 1;
                inText = ++retry;
            } else {
                return false;
            }
        }
        while (inGlob < glob.length() && glob.charAt(inGlob) == '*') {
            inGlob++;
        }
        return inGlob == glob.length();
    }

    /// Both may hold `*`; a table over the prefixes of the two.
    private static boolean segmentsOverlap(String one, String other) {
        var reachable = new boolean[one.length() + 1][other.length() + 1];
        for (int i = 0; i <= one.length(); i++) {
            for (int j = 0; j <= other.length(); j++) {
                boolean starBefore = i > 0 && one.charAt(i - 1) == '*';
                boolean otherStarBefore = j > 0 && other.charAt(j - 1) == '*';
                reachable[i][j] = (i == 0 && j == 0)
                        || (starBefore && (reachable[i - 1][j] || (j > 0 && reachable[i][j - 1])))
                        || (otherStarBefore && (reachable[i][j - 1] || (i > 0 && reachable[i - 1][j])))
                        || (i > 0 && j > 0 && one.charAt(i - 1) == other.charAt(j - 1) && reachable[i - 1][j - 1]);
            }
        }
        return reachable[one.length()][other.length()];
    }

    private static List<String> segments(String text) {
        return Arrays.asList(text.split("/", -1));
    }
}

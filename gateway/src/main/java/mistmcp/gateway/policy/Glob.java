package mistmcp.gateway.policy;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// A text in which `*` stands for any run of characters other than `/`. A glob that is nothing but `*`
/// matches every text, slashes included. Compares code units, no folding, no escapes.
///
/// @param text     as written
/// @param segments what stands between the slashes
record Glob(String text, List<String> segments) {
    static Glob of(String text) {
        return new Glob(text, segments(text));
    }

    /// What stands between the slashes of a text. Since no `*` crosses a slash, a glob and a text match when
    /// they have as many segments and each matches for itself.
    static List<String> segments(String text) {
        return Arrays.asList(text.split("/", -1));
    }

    boolean matchesAll() {
        return text.equals("*");
    }

    boolean literal() {
        return text.indexOf('*') < 0;
    }

    Glob lowerCase() {
        return of(text.toLowerCase(Locale.ROOT));
    }

    boolean matches(String candidate) {
        return matches(segments(candidate));
    }

    boolean matches(List<String> candidate) {
        if (matchesAll()) {
            return true;
        }
        if (segments.size() != candidate.size()) {
            return false;
        }
        for (int at = 0; at < segments.size(); at++) {
            if (!segmentMatches(segments.get(at), candidate.get(at))) {
                return false;
            }
        }
        return true;
    }

    /// Whether some text matches both this glob and another.
    boolean overlaps(Glob other) {
        if (matchesAll() || other.matchesAll()) {
            return true;
        }
        if (segments.size() != other.segments.size()) {
            return false;
        }
        for (int at = 0; at < segments.size(); at++) {
            if (!segmentsOverlap(segments.get(at), other.segments.get(at))) {
                return false;
            }
        }
        return true;
    }

    /// Goes back to the last `*` only: within a segment an earlier one could not match what the last one
    /// cannot.
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
                boolean star = i > 0 && one.charAt(i - 1) == '*';
                boolean otherStar = j > 0 && other.charAt(j - 1) == '*';
                reachable[i][j] = (i == 0 && j == 0)
                        || ((star || otherStar) && i > 0 && reachable[i - 1][j])
                        || ((star || otherStar) && j > 0 && reachable[i][j - 1])
                        || (i > 0 && j > 0 && one.charAt(i - 1) == other.charAt(j - 1) && reachable[i - 1][j - 1]);
            }
        }
        return reachable[one.length()][other.length()];
    }
}

package mistmcp.json;

import com.networknt.schema.regex.RegularExpression;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// A regular expression of a schema that gives up after so many looks at the text: a schema that a stranger
/// wrote can hold one that would otherwise never end. What it gave up on does not match.
final class BoundedPattern implements RegularExpression {
    private static final int MOST_LOOKS = 200_000;

    private final Pattern pattern;

    BoundedPattern(String expression) {
        try {
            this.pattern = Pattern.compile(expression);
        } catch (PatternSyntaxException unusable) {
            throw new IllegalArgumentException("not a usable regular expression", unusable);
        }
    }

    @Override
    public boolean matches(String text) {
        try {
            return pattern.matcher(new Counted(text, new int[1])).find();
        } catch (TooManyLooks | StackOverflowError givenUp) {
            return false;
        }
    }

    private record Counted(CharSequence text, int[] looks) implements CharSequence {
        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            if (++looks[0] > MOST_LOOKS) {
                throw new TooManyLooks();
            }
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Counted(text.subSequence(start, end), looks);
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }

    private static final class TooManyLooks extends RuntimeException {
        TooManyLooks() {
            super("too many looks", null, false, false);
        }
    }
}

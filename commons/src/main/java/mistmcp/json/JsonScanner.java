package mistmcp.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Checks one JSON text as its bytes come (RFC 8259, strict): grammar, UTF-8, depth, numbers and names within
/// bounds, no key twice in any object. On the way it tells where the members of the text's object, and those
/// of its members, begin and end; everything else is passed over without being kept. One pass, whatever the
/// parts in which the bytes come. Not for sharing between threads.
public final class JsonScanner {
    private static final int MAX_NAME_BYTES = 10_000;

    /// What is told of a text. Offsets count from the text's first byte.
    public interface Found {
        /// A value begins.
        ///
        /// @param depth 1 for a member of the text's object, 2 for a member of such a member
        void begins(int depth, String name, int start);

        /// A value has ended.
        ///
        /// @param end the offset behind it
        void ends(int depth, String name, int start, int end);
    }

    private enum Place {
        /// A value has to come.
        VALUE,
        /// A value or the end of an array that has just begun.
        FIRST_ELEMENT,
        /// A name or the end of an object that has just begun.
        FIRST_NAME,
        NAME,
        COLON,
        /// A comma or the end of what is open.
        NEXT,
        /// Only white space.
        END,
        IN_STRING,
        IN_NAME,
        IN_NUMBER,
        IN_LITERAL
    }

    private enum Digits {
        MINUS,
        ZERO,
        INTEGER,
        POINT,
        FRACTION,
        E,
        E_SIGN,
        EXPONENT
    }

    private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

    private final JsonLimits limits;
    private final Found found;
    private final String[] names = {"", "", ""};
    private final int[] starts = new int[3];
    private final NameStack keys = new NameStack();
    private boolean[] objects = new boolean[16];
    private int open;
    private int before;
    private Place place = Place.VALUE;

    private byte[] literal = TRUE;
    private int literalAt;
    private Digits number = Digits.ZERO;
    private int numberChars;

    private boolean escaped;
    private int hexLeft;
    private int hex;
    private int continuations;
    private int lowest;
    private int highest;

    /// A scanner of one text.
    public JsonScanner(JsonLimits limits, Found found) {
        this.limits = limits;
        this.found = found;
    }

    /// Takes the next bytes of the text.
    ///
    /// @throws InvalidJson as soon as they cannot belong to a text within the limits; the scanner is of no use
    ///                     then
    public void take(byte[] bytes, int from, int to) {
        if ((long) before + to - from > limits.maxBytes()) {
            throw new InvalidJson(
                    InvalidJson.Reason.TOO_LARGE, "the JSON text has more than " + limits.maxBytes() + " bytes");
        }
        int shift = before - from;
        for (int at = from; at < to; ) {
            at = switch (place) {
                case IN_STRING, IN_NAME -> string(bytes, at, to, shift);
                case IN_NUMBER -> number(bytes, at, to, shift);
                case IN_LITERAL -> literal(bytes, at, to, shift);
                case VALUE, FIRST_ELEMENT, FIRST_NAME, NAME, COLON, NEXT, END -> {
                    between(bytes[at], at + shift);
                    yield at + 1;
                }
            };
        }
        before += to - from;
    }

    /// Says that the text is over.
    ///
    /// @throws InvalidJson when it is not whole
    public void finish() {
        if (place == Place.IN_NUMBER && open == 0) {
            endNumber(before);
        }
        if (place != Place.END) {
            throw new InvalidJson(InvalidJson.Reason.MALFORMED, "the JSON text ends too early");
        }
    }

    /// About how much memory the names of open objects take, in bytes.
    public int held() {
        return keys.held();
    }

    private void between(byte b, int at) {
        if (b == ' ' || b == '\n' || b == '\r' || b == '\t') {
            return;
        }
        switch (place) {
            case VALUE -> value(b, at);
            case FIRST_ELEMENT -> {
                if (b == ']') {
                    close(at);
                } else {
                    value(b, at);
                }
            }
            case FIRST_NAME -> {
                if (b == '}') {
                    close(at);
                } else {
                    name(b, at);
                }
            }
            case NAME -> name(b, at);
            case COLON -> {
                require(b == ':', at);
                place = Place.VALUE;
            }
            case NEXT -> {
                if (b == ',') {
                    place = objects[open - 1] ? Place.NAME : Place.VALUE;
                } else {
                    require(b == (objects[open - 1] ? '}' : ']'), at);
                    close(at);
                }
            }
            case END -> throw new InvalidJson(InvalidJson.Reason.MALFORMED, "there is text after the JSON value");
            case IN_STRING, IN_NAME, IN_NUMBER, IN_LITERAL -> throw new IllegalStateException("inside a token");
        }
    }

    private void value(byte b, int at) {
        if (told()) {
            starts[open] = at;
            found.begins(open, names[open], at);
        }
        switch (b) {
            case '"' -> place = Place.IN_STRING;
            case '{' -> open(true);
            case '[' -> open(false);
            case 't' -> literal(TRUE);
            case 'f' -> literal(FALSE);
            case 'n' -> literal(NULL);
            case '-' -> number(Digits.MINUS);
            case '0' -> number(Digits.ZERO);
            case '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number(Digits.INTEGER);
            default -> throw malformed(at);
        }
    }

    /// Whether what comes now is a member of the text's object, or a member of such a member.
    private boolean told() {
        return (open == 1 || open == 2) && objects[0] && objects[open - 1];
    }

    private void ended(int end) {
        if (told()) {
            found.ends(open, names[open], starts[open], end);
        }
        place = open == 0 ? Place.END : Place.NEXT;
    }

    private void open(boolean object) {
        if (open == limits.maxDepth()) {
            throw new InvalidJson(InvalidJson.Reason.TOO_DEEP, "the JSON text nests too deep");
        }
        if (open == objects.length) {
            objects = Arrays.copyOf(objects, open * 2);
        }
        objects[open++] = object;
        if (object) {
            keys.open();
        }
        place = object ? Place.FIRST_NAME : Place.FIRST_ELEMENT;
    }

    private void close(int at) {
        if (objects[--open]) {
            keys.close();
        }
        ended(at + 1);
    }

    private void name(byte b, int at) {
        require(b == '"', at);
        keys.begin();
        place = Place.IN_NAME;
    }

    private void endName() {
        if (!keys.end()) {
            throw new InvalidJson(InvalidJson.Reason.DUPLICATE_KEY, "the JSON text names a key twice");
        }
        if (told()) {
            names[open] = keys.newest();
        }
        place = Place.COLON;
    }

    private int string(byte[] bytes, int from, int to, int shift) {
        int at = from;
        while (at < to) {
            if (hexLeft > 0) {
                hex(bytes[at], at + shift);
                at++;
            } else if (escaped) {
                escape(bytes[at], at + shift);
                at++;
            } else if (continuations > 0) {
                continuation(bytes[at]);
                at++;
            } else {
                int end = Words.endOfPlain(bytes, at, to);
                put(bytes, at, end);
                at = end;
                if (at < to) {
                    byte b = bytes[at++];
                    if (b == '"') {
                        endString(at + shift);
                        return at;
                    }
                    special(b, at - 1 + shift);
                }
            }
        }
        return at;
    }

    private void endString(int end) {
        if (place == Place.IN_NAME) {
            endName();
        } else {
            ended(end);
        }
    }

    private void special(byte b, int at) {
        if (b == '\\') {
            escaped = true;
        } else {
            require(b < 0, at);
            lead(b & 0xFF);
            put(b);
        }
    }

    private void escape(byte b, int at) {
        escaped = false;
        switch (b) {
            case '"', '\\', '/' -> put(b);
            case 'b' -> put((byte) '\b');
            case 'f' -> put((byte) '\f');
            case 'n' -> put((byte) '\n');
            case 'r' -> put((byte) '\r');
            case 't' -> put((byte) '\t');
            case 'u' -> {
                hexLeft = 4;
                hex = 0;
            }
            default -> throw malformed(at);
        }
    }

    private void hex(byte b, int at) {
        int digit = Character.digit((char) (b & 0xFF), 16);
        require(digit >= 0, at);
        hex = hex << 4 | digit;
        if (--hexLeft == 0 && place == Place.IN_NAME) {
            keys.put((char) hex);
        }
    }

    /// The first byte of a character beyond ASCII, and what its second may be (RFC 3629, section 4).
    private void lead(int first) {
        if (first < 0xC2 || first > 0xF4) {
            throw invalidUtf8();
        }
        continuations = first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
        lowest = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
        highest = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    }

    private void continuation(byte b) {
        if ((b & 0xFF) < lowest || (b & 0xFF) > highest) {
            throw invalidUtf8();
        }
        continuations--;
        lowest = 0x80;
        highest = 0xBF;
        put(b);
    }

    private void put(byte b) {
        if (place == Place.IN_NAME) {
            keys.put(b);
            boundName();
        }
    }

    private void put(byte[] bytes, int from, int end) {
        if (place == Place.IN_NAME && end > from) {
            keys.put(bytes, from, end);
            boundName();
        }
    }

    private void boundName() {
        if (keys.length() > MAX_NAME_BYTES) {
            throw tooLong();
        }
    }

    private void number(Digits begun) {
        number = begun;
        numberChars = 1;
        place = Place.IN_NUMBER;
    }

    private int number(byte[] bytes, int from, int to, int shift) {
        int at = from;
        while (at < to) {
            byte b = bytes[at];
            boolean digit = b >= '0' && b <= '9';
            if (!digit && b != '.' && b != 'e' && b != 'E' && b != '+' && b != '-') {
                endNumber(at + shift);
                return at;
            }
            number = next(b, digit, at + shift);
            if (++numberChars > limits.maxNumberChars()) {
                throw tooLong();
            }
            at++;
        }
        return at;
    }

    private Digits next(byte b, boolean digit, int at) {
        return switch (number) {
            case MINUS -> digit ? (b == '0' ? Digits.ZERO : Digits.INTEGER) : refuse(at);
            case ZERO -> b == '.' ? Digits.POINT : exponent(b, at);
            case INTEGER -> digit ? Digits.INTEGER : b == '.' ? Digits.POINT : exponent(b, at);
            case POINT -> digit ? Digits.FRACTION : refuse(at);
            case FRACTION -> digit ? Digits.FRACTION : exponent(b, at);
            case E -> digit ? Digits.EXPONENT : b == '+' || b == '-' ? Digits.E_SIGN : refuse(at);
            case E_SIGN, EXPONENT -> digit ? Digits.EXPONENT : refuse(at);
        };
    }

    private static Digits exponent(byte b, int at) {
        return b == 'e' || b == 'E' ? Digits.E : refuse(at);
    }

    private void endNumber(int end) {
        switch (number) {
            case ZERO, INTEGER, FRACTION, EXPONENT -> ended(end);
            case MINUS, POINT, E, E_SIGN -> throw malformed(end);
        }
    }

    private void literal(byte[] word) {
        literal = word;
        literalAt = 1;
        place = Place.IN_LITERAL;
    }

    private int literal(byte[] bytes, int from, int to, int shift) {
        int at = from;
        while (at < to && literalAt < literal.length) {
            require(bytes[at++] == literal[literalAt++], at - 1 + shift);
        }
        if (literalAt == literal.length) {
            ended(at + shift);
        }
        return at;
    }

    private static void require(boolean fits, int at) {
        if (!fits) {
            throw malformed(at);
        }
    }

    private static Digits refuse(int at) {
        throw malformed(at);
    }

    private static InvalidJson malformed(int at) {
        return new InvalidJson(InvalidJson.Reason.MALFORMED, "malformed JSON at byte " + at);
    }

    private static InvalidJson invalidUtf8() {
        return new InvalidJson(InvalidJson.Reason.INVALID_UTF8, "the JSON text is not valid UTF-8");
    }

    private static InvalidJson tooLong() {
        return new InvalidJson(InvalidJson.Reason.TOO_LARGE, "a number or name in the JSON text is too long");
    }
}

package mistmcp.json;

/// Walks the members of one object whose bytes are known to be valid JSON. Not for sharing between threads.
final class TopLevel {
    private final RawJson object;
    private int at;
    private int nameStart;
    private int nameEnd;
    private int valueStart;

    TopLevel(RawJson object) {
        this.object = object;
        this.at = object.start() + 1;
    }

    /// Moves to the next member; false when there is none.
    boolean next() {
        skipTo('"', '}');
        if (byteAt(at) == '}') {
            return false;
        }
        nameStart = at;
        skipString();
        nameEnd = at;
        skipTo(':', ':');
        at++;
        while (byteAt(at) <= ' ') {
            at++;
        }
        valueStart = at;
        skipValue();
        return true;
    }

    String name() {
        return new RawJson(object.array(), nameStart, nameEnd).string().orElseThrow();
    }

    int valueStart() {
        return valueStart;
    }

    int valueEnd() {
        return at;
    }

    private void skipTo(char one, char other) {
        while (byteAt(at) != one && byteAt(at) != other) {
            at++;
        }
    }

    private void skipString() {
        at = Words.nearQuoteOrEscape(object.array(), at + 1, object.end());
        while (byteAt(at) != '"') {
            at = byteAt(at) == '\\' ? Words.nearQuoteOrEscape(object.array(), at + 2, object.end()) : at + 1;
        }
        at++;
    }

    private void skipValue() {
        int depth = 0;
        do {
            switch (byteAt(at)) {
                case '"' -> skipString();
                case '{', '[' -> {
                    depth++;
                    at++;
                }
                case '}', ']' -> {
                    depth--;
                    at++;
                }
                default -> skipPlain();
            }
        } while (depth > 0);
    }

    /// Numbers, literals, and what stands between values.
    private void skipPlain() {
        at++;
        while (true) {
            switch (byteAt(at)) {
                case '"', '{', '[', '}', ']', ',', ' ', '\n', '\r', '\t' -> {
                    return;
                }
                default -> at++;
            }
        }
    }

    private byte byteAt(int index) {
        return object.array()[index];
    }
}

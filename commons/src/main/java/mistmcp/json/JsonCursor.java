package mistmcp.json;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.exc.StreamConstraintsException;

/// Walks the tokens of one JSON text, for a tree of it. Not for sharing between threads.
final class JsonCursor implements AutoCloseable {
    private final JsonParser parser;
    private @Nullable JsonToken token;

    JsonCursor(byte[] utf8, int offset, int length, JsonLimits limits) {
        if (length > limits.maxBytes()) {
            throw new InvalidJson(
                    InvalidJson.Reason.TOO_LARGE, "the JSON text has more than " + limits.maxBytes() + " bytes");
        }
        requireUtf8(utf8, offset, length);
        this.parser = ParserFactories.of(limits, length).createParser(ObjectReadContext.empty(), utf8, offset, length);
    }

    private static void requireUtf8(byte[] bytes, int offset, int length) {
        if (!Utf8.valid(bytes, offset, length)) {
            throw new InvalidJson(InvalidJson.Reason.INVALID_UTF8, "the JSON text is not valid UTF-8");
        }
        for (int i = offset; i < offset + Math.min(4, length); i++) {
            if (bytes[i] == 0) {
                // The parser would guess UTF-16 or UTF-32 from it.
                throw new InvalidJson(InvalidJson.Reason.MALFORMED, "the JSON text begins with a zero byte");
            }
        }
        if (length >= 3 && bytes[offset] == (byte) 0xEF && bytes[offset + 1] == (byte) 0xBB) {
            throw new InvalidJson(InvalidJson.Reason.MALFORMED, "the JSON text begins with a byte order mark");
        }
    }

    /// Moves to the next token; the end of the text is refused here.
    JsonToken next() {
        var read = advance();
        if (read == null) {
            throw new InvalidJson(InvalidJson.Reason.MALFORMED, "the JSON text ends too early");
        }
        token = read;
        return read;
    }

    JsonToken token() {
        var current = token;
        if (current == null) {
            throw new IllegalStateException("no token was read yet");
        }
        return current;
    }

    void expectEnd() {
        if (advance() != null) {
            throw new InvalidJson(InvalidJson.Reason.MALFORMED, "there is text after the JSON value");
        }
    }

    String text() {
        try {
            return parser.getString();
        } catch (JacksonException fault) {
            throw invalid(fault);
        }
    }

    private @Nullable JsonToken advance() {
        try {
            return parser.nextToken();
        } catch (JacksonException fault) {
            throw invalid(fault);
        }
    }

    private InvalidJson invalid(JacksonException fault) {
        if (fault instanceof StreamConstraintsException) {
            var deep = String.valueOf(fault.getOriginalMessage()).contains("depth");
            return deep
                    ? new InvalidJson(InvalidJson.Reason.TOO_DEEP, "the JSON text nests too deep")
                    : new InvalidJson(InvalidJson.Reason.TOO_LARGE, "a number or name in the JSON text is too long");
        }
        if (String.valueOf(fault.getOriginalMessage()).contains("Duplicate")) {
            return new InvalidJson(InvalidJson.Reason.DUPLICATE_KEY, "the JSON text names a key twice");
        }
        return new InvalidJson(
                InvalidJson.Reason.MALFORMED,
                "malformed JSON at byte " + parser.currentLocation().getByteOffset());
    }

    @Override
    public void close() {
        parser.close();
    }
}

package mistmcp.mcp;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/// How text travels in a header of the modern era: as it is when it is plain visible ASCII, else as
/// `=?base64?<base64 of UTF-8>?=` (Streamable HTTP 2026-07-28, "Value Encoding").
public final class HeaderText {
    private static final String BEGIN = "=?base64?";
    private static final String END = "?=";

    private HeaderText() {}

    /// The header value for a text.
    public static String encode(String text) {
        return plain(text)
                ? text
                : BEGIN + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)) + END;
    }

    /// The text of a header value; empty when it has characters that no value may have, or is encoded and
    /// cannot be read.
    public static Optional<String> decode(String value) {
        if (!visible(value, true)) {
            return Optional.empty();
        }
        if (!value.startsWith(BEGIN) || !value.endsWith(END) || value.length() < BEGIN.length() + END.length()) {
            return Optional.of(value);
        }
        var encoded = value.substring(BEGIN.length(), value.length() - END.length());
        if (encoded.length() % 4 != 0) {
            return Optional.empty(); // the JDK would take it without its padding
        }
        try {
            var bytes = Base64.getDecoder().decode(encoded);
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (IllegalArgumentException | CharacterCodingException unreadable) {
            return Optional.empty();
        }
    }

    private static boolean visible(String text, boolean tabs) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < 0x20 || c >= 0x7F) && !(tabs && c == '\t')) {
                return false;
            }
        }
        return true;
    }

    private static boolean plain(String text) {
        return !text.isEmpty()
                && visible(text, false)
                && text.equals(text.strip())
                && !(text.startsWith(BEGIN) && text.endsWith(END));
    }
}

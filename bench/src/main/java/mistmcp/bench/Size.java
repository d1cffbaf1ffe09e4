package mistmcp.bench;

import java.nio.charset.StandardCharsets;

/// How long the results of a tool of the upstream are; the tool has the size's name.
@SuppressWarnings("ImmutableEnumChecker") // nobody writes to the text
enum Size {
    SMALL("small", 600),
    MEDIUM("72 KB", 72 << 10),
    LARGE("1 MB", 1 << 20);

    private static final String LETTERS = "The quick brown fox jumps over the lazy dog 0123456789. ";

    private final String label;
    private final byte[] filling;

    Size(String label, int bytes) {
        this.label = label;
        this.filling =
                LETTERS.repeat(bytes / LETTERS.length() + 1).substring(0, bytes).getBytes(StandardCharsets.US_ASCII);
    }

    String label() {
        return label;
    }

    String tool() {
        return "echo_" + name().toLowerCase(java.util.Locale.ROOT);
    }

    /// The text that every result holds behind its number; nothing in it needs an escape in JSON.
    byte[] filling() {
        return filling;
    }
}

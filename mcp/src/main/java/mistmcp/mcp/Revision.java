package mistmcp.mcp;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// A revision of the protocol that we speak.
public enum Revision {
    V2025_06_18("2025-06-18"),
    V2025_11_25("2025-11-25"),
    V2026_07_28("2026-07-28");

    private static final List<Revision> ALL = List.of(values());

    private final String text;

    Revision(String text) {
        this.text = text;
    }

    /// The revision as it stands on the wire.
    public String text() {
        return text;
    }

    /// Whether each request stands for itself: no handshake, no MCP session (2026-07-28).
    public boolean modern() {
        return this == V2026_07_28;
    }

    /// All that we speak, the newest first, as they stand on the wire.
    public static List<String> served() {
        return Arrays.stream(values()).map(Revision::text).toList().reversed();
    }

    /// The revision of a text from the wire.
    public static Optional<Revision> of(String text) {
        for (var revision : ALL) {
            if (revision.text.equals(text)) {
                return Optional.of(revision);
            }
        }
        return Optional.empty();
    }
}

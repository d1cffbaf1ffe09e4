package mistmcp.gateway.change;

import java.util.Locale;
import java.util.Optional;

/// How strong an approval must be, weakest first.
public enum Level {
    /// The principal's own `confirmation` suffices, as in a home lab.
    FIELD,
    /// An elicitation that an MCP client answered.
    CLIENT,
    /// A browser session, the phrase typed.
    PAGE,
    /// A browser session that signed in again for this.
    FRESH_LOGIN,
    /// The page approval of another principal.
    TWO_PERSON;

    /// The level as it stands in JSON.
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// The level of a text.
    public static Optional<Level> of(String text) {
        for (var level : values()) {
            if (level.text().equals(text)) {
                return Optional.of(level);
            }
        }
        return Optional.empty();
    }

    /// The stronger of two.
    public Level or(Level other) {
        return compareTo(other) >= 0 ? this : other;
    }
}

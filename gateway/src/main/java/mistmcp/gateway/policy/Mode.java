package mistmcp.gateway.policy;

import java.util.Locale;

/// How a call runs: a read at once, a write as a preview, or a write for real.
public enum Mode {
    READ,
    DRY_RUN,
    COMMIT;

    private final String text = name().toLowerCase(Locale.ROOT);

    /// The mode as it stands in JSON.
    public String text() {
        return text;
    }
}

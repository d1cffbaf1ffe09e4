package mistmcp.gateway.call;

import java.util.concurrent.atomic.AtomicBoolean;

/// Whether commits are switched on: by the setting at the start, by an operator since. Safe for several
/// threads.
public final class WriteSwitch {
    private final boolean allowed;
    private final AtomicBoolean on;

    /// The switch as `WRITE_ENABLED` sets it.
    public WriteSwitch(boolean enabled) {
        this.allowed = enabled;
        this.on = new AtomicBoolean(enabled);
    }

    /// Whether a commit may be sent now.
    public boolean enabled() {
        return on.get();
    }

    /// Turns commits on or off until the next start; answers whether that could be done. What the settings
    /// forbid cannot be turned on.
    public boolean turn(boolean enabled) {
        if (enabled && !allowed) {
            return false;
        }
        on.set(enabled);
        return true;
    }
}

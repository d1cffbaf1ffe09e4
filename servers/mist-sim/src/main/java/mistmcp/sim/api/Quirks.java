package mistmcp.sim.api;

import java.util.EnumSet;
import java.util.Set;

/// The quirks that are on in one simulator.
public record Quirks(Set<Quirk> on) {
    /// Copies the set given.
    public Quirks {
        on = Set.copyOf(on);
    }

    /// All quirks but those named.
    public static Quirks without(Set<Quirk> off) {
        var on = EnumSet.allOf(Quirk.class);
        on.removeAll(off);
        return new Quirks(on);
    }

    /// Whether a quirk is on.
    public boolean has(Quirk quirk) {
        return on.contains(quirk);
    }
}

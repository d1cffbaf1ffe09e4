package mistmcp.settings;

import java.util.List;

/// Settings that cannot be used; carries every fault found, one line each.
public final class InvalidSettings extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient List<String> faults;

    /// All faults of one reading.
    public InvalidSettings(List<String> faults) {
        super(String.join("; ", faults));
        this.faults = List.copyOf(faults);
    }

    /// One line a fault, with the name and what was expected; never a secret's value.
    public List<String> faults() {
        return faults;
    }
}

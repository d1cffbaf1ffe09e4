package mistmcp.gateway.policy;

import java.util.List;

/// A policy file that cannot be used; carries every fault found, one line each.
public final class InvalidPolicy extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient List<String> faults;

    /// All faults of one file.
    public InvalidPolicy(List<String> faults) {
        super("the policy cannot be used: " + String.join("; ", faults));
        this.faults = List.copyOf(faults);
    }

    /// One line a fault, with its place in the file.
    public List<String> faults() {
        return faults;
    }
}

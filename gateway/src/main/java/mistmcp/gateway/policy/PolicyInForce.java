package mistmcp.gateway.policy;

import java.util.List;
import java.util.function.Supplier;

/// The policy that decides now. A reload replaces it at once for all callers; a file that cannot be used leaves
/// the last good one in force and is told by [#faults]. Safe for several threads.
public final class PolicyInForce {
    private final Supplier<byte[]> file;
    private final Supplier<KnownItems> known;
    private volatile State state;

    private record State(Policy policy, List<String> faults) {}

    /// How a reload ended.
    public sealed interface Reload {
        /// The file is the one in force.
        record Unchanged() implements Reload {}

        /// Another policy is in force now.
        record Replaced(Policy before, Policy after) implements Reload {}

        /// The file cannot be used; the policy before stays in force.
        record Refused(List<String> faults) implements Reload {}
    }

    private PolicyInForce(Supplier<byte[]> file, Supplier<KnownItems> known, Policy first) {
        this.file = file;
        this.known = known;
        this.state = new State(first, List.of());
    }

    /// Reads the first policy; without a good one there is nothing to fall back on.
    ///
    /// @param file  reads the file's bytes; may throw an unchecked exception when it cannot
    /// @param known what the upstreams offer at that moment
    /// @throws InvalidPolicy with all faults
    public static PolicyInForce start(Supplier<byte[]> file, Supplier<KnownItems> known) {
        return new PolicyInForce(file, known, read(file, known));
    }

    /// The policy in force.
    public Policy policy() {
        return state.policy;
    }

    /// Why the last reload was refused; empty when the file in place is the one in force.
    public List<String> faults() {
        return state.faults;
    }

    /// Reads the file again and puts it in force when it is good. Also called when upstreams have come or gone,
    /// since patterns are judged by what they offer.
    public synchronized Reload reload() {
        var before = state.policy;
        try {
            var after = read(file, known);
            state = new State(after, List.of());
            return after.hash().equals(before.hash()) ? new Reload.Unchanged() : new Reload.Replaced(before, after);
        } catch (InvalidPolicy invalid) {
            state = new State(before, invalid.faults());
            return new Reload.Refused(invalid.faults());
        }
    }

    private static Policy read(Supplier<byte[]> file, Supplier<KnownItems> known) {
        byte[] bytes;
        try {
            bytes = file.get();
        } catch (RuntimeException unreadable) {
            throw new InvalidPolicy(List.of("the policy file cannot be read"));
        }
        return Policy.read(bytes, known.get());
    }
}

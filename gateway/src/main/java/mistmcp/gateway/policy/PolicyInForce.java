package mistmcp.gateway.policy;

import java.util.List;
import java.util.function.Supplier;
import mistmcp.json.Sha256;

/// The policy that decides now. A reload replaces it at once for all callers. A file that cannot be used
/// leaves the last good one in force, is told by [#faults], and stops commits: who put that file there wanted
/// other rules than those in force. Safe for several threads.
public final class PolicyInForce {
    private final Supplier<byte[]> file;
    private final Supplier<KnownItems> known;
    private volatile State state;

    private record State(Policy policy, List<String> faults) {}

    /// How a reload ended.
    public sealed interface Reload {
        /// The file is the one in force, as it was before.
        record Unchanged() implements Reload {}

        /// The file is the one in force again; one that could not be used stood in its place.
        record Restored() implements Reload {}

        /// Another policy is in force now.
        record Replaced(Policy before, Policy after) implements Reload {}

        /// The file cannot be used; the policy before stays in force.
        ///
        /// @param repeated whether the reload before said the same
        record Refused(List<String> faults, boolean repeated) implements Reload {
            /// Copies the list given.
            public Refused {
                faults = List.copyOf(faults);
            }
        }
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
        return new PolicyInForce(file, known, Policy.read(bytes(file), known.get()));
    }

    /// The policy in force.
    public Policy policy() {
        return state.policy;
    }

    /// Why the last reload was refused; empty when the file in place is the one in force.
    public List<String> faults() {
        return state.faults;
    }

    /// Reads the file again and puts it in force when it is good. Also called when upstreams have come or
    /// gone, since patterns are judged by what they offer: then the rules are still those of the file, and
    /// commits go on.
    public synchronized Reload reload() {
        var before = state;
        boolean other = true;
        try {
            var bytes = bytes(file);
            other = !Sha256.of(bytes).equals(before.policy.hash());
            var after = Policy.read(bytes, known.get());
            state = new State(after, List.of());
            if (other) {
                return new Reload.Replaced(before.policy, after);
            }
            return before.faults.isEmpty() ? new Reload.Unchanged() : new Reload.Restored();
        } catch (InvalidPolicy invalid) {
            state = new State(other ? before.policy.withoutCommits() : before.policy, invalid.faults());
            return new Reload.Refused(invalid.faults(), invalid.faults().equals(before.faults));
        }
    }

    private static byte[] bytes(Supplier<byte[]> file) {
        try {
            return file.get();
        } catch (RuntimeException unreadable) {
            throw new InvalidPolicy(List.of("the policy file cannot be read"));
        }
    }
}

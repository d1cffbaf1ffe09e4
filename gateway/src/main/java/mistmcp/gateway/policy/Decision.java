package mistmcp.gateway.policy;

import java.util.List;

/// What the policy says to one call. The trace names, in order, what was looked at and how it came out.
public sealed interface Decision {
    /// The rule that decided: a place in the file with its pattern, or `gateway:` and the name of a rule that
    /// never bends.
    String rule();

    /// What was looked at, one line a step.
    List<String> trace();

    /// Whether the call may go on.
    boolean allowed();

    /// The call may run, in this mode.
    ///
    /// @param level the weakest approval that suffices for a commit: `field`, `client`, `page`, `fresh-login`
    ///              or `two-person`
    record Execute(Mode mode, String rule, String level, List<String> trace) implements Decision {
        @Override
        public boolean allowed() {
            return true;
        }
    }

    /// The call is refused.
    record Deny(Denial denial, List<String> trace) implements Decision {
        @Override
        public String rule() {
            return denial.rule();
        }

        @Override
        public boolean allowed() {
            return false;
        }
    }
}

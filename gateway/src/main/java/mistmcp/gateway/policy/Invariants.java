package mistmcp.gateway.policy;

import java.util.List;
import java.util.Optional;

/// The rules that no file can bend (design, section 3).
final class Invariants {
    static final String UNKNOWN = "gateway:unknown-is-denied";
    static final String HELD = "gateway:held-is-denied";
    static final String READ_ONLY = "gateway:read-only-never-writes";
    static final String WRITES_OFF = "gateway:writes-off";
    static final String UNUSABLE = "gateway:no-commit-by-an-old-policy";
    static final String OWN_TOOLS = "gateway:own-tools";

    private Invariants() {}

    /// What these rules have against a call.
    ///
    /// @param commits whether the policy is the one that its file has now
    static Optional<Denial> refusal(Question question, boolean commits, List<String> trace) {
        if (!question.known()) {
            return refused(
                    trace,
                    "unknown_tool",
                    UNKNOWN,
                    "there is no `" + Denials.name(question) + "`",
                    "look at the list of tools");
        }
        if (question.held()) {
            return refused(
                    trace,
                    "tool_held",
                    HELD,
                    "the definition of `" + Denials.name(question) + "` has changed since it was approved",
                    "ask an operator to look at the change and pin the tool again");
        }
        if (question.writes() && !question.role().writes()) {
            return refused(
                    trace,
                    "role_read_only",
                    READ_ONLY,
                    "`" + Denials.name(question) + "` changes the network, and your role is ReadOnly",
                    "ask for the role ReadWrite");
        }
        if (question.writes() && question.commit() && !question.writeEnabled()) {
            return refused(
                    trace,
                    "writes_off",
                    WRITES_OFF,
                    "writes are switched off, so nothing is committed",
                    "call it without `commit` to see a plan, or ask an operator to set WRITE_ENABLED=true");
        }
        if (question.writes() && question.commit() && !commits) {
            return refused(
                    trace,
                    "policy_unusable",
                    UNUSABLE,
                    "the policy file has changed and cannot be used, so nothing is committed by the policy before it",
                    "call it without `commit` to see a plan, or ask an operator to mend the file: `/readyz` names the"
                            + " fault");
        }
        return Optional.empty();
    }

    private static Optional<Denial> refused(
            List<String> trace, String code, String rule, String reason, String remedy) {
        trace.add(rule + ": " + reason);
        return Optional.of(new Denial(code, rule, reason, remedy));
    }
}

package mistmcp.gateway.call;

import mistmcp.gateway.change.Plan;
import mistmcp.gateway.policy.Denial;
import mistmcp.mcp.McpReply;

/// How a call through the gate ended.
public sealed interface Outcome {
    /// The index of the decision's record in the audit log.
    long auditIndex();

    /// The upstream answered: a result (a tool's own `isError` included) or a JSON-RPC error. For a commit:
    /// the plan's end.
    record Done(McpReply reply, long auditIndex) implements Outcome {}

    /// A write was previewed; nothing was changed. The plan waits for an approval.
    record Planned(Plan plan, long auditIndex) implements Outcome {}

    /// A commit was asked of a plan that has no approval at the level it needs. Nothing was sent; the plan
    /// waits on.
    ///
    /// @param reason why there is none, in one line
    record Unapproved(Plan plan, String reason, long auditIndex) implements Outcome {
        /// The stable code of this end.
        public static final String CODE = "approval_required";
    }

    /// Refused, by policy or by a rule that never bends. Nothing was sent.
    ///
    /// @param hidden whether the caller may not call the tool at all, so that lists leave it out
    record Denied(Denial denial, boolean hidden, long auditIndex) implements Outcome {
        /// A refusal of this call, of a tool that the caller may call.
        public Denied(Denial denial, long auditIndex) {
            this(denial, false, auditIndex);
        }
    }

    /// The tool, resource or prompt is unknown, hidden or held back: all three look alike.
    record Unknown(String kind, long auditIndex) implements Outcome {}

    /// The call could not be made or ended without a usable answer.
    ///
    /// @param code    `upstream_timeout`, `audit_unavailable`, `invalid_arguments`, ...
    /// @param message one line for people
    record Failed(String code, String message, long auditIndex) implements Outcome {}
}

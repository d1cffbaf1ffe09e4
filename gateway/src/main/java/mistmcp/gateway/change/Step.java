package mistmcp.gateway.change;

import java.util.Optional;

/// How an act on a plan ended.
public sealed interface Step {
    /// The plan moved on.
    record Moved(Plan plan) implements Step {}

    /// The commit was done before: its stored end, and nothing was sent.
    record Replayed(Plan plan) implements Step {}

    /// Refused: `plan_not_found`, `plan_mismatch`, `plan_used`, `plan_expired`, `plan_discarded`,
    /// `plan_stale`, `plan_in_progress`, `phrase_mismatch`, `approval_required`, `approver_not_allowed`,
    /// `fresh_login_required`, `target_busy`, `audit_unavailable`, ... The plan is given where the caller may
    /// see it.
    record Refused(String code, String reason, Optional<Plan> plan) implements Step {}
}

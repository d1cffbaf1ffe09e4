package mistmcp.gateway.call;

import mistmcp.gateway.change.Plan;
import mistmcp.gateway.change.PlanState;
import mistmcp.gateway.change.Step;
import mistmcp.gateway.policy.Denial;
import mistmcp.json.JsonObject;
import mistmcp.mcp.McpReply;

/// What a caller is told about the end of a commit.
final class PlanReplies {
    private PlanReplies() {}

    static boolean good(Plan plan) {
        return plan.state() == PlanState.VERIFIED
                || plan.state() == PlanState.APPLIED
                || plan.state() == PlanState.AWAITING_KEEP
                || plan.state() == PlanState.KEPT;
    }

    /// Whether the change may have reached the network.
    static boolean sent(Plan plan) {
        return good(plan) || plan.state() == PlanState.MISMATCH || plan.state() == PlanState.UNKNOWN;
    }

    /// The answer to a change that is not needed: no plan, and no failure either.
    static McpReply.Result nothingToChange(JsonObject preview) {
        return OwnTools.result(
                JsonObject.of(
                                "code", "nothing_to_change",
                                "message",
                                        "the network is already as asked: nothing was planned and nothing was changed")
                        .withPresent("targets", preview.array("targets")),
                false);
    }

    static McpReply.Result ended(Plan plan, boolean replayed) {
        var told = plan.brief().with("replayed", replayed);
        return OwnTools.result(told, !good(plan));
    }

    static Denial denial(Step.Refused refused) {
        var remedy = switch (refused.code()) {
            case "plan_expired", "plan_discarded", "plan_stale", "plan_aborted", "stale" ->
                "plan the change again and look at the new difference";
            case "plan_mismatch", "plan_used" -> "plan exactly these arguments and have that plan approved";
            case "plan_not_found" -> "plan the change first: call the tool without `commit`";
            case "plan_in_progress", "target_busy" -> "wait a moment, then ask `plan_status`";
            case "read_only", "applied_unrecorded" -> "an operator must look at the audit log and restart";
            default -> "try again; when it stays so, ask an operator to look at the health of the gateway";
        };
        return new Denial(refused.code(), "gateway:plan", refused.reason(), remedy);
    }
}

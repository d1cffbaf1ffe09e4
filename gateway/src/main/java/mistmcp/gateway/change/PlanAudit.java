package mistmcp.gateway.change;

import mistmcp.gateway.audit.AuditLog;
import mistmcp.gateway.audit.AuditRecord;
import mistmcp.gateway.audit.Event;
import mistmcp.gateway.identity.Principal;
import mistmcp.gateway.policy.Mode;
import mistmcp.json.JsonObject;

/// Records a plan's way. Each method returns when the record is durable.
///
/// @throws mistmcp.gateway.audit.AuditUnavailable when it is not
final class PlanAudit {
    private final AuditLog log;

    PlanAudit(AuditLog log) {
        this.log = log;
    }

    void planned(Plan plan, Change change) {
        log.write(of(Event.PLAN_CREATED, plan)
                .call(change.callId())
                .principal(change.principal())
                .definition(plan.definitionDigest())
                .policy(plan.policyHash())
                .detail(JsonObject.of(
                        "level", plan.level().text(), "expiresAt", plan.expiresAt(), "phrase", plan.phrase())));
    }

    void approved(Plan plan, Principal approver, Level level, String channel) {
        log.write(of(Event.PLAN_APPROVED, plan).principal(approver).approval(level.text(), channel));
    }

    void discarded(Plan plan, Principal principal) {
        log.write(of(Event.PLAN_DISCARDED, plan).principal(principal));
    }

    void intent(Plan plan, Change change) {
        log.write(of(Event.COMMIT_INTENT, plan)
                .call(change.callId())
                .principal(change.principal())
                .mode(Mode.COMMIT)
                .definition(change.definitionDigest())
                .policy(change.policyHash())
                .detail(JsonObject.EMPTY
                        .withPresent("approval", plan.approval())
                        .withPresent("requests", plan.preview().array("requests"))));
    }

    void ended(Plan plan, Change change, PlanState state, JsonObject result) {
        boolean good = state == PlanState.VERIFIED || state == PlanState.APPLIED;
        log.write(of(Event.COMMIT_OUTCOME, plan)
                .call(change.callId())
                .principal(change.principal())
                .mode(Mode.COMMIT)
                .outcome(good ? "done" : "failed", state.text())
                .detail(result));
    }

    private static AuditRecord of(Event event, Plan plan) {
        return AuditRecord.of(event)
                .plan(plan.id(), plan.principal())
                .tool(plan.upstream(), "tool", plan.tool())
                .change(
                        plan.preview().string("changeDigest").orElse(""),
                        plan.preview().string("beforeHash").orElse(""));
    }
}

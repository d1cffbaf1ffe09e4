package mistmcp.gateway.call;

import java.util.Optional;
import mistmcp.gateway.audit.Pending;
import mistmcp.gateway.change.Change;
import mistmcp.gateway.change.Changes;
import mistmcp.gateway.change.Planning;
import mistmcp.gateway.change.Step;
import mistmcp.gateway.policy.Denial;
import mistmcp.gateway.upstream.CatalogTool;
import mistmcp.gateway.upstream.UpstreamSettings;

/// Writes that the policy has let through: planned, or committed by the plan that they name. Nothing is
/// previewed or sent before the decision is on the disk. Safe for several threads.
final class WriteCalls {
    private final Changes changes;
    private final CallRecords records;

    WriteCalls(Changes changes, CallRecords records) {
        this.changes = changes;
        this.records = records;
    }

    /// Plans a change; nothing is written.
    Outcome plan(Call call, CatalogTool tool, Change change, Pending pending) throws InterruptedException {
        pending.await();
        return switch (changes.plan(change)) {
            case Planning.Planned planned -> {
                records.ended(call, tool, "planned", "ok", Optional.of(planned.plan()));
                yield new Outcome.Planned(planned.plan(), pending.index());
            }
            case Planning.AlreadySo alreadySo -> {
                records.ended(call, tool, "done", "nothing_to_change", Optional.empty());
                yield new Outcome.Done(PlanReplies.nothingToChange(alreadySo.preview()), pending.index());
            }
            case Planning.Declined declined -> {
                records.ended(call, tool, "failed", "tool_error", Optional.empty());
                yield new Outcome.Done(declined.reply(), pending.index());
            }
            case Planning.Failed failed -> {
                records.ended(call, tool, "failed", failed.code(), Optional.empty());
                yield new Outcome.Failed(failed.code(), failed.message(), pending.index());
            }
        };
    }

    /// Commits a plan for exactly this change.
    Outcome commit(Call call, CatalogTool tool, Change change, String planId, Pending pending)
            throws InterruptedException {
        pending.await();
        if (tool.preview() == UpstreamSettings.Preview.NONE) {
            var denial = new Denial(
                    "no_preview",
                    "gateway:preview",
                    "`" + tool.upstream() + "` shows no preview, so nothing of it can be committed",
                    "ask an operator to set `\"preview\": \"arguments\"` for this upstream");
            records.ended(call, tool, "denied", denial.code(), Optional.empty());
            return new Outcome.Denied(denial, pending.index());
        }
        return switch (changes.commit(change, planId)) {
            case Step.Moved moved -> {
                records.ended(
                        call,
                        tool,
                        PlanReplies.good(moved.plan()) ? "done" : "failed",
                        moved.plan().state().text(),
                        Optional.of(moved.plan()));
                yield new Outcome.Done(PlanReplies.ended(moved.plan(), false), pending.index());
            }
            case Step.Replayed replayed -> {
                records.ended(call, tool, "done", "replayed", Optional.of(replayed.plan()));
                yield new Outcome.Done(PlanReplies.ended(replayed.plan(), true), pending.index());
            }
            case Step.Refused refused -> {
                records.ended(call, tool, "denied", refused.code(), refused.plan());
                yield refused.code().equals(Outcome.Unapproved.CODE)
                        ? new Outcome.Unapproved(
                                refused.plan().orElseThrow(), "the plan still waits for an approval", pending.index())
                        : new Outcome.Denied(PlanReplies.denial(refused), pending.index());
            }
        };
    }
}

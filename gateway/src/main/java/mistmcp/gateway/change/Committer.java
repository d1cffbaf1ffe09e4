package mistmcp.gateway.change;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import mistmcp.gateway.audit.AuditUnavailable;
import mistmcp.gateway.change.PlanBook.Entry;
import mistmcp.gateway.store.Database;
import mistmcp.json.InvalidJson;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes a plan through its commit, in the order of design section 7: lock, preview again, compare, consume
/// the approval with the intent on disk, send once, record the end. Safe for several threads.
final class Committer {
    private static final Logger LOG = LoggerFactory.getLogger(Committer.class);
    private static final Duration LOCK_PATIENCE = Duration.ofSeconds(30);
    private static final Duration FIRST_LOOK = Duration.ofMillis(500);
    private static final Duration SECOND_LOOK = Duration.ofSeconds(2);

    private final PlanBook book;
    private final Sender sender;
    private final PlanAudit audit;
    private final TargetLocks locks = new TargetLocks();
    private final AtomicBoolean unrecorded = new AtomicBoolean();

    Committer(PlanBook book, Sender sender, PlanAudit audit) {
        this.book = book;
        this.sender = sender;
        this.audit = audit;
    }

    boolean unrecorded() {
        return unrecorded.get();
    }

    Step commit(Change change, String id) throws InterruptedException {
        var found = book.find(id)
                .filter(entry ->
                        entry.plan().principal().equals(change.principal().key()));
        if (found.isEmpty()) {
            return unknownPlan();
        }
        var plan = found.get().plan();
        var mismatch = mismatch(change, plan);
        if (mismatch.isPresent()) {
            return mismatch.get();
        }
        try {
            return locks.locked(Preview.targets(plan.preview()), LOCK_PATIENCE, () -> locked(change, id));
        } catch (TargetLocks.Busy busy) {
            return refused("target_busy", "another change of the same target is still being sent", plan);
        }
    }

    /// The plan must be of this tool and these arguments; a plan that was used answers as what it is.
    private static Optional<Step> mismatch(Change change, Plan plan) {
        boolean same;
        try {
            same = plan.tool().equals(change.tool())
                    && plan.upstream().equals(change.upstream())
                    && plan.argumentsDigest().equals(change.argumentsDigest());
        } catch (InvalidJson inexact) {
            same = false;
        }
        if (same) {
            return Optional.empty();
        }
        return Optional.of(
                used(plan)
                        ? refused("plan_used", "this plan was committed before, for other arguments", plan)
                        : refused("plan_mismatch", "the plan is for another tool or other arguments", plan));
    }

    private Step locked(Change change, String id) throws InterruptedException {
        var entry = book.find(id).orElseThrow();
        var plan = entry.plan();
        if (used(plan)) {
            return new Step.Replayed(plan);
        }
        if (!plan.state().open()) {
            return notOpen(plan);
        }
        if (unrecorded.get()) {
            return refused(
                    "read_only",
                    "the end of an earlier change could not be recorded: the gateway sends no change until it is restarted",
                    plan);
        }
        var needed = plan.level().or(change.level());
        if (!approved(plan, needed)) {
            return refused(
                    "approval_required", "a human must approve this plan at level `" + needed.text() + "`", plan);
        }
        if (!plan.definitionDigest().equals(change.definitionDigest())) {
            return stale(entry, change, "the tool's definition has changed since the plan was made", JsonArray.EMPTY);
        }
        return switch (sender.preview(change)) {
            case Sender.Previewed.Failed failed -> refused(failed.code(), failed.message(), plan);
            case Sender.Previewed.Declined _ ->
                stale(
                        entry,
                        change,
                        "the change can no longer be previewed: what it was planned on has moved",
                        JsonArray.EMPTY);
            case Sender.Previewed.Shown now ->
                Preview.same(plan.preview(), now.preview())
                        ? send(entry, change)
                        : stale(
                                entry,
                                change,
                                "the network has changed since the plan was made",
                                Preview.moved(plan.preview(), now.preview()));
        };
    }

    private static boolean approved(Plan plan, Level needed) {
        if (needed == Level.FIELD) {
            return true;
        }
        return plan.state() == PlanState.APPROVED
                && plan.approval()
                        .flatMap(approval -> approval.string("level"))
                        .flatMap(Level::of)
                        .filter(reached -> reached.compareTo(needed) >= 0)
                        .isPresent();
    }

    private Step stale(Entry entry, Change change, String reason, JsonArray moved) {
        var result = JsonObject.of("code", "stale", "reason", reason, "moved", moved, "sent", false);
        var next = book.move(
                entry,
                PlanState.STALE,
                JsonObject.of("reason", reason),
                Optional.empty(),
                Optional.of(result),
                () -> audit.ended(entry.plan(), change, PlanState.STALE, result));
        return next.<Step>map(moving -> new Step.Refused("stale", reason, Optional.of(moving.plan())))
                .orElseGet(() -> inProgress(entry.plan()));
    }

    private Step send(Entry entry, Change change) throws InterruptedException {
        Optional<Entry> sending;
        try {
            sending = book.move(
                    entry,
                    PlanState.SENDING,
                    JsonObject.of("by", change.principal().key()),
                    Optional.empty(),
                    Optional.empty(),
                    () -> audit.intent(entry.plan(), change));
        } catch (AuditUnavailable unavailable) {
            return refused(unavailable.code(), String.valueOf(unavailable.getMessage()), entry.plan());
        }
        if (sending.isEmpty()) {
            return inProgress(entry.plan());
        }
        var plan = sending.get().plan();
        var sent = sender.commit(change, plan);
        return switch (sent) {
            case Sender.Sent.Reported reported -> reported(sending.get(), change, reported.report());
            case Sender.Sent.Refused refused ->
                end(
                        sending.get(),
                        change,
                        refused.code().equals("stale") ? PlanState.STALE : PlanState.REJECTED,
                        JsonObject.of("code", refused.code(), "reason", refused.message(), "sent", false));
            case Sender.Sent.Failed failed ->
                failed.maybeSent()
                        ? settle(sending.get(), change, failed.message())
                        : end(
                                sending.get(),
                                change,
                                PlanState.ABORTED,
                                JsonObject.of("code", failed.code(), "reason", failed.message(), "sent", false));
        };
    }

    private Step reported(Entry sending, Change change, JsonObject report) throws InterruptedException {
        return switch (report.string("status").orElse("unknown")) {
            case "applied" -> {
                boolean verified = report.bool("verified").orElse(false);
                yield end(sending, change, verified ? PlanState.VERIFIED : PlanState.MISMATCH, report);
            }
            case "rejected" -> end(sending, change, PlanState.REJECTED, report);
            case "stale" -> end(sending, change, PlanState.STALE, report);
            default -> settle(sending, change, "the upstream does not know whether the write happened");
        };
    }

    /// Finds out by looking, never by sending again, whether a write happened.
    private Step settle(Entry sending, Change change, String reason) throws InterruptedException {
        var unknown = JsonObject.of("code", "unknown", "reason", reason, "sent", "unknown");
        Thread.sleep(FIRST_LOOK);
        var first = look(sending.plan(), change);
        if (first == Look.BEFORE) {
            Thread.sleep(SECOND_LOOK);
            first = look(sending.plan(), change);
        }
        return switch (first) {
            case AFTER ->
                end(
                        sending,
                        change,
                        PlanState.VERIFIED,
                        unknown.with("code", "applied").with("settled", true));
            case BEFORE ->
                end(
                        sending,
                        change,
                        PlanState.REJECTED,
                        unknown.with("code", "not_applied").with("settled", true));
            case OTHER -> end(sending, change, PlanState.UNKNOWN, unknown);
        };
    }

    private enum Look {
        BEFORE,
        AFTER,
        OTHER
    }

    /// What is not an effect tells nothing of whether it happened.
    private Look look(Plan plan, Change change) throws InterruptedException {
        if (!(sender.preview(change) instanceof Sender.Previewed.Effect now)) {
            return Look.OTHER;
        }
        if (Preview.alreadySo(now.preview())) {
            return Look.AFTER;
        }
        return Preview.same(plan.preview(), now.preview()) ? Look.BEFORE : Look.OTHER;
    }

    private Step end(Entry sending, Change change, PlanState state, JsonObject result) {
        var plan = sending.plan();
        try {
            var next = book.move(
                    sending,
                    state,
                    JsonObject.EMPTY.withPresent("reason", result.string("reason")),
                    Optional.empty(),
                    Optional.of(result),
                    () -> {});
            audit.ended(plan, change, state, result);
            return next.<Step>map(ended -> new Step.Moved(ended.plan())).orElseGet(() -> inProgress(plan));
        } catch (AuditUnavailable | Database.Unavailable lost) {
            unrecorded.set(true);
            LOG.error("the end of a change could not be recorded plan={} state={}", plan.id(), state, lost);
            return refused(
                    "applied_unrecorded",
                    "the change was sent and ended as `" + state.text()
                            + "`, but that could not be recorded: the gateway sends no further change",
                    plan);
        }
    }

    void recover() throws InterruptedException {
        for (var entry : book.inState(PlanState.SENDING)) {
            var plan = entry.plan();
            LOG.warn("a change was being sent when the gateway stopped plan={}", plan.id());
            var change = new Change(
                    Askers.fromJson(entry.asker()),
                    plan.tool(),
                    plan.upstream(),
                    entry.arguments(),
                    plan.definitionDigest(),
                    plan.policyHash(),
                    plan.level(),
                    "recovery");
            settle(entry, change, "the gateway stopped while the change was being sent");
        }
    }

    private static boolean used(Plan plan) {
        return switch (plan.state()) {
            case APPLIED, VERIFIED, MISMATCH, UNKNOWN, REJECTED, AWAITING_KEEP, KEPT, ROLLED_BACK, ROLLBACK_BLOCKED ->
                true;
            case PLANNED, APPROVED, SENDING, ABORTED, STALE, EXPIRED, DISCARDED -> false;
        };
    }

    static Step notOpen(Plan plan) {
        return switch (plan.state()) {
            case EXPIRED -> refused("plan_expired", "the plan has expired: plan again", plan);
            case DISCARDED -> refused("plan_discarded", "the plan was discarded: plan again", plan);
            case STALE -> refused("plan_stale", "the plan is stale: plan again", plan);
            case ABORTED ->
                refused("plan_aborted", "the commit was broken off before it could take effect: plan again", plan);
            case SENDING -> inProgress(plan);
            case PLANNED,
                    APPROVED,
                    APPLIED,
                    VERIFIED,
                    MISMATCH,
                    UNKNOWN,
                    REJECTED,
                    AWAITING_KEEP,
                    KEPT,
                    ROLLED_BACK,
                    ROLLBACK_BLOCKED -> refused("plan_used", "the plan was committed before", plan);
        };
    }

    static Step unknownPlan() {
        return new Step.Refused("plan_not_found", "you have no plan of that id", Optional.empty());
    }

    private static Step inProgress(Plan plan) {
        return refused("plan_in_progress", "the plan is being acted on right now", plan);
    }

    private static Step refused(String code, String reason, Plan plan) {
        return new Step.Refused(code, reason, Optional.of(plan));
    }
}

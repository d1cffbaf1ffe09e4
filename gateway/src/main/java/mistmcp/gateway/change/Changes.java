package mistmcp.gateway.change;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import mistmcp.gateway.audit.AuditLog;
import mistmcp.gateway.audit.AuditUnavailable;
import mistmcp.gateway.identity.Principal;
import mistmcp.gateway.store.PlanRows;
import mistmcp.json.InvalidJson;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.json.RawJson;

/// Changes from preview to end: plans them, takes approvals, and hands what was approved to the [Committer].
/// It decides nothing about who may: `gateway.call` does, before it comes here. Safe for several threads.
public final class Changes {
    /// How long a plan can be approved and committed, from planning.
    public static final Duration LIFE = Duration.ofMinutes(10);

    private static final int LIST_LIMIT = 200;

    private final PlanBook book;
    private final Sender sender;
    private final Committer committer;
    private final PlanAudit audit;
    private final InstantSource clock;
    private final String pageUrl;

    /// Plans in a database.
    ///
    /// @param pageUrl the address of the plans' pages, without the id
    public Changes(PlanRows rows, Sender sender, AuditLog log, InstantSource clock, String pageUrl) {
        this.book = new PlanBook(rows, clock);
        this.sender = sender;
        this.audit = new PlanAudit(log);
        this.clock = clock;
        this.pageUrl = pageUrl;
        this.committer = new Committer(book, sender, audit);
    }

    /// Previews a change and keeps it as a plan. Nothing is written.
    public Planning plan(Change change) throws InterruptedException {
        String argumentsDigest;
        try {
            argumentsDigest = change.argumentsDigest();
        } catch (InvalidJson inexact) {
            return new Planning.Failed("arguments_not_exact", String.valueOf(inexact.getMessage()));
        }
        return switch (sender.preview(change)) {
            case Sender.Previewed.Declined declined -> new Planning.Declined(declined.reply());
            case Sender.Previewed.Failed failed -> new Planning.Failed(failed.code(), failed.message());
            case Sender.Previewed.Effect(JsonObject preview)
            when Preview.alreadySo(preview) -> new Planning.AlreadySo(preview);
            case Sender.Previewed.Shown shown ->
                Preview.fault(shown.preview())
                        .<Planning>map(fault -> new Planning.Failed("preview_unusable", fault))
                        .orElseGet(() -> keep(change, argumentsDigest, shown.preview()));
        };
    }

    private Planning keep(Change change, String argumentsDigest, JsonObject preview) {
        var id = PlanBook.newId();
        var now = clock.instant();
        var plan = new Plan(
                id,
                PlanState.PLANNED,
                change.tool(),
                change.upstream(),
                change.argumentsTree(),
                argumentsDigest,
                change.principal().key(),
                preview,
                change.definitionDigest(),
                change.policyHash(),
                change.level(),
                now,
                now.plus(LIFE),
                Optional.empty(),
                JsonArray.of(JsonObject.of(
                        "at",
                        now,
                        "state",
                        PlanState.PLANNED.text(),
                        "by",
                        change.principal().key())),
                Optional.empty(),
                pageUrl + id);
        if (!book.add(plan, change.arguments(), Askers.toJson(change.principal()))) {
            return new Planning.Failed(
                    "too_many_plans",
                    "you have " + PlanBook.MAX_OPEN + " open plans: commit or discard some, or wait until they expire");
        }
        audit.planned(plan, change);
        return new Planning.Planned(plan);
    }

    /// A plan, when this principal may see it: its own, or one that waits for a second person.
    public Optional<Plan> find(Principal principal, String id) {
        return book.find(id).map(PlanBook.Entry::plan).filter(plan -> Askers.maySee(principal, plan));
    }

    /// The arguments of a plan, to the byte as they were asked.
    public Optional<RawJson> arguments(Principal principal, String id) {
        return book.find(id)
                .filter(entry -> Askers.maySee(principal, entry.plan()))
                .map(PlanBook.Entry::arguments);
    }

    /// The plans that a principal may see, newest first.
    public List<Plan> list(Principal principal) {
        var own = book.ofPrincipal(principal.key(), LIST_LIMIT);
        var others = book.newest(LIST_LIMIT).stream()
                .filter(plan -> !plan.principal().equals(principal.key()) && Askers.maySee(principal, plan));
        return java.util.stream.Stream.concat(own.stream(), others)
                .sorted(java.util.Comparator.comparing(Plan::createdAt).reversed())
                .limit(LIST_LIMIT)
                .toList();
    }

    /// Takes a human's yes to one plan. The phrase must be the plan's, to the letter.
    public Step approve(Approver approver, String id, String phrase) {
        var found = book.find(id).filter(entry -> Askers.maySee(approver.principal(), entry.plan()));
        if (found.isEmpty()) {
            return Committer.unknownPlan();
        }
        var plan = found.get().plan();
        if (plan.state() != PlanState.PLANNED && plan.state() != PlanState.APPROVED) {
            return Committer.notOpen(plan);
        }
        if (!approver.principal().role().writes() || !Askers.covers(approver.principal(), plan)) {
            return refused("approver_not_allowed", "your role or your sites do not cover this change", plan);
        }
        if (!phrase.equals(plan.phrase())) {
            return refused("phrase_mismatch", "the phrase typed is not the plan's", plan);
        }
        var now = clock.instant();
        var reached = approver.levelFor(plan, now);
        if (reached.compareTo(plan.level()) < 0) {
            return switch (plan.level()) {
                case TWO_PERSON -> refused("second_person_required", "another person must approve this plan", plan);
                case FRESH_LOGIN ->
                    refused(
                            "fresh_login_required",
                            "sign in again for this plan: at most 5 minutes ago, and after it was made",
                            plan);
                case FIELD, CLIENT, PAGE -> refused("page_required", "this plan is approved on its page only", plan);
            };
        }
        var approval = approver.record(plan, now);
        return moved(
                found.get(),
                () -> book.move(
                        found.get(),
                        PlanState.APPROVED,
                        JsonObject.of("by", approver.principal().key(), "level", reached.text()),
                        Optional.of(approval),
                        Optional.empty(),
                        () -> audit.approved(plan, approver.principal(), reached, approver.channel())));
    }

    /// Gives a plan up; nothing was or will be sent.
    public Step discard(Principal principal, String id) {
        var found = book.find(id).filter(entry -> entry.plan().principal().equals(principal.key()));
        if (found.isEmpty()) {
            return Committer.unknownPlan();
        }
        var plan = found.get().plan();
        if (!plan.state().open()) {
            return Committer.notOpen(plan);
        }
        return moved(
                found.get(),
                () -> book.move(
                        found.get(),
                        PlanState.DISCARDED,
                        JsonObject.of("by", principal.key()),
                        Optional.empty(),
                        Optional.empty(),
                        () -> audit.discarded(plan, principal)));
    }

    /// Commits a plan for the change that the caller asks now, which the policy of today has let through.
    public Step commit(Change change, String id) throws InterruptedException {
        return committer.commit(change, id);
    }

    /// Whether a change was sent whose end could not be recorded: until a restart the gateway sends no
    /// further one.
    public boolean unrecorded() {
        return committer.unrecorded();
    }

    /// After a start: settles what a crash has left in the middle. Nothing is sent again.
    public void recover() throws InterruptedException {
        committer.recover();
    }

    private static Step moved(PlanBook.Entry entry, Supplier<Optional<PlanBook.Entry>> move) {
        Optional<PlanBook.Entry> next;
        try {
            next = move.get();
        } catch (AuditUnavailable unavailable) {
            return refused(unavailable.code(), String.valueOf(unavailable.getMessage()), entry.plan());
        }
        return next.<Step>map(moved -> new Step.Moved(moved.plan()))
                .orElseGet(
                        () -> refused("plan_in_progress", "somebody else acted on this plan just now", entry.plan()));
    }

    private static Step refused(String code, String reason, Plan plan) {
        return new Step.Refused(code, reason, Optional.of(plan));
    }
}

package mistmcp.gateway.change;

import static mistmcp.gateway.change.Bench.ALICE;
import static mistmcp.gateway.change.Bench.BOB;
import static mistmcp.gateway.change.Bench.CAROL;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import mistmcp.gateway.identity.Role;
import mistmcp.gateway.identity.SiteScope;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChangesTest {
    private Bench bench;

    @BeforeEach
    void open(@TempDir Path directory) {
        bench = new Bench(directory);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void planningSendsNothing() throws InterruptedException {
        var plan = bench.plan(ALICE, "iot", Level.PAGE);

        assertThat(plan.state()).isEqualTo(PlanState.PLANNED);
        assertThat(bench.upstream.sends).hasValue(0);
        assertThat(bench.upstream.usage).hasValue("lan");
        assertThat(bench.events()).containsExactly("boot", "plan.created");
    }

    @Test
    void refusesToCommitWhatNobodyApproved() throws InterruptedException {
        var plan = bench.plan(ALICE, "iot", Level.PAGE);

        var step = bench.changes.commit(bench.change(ALICE, "iot", Level.PAGE), plan.id());

        assertRefused(step, "approval_required");
    }

    @Test
    void commitsWhatAHumanApprovedOnceAndRecordsIntentAheadOfIt() throws InterruptedException {
        var plan = bench.plan(ALICE, "iot", Level.PAGE);
        assertThat(bench.approve(ALICE, plan)).isInstanceOf(Step.Moved.class);

        var step = bench.changes.commit(bench.change(ALICE, "iot", Level.PAGE), plan.id());

        assertThat(step)
                .isInstanceOfSatisfying(
                        Step.Moved.class,
                        moved -> assertThat(moved.plan().state()).isEqualTo(PlanState.VERIFIED));
        assertThat(bench.upstream.sends).hasValue(1);
        assertThat(bench.events())
                .containsExactly("boot", "plan.created", "plan.approved", "commit.intent", "commit.outcome");
    }

    @Test
    void answersASecondCommitWithTheStoredEndAndSendsNothing() throws InterruptedException {
        var plan = committed("iot");

        var step = bench.changes.commit(bench.change(ALICE, "iot", Level.PAGE), plan.id());

        assertThat(step).isInstanceOf(Step.Replayed.class);
        assertThat(bench.upstream.sends).hasValue(1);
    }

    @Test
    void aUsedPlanIsNoGoodForOtherArguments() throws InterruptedException {
        var plan = committed("iot");

        var step = bench.changes.commit(bench.change(ALICE, "guest", Level.PAGE), plan.id());

        assertThat(code(step)).isEqualTo("plan_used");
        assertThat(bench.upstream.sends).hasValue(1);
    }

    @Test
    void anApprovalIsNoGoodForOtherArguments() throws InterruptedException {
        var plan = approved("iot");

        assertRefused(bench.changes.commit(bench.change(ALICE, "guest", Level.PAGE), plan.id()), "plan_mismatch");
    }

    @Test
    void anApprovalIsNoGoodForAnotherPrincipal() throws InterruptedException {
        var plan = approved("iot");

        assertRefused(bench.changes.commit(bench.change(BOB, "iot", Level.PAGE), plan.id()), "plan_not_found");
    }

    @Test
    void refusesAPlanWhoseTargetHasMovedAndSaysWhat() throws InterruptedException {
        var plan = approved("iot");
        bench.upstream.usage.set("camera");

        var step = bench.changes.commit(bench.change(ALICE, "iot", Level.PAGE), plan.id());

        assertRefused(step, "stale", "camera");
        assertThat(bench.changes
                        .find(ALICE, plan.id())
                        .orElseThrow()
                        .result()
                        .orElseThrow()
                        .toString())
                .contains("\"from\":\"lan\"", "\"to\":\"camera\"");
    }

    @Test
    void refusesAPlanThatHasExpired() throws InterruptedException {
        var plan = approved("iot");
        bench.pass(Duration.ofMinutes(10));

        assertRefused(bench.changes.commit(bench.change(ALICE, "iot", Level.PAGE), plan.id()), "plan_expired");
        assertThat(bench.changes.find(ALICE, plan.id()).orElseThrow().state()).isEqualTo(PlanState.EXPIRED);
    }

    @Test
    void refusesAPlanThatWasDiscarded() throws InterruptedException {
        var plan = approved("iot");
        assertThat(bench.changes.discard(ALICE, plan.id())).isInstanceOf(Step.Moved.class);

        assertRefused(bench.changes.commit(bench.change(ALICE, "iot", Level.PAGE), plan.id()), "plan_discarded");
    }

    @Test
    void refusesAPlanOfAnOlderToolDefinition() throws InterruptedException {
        var plan = approved("iot");
        var today = bench.change(ALICE, "iot", Level.PAGE);
        var changed = new Change(
                today.principal(),
                today.tool(),
                today.upstream(),
                today.arguments(),
                "sha256:another",
                today.policyHash(),
                today.level(),
                today.callId());

        assertRefused(bench.changes.commit(changed, plan.id()), "stale");
    }

    @Test
    void aStricterPolicyOfTodayAsksForAStrongerApproval() throws InterruptedException {
        var plan = approved("iot");

        assertRefused(
                bench.changes.commit(bench.change(ALICE, "iot", Level.TWO_PERSON), plan.id()), "approval_required");
    }

    @Test
    void takesThePhraseToTheLetter() throws InterruptedException {
        var plan = bench.plan(ALICE, "iot", Level.PAGE);

        assertThat(code(bench.changes.approve(bench.page(ALICE), plan.id(), "sw1 ge-0/0/7 ")))
                .isEqualTo("phrase_mismatch");
        assertRefused(bench.changes.commit(bench.change(ALICE, "iot", Level.PAGE), plan.id()), "approval_required");
    }

    @Test
    void anElicitationDoesNotReachThePage() throws InterruptedException {
        var plan = bench.plan(ALICE, "iot", Level.PAGE);

        assertThat(code(bench.changes.approve(new Approver(ALICE, Optional.empty()), plan.id(), plan.phrase())))
                .isEqualTo("page_required");
        assertRefused(bench.changes.commit(bench.change(ALICE, "iot", Level.PAGE), plan.id()), "approval_required");
    }

    @Test
    void aFreshSignInMustComeAfterThePlan() throws InterruptedException {
        var plan = bench.plan(ALICE, "iot", Level.FRESH_LOGIN);

        assertThat(code(bench.approve(ALICE, plan))).isEqualTo("fresh_login_required");
        bench.pass(Duration.ofMinutes(3));
        assertThat(bench.changes.approve(bench.page(ALICE), plan.id(), plan.phrase()))
                .isInstanceOf(Step.Moved.class);
        assertThat(bench.upstream.sends).hasValue(0);
    }

    @Test
    void aFreshSignInCountsForFiveMinutes() throws InterruptedException {
        var plan = bench.plan(ALICE, "iot", Level.FRESH_LOGIN);
        bench.pass(Duration.ofMinutes(2));
        var signedIn = bench.page(ALICE);
        bench.pass(Duration.ofMinutes(4).plusSeconds(1));

        assertThat(code(bench.changes.approve(signedIn, plan.id(), plan.phrase())))
                .isEqualTo("fresh_login_required");
        assertRefused(
                bench.changes.commit(bench.change(ALICE, "iot", Level.FRESH_LOGIN), plan.id()), "approval_required");
        assertThat(bench.upstream.sends).hasValue(0);
        assertThat(bench.changes.approve(bench.page(ALICE), plan.id(), plan.phrase()))
                .isInstanceOf(Step.Moved.class);
    }

    @Test
    void theSecondPersonIsAnotherOneWhoMayWriteThere() throws InterruptedException {
        var plan = bench.plan(ALICE, "iot", Level.TWO_PERSON);
        var elsewhere = Bench.principal("dave", Role.READ_WRITE, new SiteScope(java.util.List.of("s2")));

        assertThat(code(bench.approve(ALICE, plan))).isEqualTo("second_person_required");
        assertThat(code(bench.approve(CAROL, plan))).isEqualTo("plan_not_found");
        assertThat(code(bench.approve(elsewhere, plan))).isEqualTo("plan_not_found");
        assertThat(bench.upstream.sends).hasValue(0);
        assertThat(bench.approve(BOB, plan)).isInstanceOf(Step.Moved.class);
        assertThat(bench.changes.commit(bench.change(ALICE, "iot", Level.TWO_PERSON), plan.id()))
                .isInstanceOf(Step.Moved.class);
    }

    @Test
    void nobodySeesThePlansOfAnother() throws InterruptedException {
        var plan = bench.plan(ALICE, "iot", Level.PAGE);

        assertThat(bench.changes.find(BOB, plan.id())).isEmpty();
        assertThat(bench.changes.list(BOB)).isEmpty();
        assertThat(code(bench.approve(BOB, plan))).isEqualTo("plan_not_found");
        assertThat(code(bench.changes.discard(BOB, plan.id()))).isEqualTo("plan_not_found");
    }

    @Test
    void ofAHundredCommitsAtOnceOneIsSent() throws Exception {
        var plan = approved("iot");
        var racing = new ArrayList<Callable<Step>>();
        for (int i = 0; i < 100; i++) {
            racing.add(() -> bench.changes.commit(bench.change(ALICE, "iot", Level.PAGE), plan.id()));
        }

        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            var steps = new ArrayList<Step>();
            for (Future<Step> done : pool.invokeAll(racing)) {
                steps.add(done.get());
            }
            assertThat(steps).filteredOn(Step.Moved.class::isInstance).hasSize(1);
            assertThat(steps).filteredOn(Step.Replayed.class::isInstance).hasSize(99);
        }
        assertThat(bench.upstream.sends).hasValue(1);
    }

    @Test
    void withoutADurableIntentNothingIsSent() throws InterruptedException {
        var plan = approved("iot");
        bench.audit.close();

        var step = bench.changes.commit(bench.change(ALICE, "iot", Level.PAGE), plan.id());

        assertRefused(step, "audit_closed");
        assertThat(bench.changes.find(ALICE, plan.id()).orElseThrow().state()).isEqualTo(PlanState.APPROVED);
    }

    @Test
    void anEndThatCannotBeRecordedStopsAllFurtherChanges() throws InterruptedException {
        var plan = approved("iot");
        var other = bench.plan(ALICE, "guest", Level.FIELD);
        bench.upstream.whileSending = bench.audit::close;

        assertThat(code(bench.changes.commit(bench.change(ALICE, "iot", Level.PAGE), plan.id())))
                .isEqualTo("applied_unrecorded");
        assertThat(bench.changes.unrecorded()).isTrue();
        assertThat(code(bench.changes.commit(bench.change(ALICE, "guest", Level.FIELD), other.id())))
                .isEqualTo("read_only");
        assertThat(bench.upstream.sends).hasValue(1);
    }

    @Test
    void aLostAnswerIsSettledByLookingNeverBySendingAgain() throws InterruptedException {
        var plan = approved("iot");
        bench.upstream.scripted.add(new Sender.Sent.Failed("upstream_timeout", "no answer came in time", true));

        var step = bench.changes.commit(bench.change(ALICE, "iot", Level.PAGE), plan.id());

        assertThat(((Step.Moved) step).plan().state()).isEqualTo(PlanState.VERIFIED);
        assertThat(bench.upstream.sends).hasValue(1);
    }

    @Test
    void aLostAnswerOfAWriteThatDidNotHappenEndsAsRejected() throws InterruptedException {
        var plan = approved("iot");
        bench.upstream.applies = false;
        bench.upstream.scripted.add(new Sender.Sent.Failed("upstream_timeout", "no answer came in time", true));

        var step = bench.changes.commit(bench.change(ALICE, "iot", Level.PAGE), plan.id());

        assertThat(((Step.Moved) step).plan().state()).isEqualTo(PlanState.REJECTED);
        assertThat(bench.upstream.sends).hasValue(1);
    }

    @Test
    void aLostAnswerStaysUnknownWhereNothingCanBeLookedUp() throws InterruptedException {
        bench.upstream.shows = false;
        var plan = approved("iot");
        bench.upstream.scripted.add(new Sender.Sent.Failed("upstream_timeout", "no answer came in time", true));

        var step = bench.changes.commit(bench.change(ALICE, "iot", Level.PAGE), plan.id());
        var again = bench.changes.commit(bench.change(ALICE, "iot", Level.PAGE), plan.id());

        assertThat(((Step.Moved) step).plan().state()).isEqualTo(PlanState.UNKNOWN);
        assertThat(again).isInstanceOf(Step.Replayed.class);
        assertThat(bench.upstream.sends).hasValue(1);
    }

    @Test
    void aWriteThatNeverLeftIsAborted() throws InterruptedException {
        var plan = approved("iot");
        bench.upstream.applies = false;
        bench.upstream.scripted.add(new Sender.Sent.Failed("upstream_unreachable", "no connection", false));

        var step = bench.changes.commit(bench.change(ALICE, "iot", Level.PAGE), plan.id());

        assertThat(((Step.Moved) step).plan().state()).isEqualTo(PlanState.ABORTED);
    }

    @Test
    void plansNothingWhenTheNetworkIsAlreadyAsAsked() throws InterruptedException {
        assertThat(bench.changes.plan(bench.change(ALICE, "lan", Level.PAGE))).isInstanceOf(Planning.AlreadySo.class);
        assertThat(bench.changes.list(ALICE)).isEmpty();
    }

    @Test
    void keepsTwentyOpenPlansForOnePrincipalAndNoMore() throws InterruptedException {
        for (int i = 0; i < 20; i++) {
            bench.plan(ALICE, "iot" + i, Level.PAGE);
        }

        assertThat(bench.changes.plan(bench.change(ALICE, "one-more", Level.PAGE)))
                .isInstanceOfSatisfying(
                        Planning.Failed.class,
                        failed -> assertThat(failed.code()).isEqualTo("too_many_plans"));
        assertThat(bench.plan(BOB, "iot", Level.PAGE).state()).isEqualTo(PlanState.PLANNED);
    }

    @Test
    void levelFieldTakesThePrincipalsOwnConfirmation() throws InterruptedException {
        var plan = bench.plan(ALICE, "iot", Level.FIELD);

        var step = bench.changes.commit(bench.change(ALICE, "iot", Level.FIELD), plan.id());

        assertThat(step).isInstanceOf(Step.Moved.class);
        assertThat(bench.upstream.sends).hasValue(1);
    }

    private Plan approved(String usage) throws InterruptedException {
        var plan = bench.plan(ALICE, usage, Level.PAGE);
        bench.approve(ALICE, plan);
        return plan;
    }

    private Plan committed(String usage) throws InterruptedException {
        var plan = approved(usage);
        bench.changes.commit(bench.change(ALICE, usage, Level.PAGE), plan.id());
        return plan;
    }

    private void assertRefused(Step step, String code) {
        assertRefused(step, code, "lan");
    }

    private void assertRefused(Step step, String code, String usage) {
        assertThat(code(step)).isEqualTo(code);
        assertThat(bench.upstream.sends).hasValue(0);
        assertThat(bench.upstream.usage).hasValue(usage);
    }

    private static String code(Step step) {
        return step instanceof Step.Refused refused
                ? refused.code()
                : step.getClass().getSimpleName();
    }
}

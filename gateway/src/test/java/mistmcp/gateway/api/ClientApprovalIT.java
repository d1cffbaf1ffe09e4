package mistmcp.gateway.api;

import static mistmcp.gateway.api.WireCaller.structured;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import mistmcp.gateway.change.PlanState;
import mistmcp.gateway.upstream.UpstreamSettings;
import mistmcp.json.Json;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a client can approve, in both eras; that nothing else was sent is looked up at the upstream.
final class ClientApprovalIT {
    private static final JsonObject WIPE = JsonObject.of("text", "all");
    private static final JsonObject COMMIT = WIPE.with("commit", true);
    private static final JsonObject RIGHT = JsonObject.of("phrase", "wipe");

    @TempDir
    private Path directory;

    private final FakeUpstream upstream = new FakeUpstream().with(FakeUpstream.definition("wipe"));

    private RunningGate gate;

    @BeforeEach
    void open() throws InterruptedException {
        start("client");
    }

    private void start(String level) throws InterruptedException {
        gate = new RunningGate(directory, level, RunningGate.stranger(upstream, UpstreamSettings.Era.MODERN));
    }

    @AfterEach
    void close() {
        gate.close();
        upstream.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void thePhraseTypedAtTheClientApprovesAndSendsOnce(boolean modern) {
        var caller = caller("alice", modern).declaring("elicitation").accepting(_ -> RIGHT);

        var plan = structured(caller.tool("wipe", COMMIT));

        assertThat(plan.string("state")).contains("verified");
        assertThat(upstream.calls()).containsExactly("wipe {\"text\":\"all\"}");
        assertThat(caller.asked).hasSize(1);
        var question = caller.asked.getFirst();
        assertThat(question.string("method")).contains("elicitation/create");
        var message = question.object("params").orElseThrow().string("message").orElseThrow();
        assertThat(message).contains(id(plan), "/text", "all", "Type `wipe`", "no preview");
        var approved = gate.records("plan.approved");
        assertThat(approved).hasSize(1);
        assertThat(approved.getFirst().object("approval"))
                .contains(JsonObject.of("level", "client", "channel", "client"));
        assertThat(approved.getFirst().string("planId")).contains(id(plan));
        assertThat(gate.records("commit.intent")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPlanMadeBeforeIsApprovedTheSameWay(boolean modern) {
        var caller = caller("alice", modern).declaring("elicitation").accepting(_ -> RIGHT);
        var plan = structured(caller.tool("wipe", WIPE));
        assertThat(caller.asked).isEmpty();
        assertThat(upstream.calls()).isEmpty();

        var committed = structured(caller.tool("wipe", COMMIT.with("confirmation", id(plan))));

        assertThat(id(committed)).isEqualTo(id(plan));
        assertThat(committed.string("state")).contains("verified");
        assertThat(upstream.calls()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "true, '{\"action\":\"accept\",\"content\":{\"phrase\":\"Wipe\"}}'",
        "false, '{\"action\":\"accept\",\"content\":{\"phrase\":\"wipe \"}}'",
        "true, '{\"action\":\"accept\",\"content\":{\"confirm\":true}}'",
        "false, '{\"action\":\"accept\",\"content\":{\"phrase\":true}}'",
        "true, '{\"action\":\"accept\"}'",
        "true, '{\"action\":\"accept\",\"content\":[\"wipe\"]}'",
        "false, '{\"action\":\"decline\",\"content\":{\"phrase\":\"wipe\"}}'",
        "true, '{\"action\":\"decline\"}'",
        "false, '{\"action\":\"cancel\"}'",
        "true, '{\"phrase\":\"wipe\"}'"
    })
    void anyOtherAnswerLeavesThePlanAndSendsNothing(boolean modern, String answer) {
        var caller =
                caller("alice", modern).declaring("elicitation").answering(_ -> Optional.of(Json.parseObject(answer)));

        var told = structured(caller.tool("wipe", COMMIT));

        assertThat(caller.asked).hasSize(1);
        assertThat(told.string("state")).contains("planned");
        assertThat(told.string("code")).contains("approval_required");
        assertThat(told.string("url")).contains("http://localhost/ui/plans/" + id(told));
        assertThat(upstream.calls()).isEmpty();
        assertThat(gate.records("plan.approved")).isEmpty();
        assertThat(state(told)).isEqualTo(PlanState.PLANNED);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aClientThatCannotBeAskedGetsThePlanAndAsksItsStatus(boolean modern) {
        var caller = caller("alice", modern).declaring().accepting(_ -> RIGHT);

        var plan = structured(caller.tool("wipe", COMMIT));

        assertThat(caller.asked).isEmpty();
        assertThat(plan.string("state")).contains("planned");
        assertThat(plan.string("url")).isPresent();
        assertThat(structured(caller.tool("plan_status", JsonObject.of("plan", id(plan))))
                        .string("state"))
                .contains("planned");
        assertThat(upstream.calls()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "field, true", "field, false",
        "page, true", "page, false",
        "fresh-login, true", "fresh-login, false",
        "two-person, true", "two-person, false"
    })
    void anEagerClientIsNotAskedAtAnotherLevelAndChangesNothing(String level, boolean modern)
            throws InterruptedException {
        gate.close();
        start(level);
        var caller = caller("alice", modern).declaring("elicitation").accepting(_ -> RIGHT);

        var plan = structured(caller.tool("wipe", COMMIT));
        if (!level.equals("field")) {
            var again = structured(caller.tool("wipe", COMMIT.with("confirmation", id(plan))));
            assertThat(again.string("code")).contains("approval_required");
        }

        assertThat(plan.string("level")).contains(level);
        assertThat(caller.asked).isEmpty();
        assertThat(upstream.calls()).isEmpty();
        assertThat(gate.records("plan.approved")).isEmpty();
        assertThat(state(plan)).isEqualTo(PlanState.PLANNED);
    }

    @Test
    void atLevelFieldTheOwnConfirmationSuffices() throws InterruptedException {
        gate.close();
        start("field");
        var caller = caller("alice", true);
        var plan = structured(caller.tool("wipe", WIPE));
        assertThat(upstream.calls()).isEmpty();

        var done = structured(caller.tool("wipe", COMMIT.with("confirmation", id(plan))));

        assertThat(done.string("state")).contains("verified");
        assertThat(upstream.calls()).hasSize(1);
    }

    /// The level at which a plan was made is not lowered by today's policy, nor is today's by the plan.
    @Test
    void aPlanMadeAtLevelPageIsNotAskedAboutWhenThePolicyIsLowered() throws InterruptedException {
        gate.close();
        start("page");
        var plan = structured(caller("alice", true).tool("wipe", WIPE));
        gate.close();
        start("client");
        var caller = caller("alice", true).declaring("elicitation").accepting(_ -> RIGHT);

        var told = structured(caller.tool("wipe", COMMIT.with("confirmation", id(plan))));

        assertThat(told.string("code")).contains("approval_required");
        assertThat(caller.asked).isEmpty();
        assertThat(upstream.calls()).isEmpty();
    }

    @Test
    void nobodyIsAskedWhileWritesAreOff() {
        gate.writes.turn(false);
        var caller = caller("alice", true).declaring("elicitation").accepting(_ -> RIGHT);

        var plan = structured(caller.tool("wipe", COMMIT));

        assertThat(plan.string("state")).contains("planned");
        assertThat(caller.asked).isEmpty();
        assertThat(upstream.calls()).isEmpty();
    }

    @Test
    void anAnswerThatNobodyAskedForApprovesNothing() {
        var caller = caller("alice", true).declaring("elicitation");
        var accept = JsonObject.of("action", "accept", "content", RIGHT);

        var asked = caller.once(
                "tools/call",
                JsonObject.of(
                        "name",
                        "wipe",
                        "arguments",
                        COMMIT,
                        "inputResponses",
                        JsonObject.of("input", accept, "phrase", accept)));

        assertThat(asked.object("result").orElseThrow().string("resultType")).contains("input_required");
        assertThat(upstream.calls()).isEmpty();
        assertThat(gate.records("plan.approved")).isEmpty();
    }

    @Test
    void aStateIsTakenOnceAndOnlyFromWhomItWasGivenAndForItsRequest() {
        var alice = caller("alice", true).declaring("elicitation");
        var bob = caller("bob", true).declaring("elicitation");
        var asked = alice.once("tools/call", JsonObject.of("name", "wipe", "arguments", COMMIT))
                .object("result")
                .orElseThrow();
        var answer = JsonObject.of(
                "requestState",
                asked.string("requestState").orElseThrow(),
                "inputResponses",
                JsonObject.of(
                        asked.object("inputRequests")
                                .orElseThrow()
                                .names()
                                .iterator()
                                .next(),
                        JsonObject.of("action", "accept", "content", RIGHT)));
        var own = JsonObject.of("name", "wipe", "arguments", COMMIT).withAll(answer);

        var foreign = bob.once("tools/call", own);
        var otherArguments = alice.once("tools/call", own.with("arguments", COMMIT.with("text", "more")));
        assertThat(List.of(foreign, otherArguments))
                .allSatisfy(refused -> assertThat(Json.text(refused)).contains("-32602"));
        assertThat(upstream.calls()).isEmpty();
        assertThat(gate.records("plan.approved")).isEmpty();

        assertThat(structured(alice.once("tools/call", own)).string("state")).contains("verified");
        var replayed = alice.once("tools/call", own);

        assertThat(Json.text(replayed)).contains("-32602");
        assertThat(upstream.calls()).hasSize(1);
        assertThat(gate.records("plan.approved")).hasSize(1);
    }

    @Test
    void onALegacyStreamAForeignAnswerChangesNothingAndTheOwnCountsOnce() throws Exception {
        var alice = caller("alice", false).declaring("elicitation");
        var bob = caller("bob", false).declaring("elicitation");
        var accept = JsonObject.of("action", "accept", "content", RIGHT);
        var ended = CompletableFuture.supplyAsync(() -> structured(alice.tool("wipe", COMMIT)));
        RunningGate.eventually(() -> !alice.asked.isEmpty());
        var id = ((JsonString) alice.asked.getFirst().get("id").orElseThrow()).value();

        assertThat(bob.answerById(id, accept)).isEqualTo(202);
        assertThat(bob.answerById("made-up", accept)).isEqualTo(202);
        assertThat(upstream.calls()).isEmpty();
        assertThat(ended).isNotDone();
        assertThat(gate.records("plan.approved")).isEmpty();

        alice.answerById(id, accept);
        assertThat(ended.get(30, TimeUnit.SECONDS).string("state")).contains("verified");
        alice.answerById(id, accept);
        assertThat(upstream.calls()).hasSize(1);
        assertThat(gate.records("plan.approved")).hasSize(1);
    }

    /// The chat and the pages never ask an MCP client: their calls carry no line back to one.
    @Test
    void aConfirmationFromElsewhereIsNotAskedAbout() throws InterruptedException {
        var plan = structured(caller("alice", true).tool("wipe", WIPE));

        var outcome = gate.planCalls.confirm(
                RunningGate.principal("alice"),
                id(plan),
                new mistmcp.gateway.call.Invocation.Via("chat", "r", "", Optional.empty()));

        assertThat(outcome).isInstanceOf(mistmcp.gateway.call.Outcome.Unapproved.class);
        assertThat(upstream.calls()).isEmpty();
    }

    private PlanState state(JsonObject plan) {
        return gate.changes
                .find(RunningGate.principal("alice"), id(plan))
                .orElseThrow()
                .state();
    }

    private WireCaller caller(String name, boolean modern) {
        return modern ? gate.modern(name) : gate.legacy(name);
    }

    private static String id(JsonObject plan) {
        return plan.string("id").orElseThrow();
    }
}

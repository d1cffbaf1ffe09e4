package mistmcp.gateway.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mistmcp.gateway.call.Invocation;
import mistmcp.gateway.call.Outcome;
import mistmcp.gateway.call.ToolView;
import mistmcp.gateway.change.Level;
import mistmcp.gateway.change.Plan;
import mistmcp.gateway.change.PlanState;
import mistmcp.gateway.identity.Principal;
import mistmcp.gateway.identity.Role;
import mistmcp.gateway.identity.SiteScope;
import mistmcp.gateway.model.Ask;
import mistmcp.gateway.model.Desk;
import mistmcp.gateway.model.Model;
import mistmcp.gateway.model.Reply;
import mistmcp.gateway.policy.Denial;
import mistmcp.gateway.store.Database;
import mistmcp.gateway.store.DatabaseSettings;
import mistmcp.gateway.store.Threads;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.McpReply;
import mistmcp.mcp.ToolDefinition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path directory;

    private final Gate gate = new Gate();
    private final List<ChatEvent> events = new ArrayList<>();
    private Database database;

    @BeforeEach
    void open() {
        database = Database.open(DatabaseSettings.file(directory.resolve("gateway.db")));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void answersInTheShapeOfThePublicInterface() throws InterruptedException {
        var body = say(caller("kim"), "go", Optional.empty());

        assertThat(body.names()).containsExactly("thread", "text", "toolCalls", "plans", "model", "suggestions");
        var call = body.array("toolCalls").orElseThrow().objects().getFirst();
        assertThat(call.names()).containsExactly("tool", "arguments", "mode", "outcome", "durationMs", "auditIndex");
        assertThat(call.string("mode")).contains("read");
        assertThat(call.string("outcome")).contains("done");
    }

    @Test
    void cutsWhatWouldApproveFromAModelsCall() throws InterruptedException {
        gate.answer = new Outcome.Planned(plan(PlanState.PLANNED), 4);

        var body = say(caller("kim"), "go", Optional.empty());

        assertThat(gate.called).containsExactly("write_it {\"a\":1}");
        assertThat(body.array("toolCalls").orElseThrow().objects().getFirst().string("outcome"))
                .contains("planned");
        assertThat(body.array("plans").orElseThrow().objects().getFirst().string("id"))
                .contains("pl_1");
    }

    @Test
    void hidesWhatWouldApproveFromTheModel() throws InterruptedException {
        say(caller("kim"), "go", Optional.empty());

        assertThat(gate.shown
                        .orElseThrow()
                        .inputSchema()
                        .object("properties")
                        .orElseThrow()
                        .names())
                .containsExactly("a");
    }

    @Test
    void tellsADenialWithItsRule() throws InterruptedException {
        gate.answer = new Outcome.Denied(new Denial("role", "rule-7", "no", "ask"), 5);

        var call = say(caller("kim"), "go", Optional.empty())
                .array("toolCalls")
                .orElseThrow()
                .objects()
                .getFirst();

        assertThat(call.string("outcome")).contains("denied");
        assertThat(call.object("denial").orElseThrow().string("rule")).contains("rule-7");
    }

    @Test
    void confirmsWithoutAModel() throws InterruptedException {
        gate.plan = Optional.of(plan(PlanState.VERIFIED));

        var body = given(chat().answer(
                        caller("kim"),
                        new ChatRequest("", Optional.empty(), true, Optional.of("pl_1")),
                        "r",
                        "",
                        Exchange.SILENT,
                        events::add));

        assertThat(gate.confirmed).containsExactly("pl_1");
        assertThat(gate.asked).isZero();
        assertThat(body.string("text").orElseThrow()).contains("applied");
        assertThat(body.array("toolCalls").orElseThrow().objects().getFirst().string("mode"))
                .contains("commit");
    }

    @Test
    void showsThePlanWhenItsApprovalIsMissing() throws InterruptedException {
        gate.plan = Optional.of(plan(PlanState.PLANNED));
        gate.confirmation = new Outcome.Unapproved(plan(PlanState.PLANNED), "it still waits", 9);

        var body = given(chat().answer(
                        caller("kim"),
                        new ChatRequest("", Optional.empty(), true, Optional.of("pl_1")),
                        "r",
                        "",
                        Exchange.SILENT,
                        events::add));

        assertThat(body.array("toolCalls")
                        .orElseThrow()
                        .objects()
                        .getFirst()
                        .object("denial")
                        .orElseThrow()
                        .string("code"))
                .contains("approval_required");
        assertThat(body.array("plans").orElseThrow().objects()).hasSize(1);
        assertThat(gate.called).isEmpty();
    }

    @Test
    void plansOnlyWhenCommitStandsAlone() throws InterruptedException {
        given(chat().answer(
                        caller("kim"),
                        new ChatRequest("go", Optional.empty(), true, Optional.empty()),
                        "r",
                        "",
                        Exchange.SILENT,
                        events::add));

        assertThat(gate.confirmed).isEmpty();
        assertThat(gate.called).containsExactly("write_it {\"a\":1}");
    }

    @Test
    void keepsThreadsOverARestart() throws InterruptedException {
        var thread = say(caller("kim"), "go", Optional.empty()).string("thread").orElseThrow();
        database.close();
        open();

        var shown = chat().thread(caller("kim"), thread).orElseThrow();

        assertThat(shown.array("messages").orElseThrow().objects())
                .extracting(entry -> entry.string("role").orElseThrow())
                .containsExactly("user", "assistant");
        assertThat(chat().threads(caller("kim")).objects()).hasSize(1);
    }

    @Test
    void hidesThreadsOfOthers() throws InterruptedException {
        var thread = say(caller("kim"), "go", Optional.empty()).string("thread").orElseThrow();
        int before = gate.called.size();

        var answer = chat().answer(
                        caller("lee"),
                        new ChatRequest("go", Optional.of(thread), false, Optional.empty()),
                        "r",
                        "",
                        Exchange.SILENT,
                        events::add);

        assertThat(answer).isInstanceOf(Chat.Answer.NoThread.class);
        assertThat(gate.called).hasSize(before);
        assertThat(chat().thread(caller("lee"), thread)).isEmpty();
        assertThat(chat().threads(caller("lee"))).isEmpty();
    }

    @Test
    void boundsTheCallsOfOneMessage() throws InterruptedException {
        gate.repeat = 100;

        say(caller("kim"), "go", Optional.empty());

        assertThat(gate.called).hasSize(GateDesk.MAX_CALLS);
    }

    @Test
    void stopsCallingWhenTheReaderHasGone() throws InterruptedException {
        var stop = new Stop();
        stop.stop();

        chat().answer(
                        caller("kim"),
                        new ChatRequest("go", Optional.empty(), false, Optional.empty()),
                        "r",
                        "",
                        stop,
                        events::add);

        assertThat(gate.called).isEmpty();
    }

    @Test
    void tellsEventsInOrder() throws InterruptedException {
        say(caller("kim"), "go", Optional.empty());

        assertThat(events.stream().map(event -> event.getClass().getSimpleName()))
                .containsExactly("Started", "CallStarted", "CallEnded", "Text", "Finished");
    }

    private JsonObject say(Principal principal, String message, Optional<String> thread) throws InterruptedException {
        return given(chat().answer(
                        principal,
                        new ChatRequest(message, thread, false, Optional.empty()),
                        "r",
                        "",
                        Exchange.SILENT,
                        events::add));
    }

    private static JsonObject given(Chat.Answer answer) {
        return ((Chat.Answer.Given) answer).body();
    }

    private Chat chat() {
        return new Chat(
                gate,
                gate,
                gate,
                new Threads(database),
                new ChatSettings("be good"),
                () -> true,
                InstantSource.system());
    }

    private static Principal caller(String subject) {
        return new Principal(
                "issuer",
                subject,
                Optional.empty(),
                Role.READ_WRITE,
                new Principal.RoleSource("roles", "ReadWrite"),
                SiteScope.ALL,
                Optional.empty(),
                Map.of(),
                NOW);
    }

    private static Plan plan(PlanState state) {
        return new Plan(
                "pl_1",
                state,
                "write_it",
                "up",
                JsonObject.of("a", 1),
                "d",
                "issuer|kim",
                JsonObject.EMPTY,
                "d",
                "p",
                Level.PAGE,
                NOW,
                NOW,
                Optional.empty(),
                JsonArray.EMPTY,
                Optional.empty(),
                "http://localhost/plans/pl_1");
    }

    /// The gate and the model of these tests: the model calls one tool, with a confirmation it made up.
    private static final class Gate implements Calls, Model {
        private final List<String> called = new ArrayList<>();
        private final List<String> confirmed = new ArrayList<>();
        private Optional<mistmcp.gateway.model.ModelTool> shown = Optional.empty();
        private Optional<Plan> plan = Optional.empty();
        private Outcome answer =
                new Outcome.Done(McpReply.Result.of(JsonObject.of("structuredContent", JsonObject.of("ok", true))), 3);
        private Outcome confirmation = answer;
        private int asked;
        private int repeat = 1;

        @Override
        public List<ToolView> tools(Principal principal) {
            var properties = JsonObject.of(
                    "a", JsonObject.of("type", "integer"),
                    "commit", JsonObject.of("type", "boolean"),
                    "confirmation", JsonObject.of("type", "string"));
            var definition = ToolDefinition.of(
                    "write_it",
                    "Write it",
                    "Writes it.",
                    JsonObject.of("type", "object", "properties", properties),
                    Optional.empty(),
                    JsonObject.EMPTY);
            return List.of(new ToolView(
                    "write_it", "up", definition, !(answer instanceof Outcome.Done), "rule", Optional.empty()));
        }

        @Override
        public Outcome call(Principal principal, Invocation invocation, Exchange exchange) {
            called.add(invocation.name() + " " + invocation.arguments().orElseThrow());
            return answer;
        }

        @Override
        public Outcome confirm(Principal principal, String planId, Invocation.Via via) {
            confirmed.add(planId);
            return confirmation;
        }

        @Override
        public Optional<Plan> plan(Principal principal, String planId) {
            return plan;
        }

        @Override
        public String id() {
            return "test/1";
        }

        @Override
        public String label() {
            return "a test";
        }

        @Override
        public Reply answer(Ask ask, Desk desk) throws InterruptedException {
            asked++;
            shown = Optional.of(ask.tools().getFirst());
            for (int i = 0; i < repeat; i++) {
                desk.call("write_it", JsonObject.of("a", 1, "commit", true, "confirmation", "pl_1"));
            }
            desk.text("done");
            return new Reply.Answered("done", List.of(), JsonObject.EMPTY);
        }
    }
}

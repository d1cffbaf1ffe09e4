package mistmcp.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import mistmcp.gateway.upstream.UpstreamSettings;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.json.RawJson;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.McpReply;
import mistmcp.mcp.McpRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What an upstream may ask a person at the chat; what came to it of the answers is looked up there.
final class ChatQuestionsIT {
    private static final String CANARY = "canary-7f3a";
    private static final JsonObject NAME = JsonObject.of("type", "string", "title", "Name", "minLength", 3);
    private static final JsonObject FORM = JsonObject.of(
            "message",
            "Who are you?",
            "requestedSchema",
            JsonObject.of(
                    "type", "object", "properties", JsonObject.of("name", NAME), "required", JsonArray.of("name")));
    private static final JsonObject VISIT = JsonObject.of(
            "mode", "url", "elicitationId", "e1", "message", "Sign in there", "url", "https://login.example.com/a?b=c");

    @TempDir
    private Path directory;

    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final AtomicBoolean left = new AtomicBoolean();
    private final FakeUpstream upstream = new FakeUpstream().with(FakeUpstream.definition("get_it"), this::ask);

    private volatile JsonObject asks = FORM;
    private Optional<RunningGate> gate = Optional.empty();

    @AfterEach
    void close() {
        gate.ifPresent(RunningGate::close);
        upstream.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = UpstreamSettings.Era.class,
            names = {"MODERN", "LEGACY"})
    void anAnswerGoesToTheServerThatAskedAndNowhereElse(UpstreamSettings.Era era) throws Exception {
        var running = start(era, "elicitation");
        try (var chat = say(running, "alice")) {
            var question = chat.question(1);
            assertThat(question.string("server")).contains("net");
            assertThat(question.string("mode")).contains("form");
            assertThat(question.string("message")).contains("Who are you?");
            assertThat(question.object("schema").orElseThrow().object("properties"))
                    .contains(JsonObject.of("name", NAME));
            assertThat(question.integer("patienceMs").orElseThrow()).isBetween(200_000L, 300_000L);
            assertThat(heard).isEmpty();

            var taken = answer(running, "alice", question, accept(CANARY));

            assertThat(taken.status()).isEqualTo(200);
            var whole = chat.answer();
            assertThat(heard).containsExactly("{\"action\":\"accept\",\"content\":{\"name\":\"" + CANARY + "\"}}");
            assertThat(chat.custom("question.ended").getFirst().string("action"))
                    .contains("accept");
            var call = whole.array("toolCalls").orElseThrow().objects().getFirst();
            assertThat(call.string("outcome")).contains("done");
            assertThat(call.array("asked").orElseThrow().objects())
                    .containsExactly(JsonObject.of("server", "net", "mode", "form", "action", "accept"));
            assertThat(chat.events().toString()).doesNotContain(CANARY);
            var thread = whole.string("thread").orElseThrow();
            assertThat(running.http("GET", "/threads/" + thread, Map.of("X-Caller", "alice"), JsonObject.EMPTY)
                            .body()
                            .toString())
                    .contains("\"asked\"")
                    .doesNotContain(CANARY);
        }
        assertThat(asked(running))
                .containsExactly(
                        "net get_it {\"method\":\"elicitation/create\",\"mode\":\"form\",\"action\":\"accept\"}");
        running.close();
        gate = Optional.empty();
        assertThat(kept()).doesNotContain(CANARY);
    }

    @ParameterizedTest
    @CsvSource({"MODERN, decline", "MODERN, cancel", "LEGACY, decline", "LEGACY, cancel"})
    void whoDeclinesOrCancelsSendsThatAlone(UpstreamSettings.Era era, String action) throws Exception {
        var running = start(era, "elicitation");
        try (var chat = say(running, "alice")) {
            var answer = accept(CANARY).with("action", action);

            assertThat(answer(running, "alice", chat.question(1), answer).status())
                    .isEqualTo(200);

            chat.answer();
            assertThat(heard).containsExactly("{\"action\":\"" + action + "\"}");
            assertThat(asked(running).getFirst()).contains("\"action\":\"" + action + "\"");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = UpstreamSettings.Era.class,
            names = {"MODERN", "LEGACY"})
    void anAnswerThatDoesNotFitIsRefusedAndTheQuestionWaits(UpstreamSettings.Era era) throws Exception {
        var running = start(era, "elicitation");
        try (var chat = say(running, "alice")) {
            var question = chat.question(1);
            for (var content : List.of(
                    JsonObject.EMPTY,
                    JsonObject.of("name", "al"),
                    JsonObject.of("name", 7),
                    JsonObject.of("name", "alice", "more", "x"))) {
                var refused = answer(running, "alice", question, JsonObject.of("action", "accept", "content", content));
                assertThat(refused.status()).isEqualTo(400);
                assertThat(refused.body().string("code")).contains("answer_not_valid");
                assertThat(refused.body().array("faults").orElseThrow().objects())
                        .isNotEmpty();
            }
            assertThat(answer(running, "alice", question, JsonObject.of("action", "accept"))
                            .status())
                    .isEqualTo(400);
            assertThat(heard).isEmpty();

            assertThat(answer(running, "alice", question, accept("alice")).status())
                    .isEqualTo(200);

            chat.answer();
            assertThat(heard).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"action\":\"approve\"}",
                "{\"action\":7}",
                "{}",
                "{\"action\":\"accept\",\"content\":[1]}",
                "{\"action\":\"accept\",\"confirmation\":\"pl_1\"}"
            })
    void aBodyThatIsNoAnswerIsRefusedAndTheQuestionWaits(String body) throws Exception {
        var running = start(UpstreamSettings.Era.MODERN, "elicitation");
        try (var chat = say(running, "alice")) {
            var question = chat.question(1);

            var refused = answer(running, "alice", question, Json.parseObject(body));

            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.body().string("code")).contains("invalid_request");
            assertThat(heard).isEmpty();
            answer(running, "alice", question, JsonObject.of("action", "cancel"));
            chat.answer();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = UpstreamSettings.Era.class,
            names = {"MODERN", "LEGACY"})
    void onlyWhoWasAskedAnswersOnceInTheThread(UpstreamSettings.Era era) throws Exception {
        var running = start(era, "elicitation");
        try (var chat = say(running, "alice")) {
            var question = chat.question(1);

            var foreign = answer(running, "bob", question, accept("mallory"));
            var elsewhere = answer(running, "alice", question.with("thread", "th_other"), accept("mallory"));
            var unknown = answer(running, "alice", question.with("id", "q_0123"), accept("mallory"));

            assertThat(heard).isEmpty();
            assertThat(answer(running, "alice", question, accept("alice")).status())
                    .isEqualTo(200);
            var used = answer(running, "alice", question, accept("mallory"));
            chat.answer();
            var late = answer(running, "alice", question, accept("mallory"));
            for (var refused : List.of(foreign, elsewhere, unknown, used, late)) {
                assertThat(refused.status()).isEqualTo(404);
                assertThat(refused.body().without("requestId"))
                        .isEqualTo(unknown.body().without("requestId"));
            }
            assertThat(unknown.body().string("code")).contains("question_not_found");
            assertThat(heard).containsExactly("{\"action\":\"accept\",\"content\":{\"name\":\"alice\"}}");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = UpstreamSettings.Era.class,
            names = {"MODERN", "LEGACY"})
    void aFormBeyondWhatMcpAllowsIsDeclinedWithTheReason(UpstreamSettings.Era era) throws Exception {
        asks = FORM.with("requestedSchema", Json.parseObject("{\"type\":\"object\",\"allOf\":[]}"));
        var running = start(era, "elicitation");
        try (var chat = say(running, "alice")) {
            chat.answer();

            assertThat(chat.custom("question")).isEmpty();
            var ended = chat.custom("question.ended").getFirst();
            assertThat(ended.string("server")).contains("net");
            assertThat(ended.string("reason").orElseThrow()).contains("allOf");
            assertThat(heard.getFirst()).startsWith("{\"action\":\"decline\"").contains("allOf");
            assertThat(running.records("call.question")
                            .getFirst()
                            .string("reason")
                            .orElseThrow())
                    .contains("allOf");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = UpstreamSettings.Era.class,
            names = {"MODERN", "LEGACY"})
    void anAddressIsShownAndItsAcceptanceCarriesNothing(UpstreamSettings.Era era) throws Exception {
        asks = VISIT;
        var running = start(era, "elicitation");
        try (var chat = say(running, "alice")) {
            var question = chat.question(1);
            assertThat(question.string("url")).contains("https://login.example.com/a?b=c");
            assertThat(question.string("host")).contains("login.example.com");
            assertThat(question.bool("punycode")).contains(false);
            assertThat(answer(running, "alice", question, accept("alice")).status())
                    .isEqualTo(400);
            assertThat(heard).isEmpty();

            answer(running, "alice", question, JsonObject.of("action", "accept"));

            chat.answer();
            assertThat(heard).containsExactly("{\"action\":\"accept\"}");
            assertThat(asked(running).getFirst())
                    .contains("\"host\":\"login.example.com\"")
                    .doesNotContain("b=c");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://login.example.com/", "javascript:alert(1)", "https://bank.example@evil.example/"})
    void anAddressThatIsNotFitToOpenIsNeverShown(String url) throws Exception {
        asks = VISIT.with("url", url);
        var running = start(UpstreamSettings.Era.MODERN, "elicitation");
        try (var chat = say(running, "alice")) {
            chat.answer();

            assertThat(chat.custom("question")).isEmpty();
            assertThat(chat.events().toString()).doesNotContain("evil.example", "alert(1)");
            assertThat(heard.getFirst()).startsWith("{\"action\":\"decline\"");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = UpstreamSettings.Era.class,
            names = {"MODERN", "LEGACY"})
    void aChatWithoutAStreamIsToldThatNobodyCanBeAsked(UpstreamSettings.Era era) throws Exception {
        var running = start(era, "elicitation");

        var answer = running.http("POST", "/mcp/chat", Map.of("X-Caller", "alice"), message());

        assertThat(answer.status()).isEqualTo(200);
        assertThat(heard).containsExactly("NotSupported");
        assertThat(running.records("call.question")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = UpstreamSettings.Era.class,
            names = {"MODERN", "LEGACY"})
    void whereRelayDoesNotNameItNobodyIsAsked(UpstreamSettings.Era era) throws Exception {
        var running = start(era, "sampling");
        try (var chat = say(running, "alice")) {
            chat.answer();

            assertThat(chat.custom("question")).isEmpty();
            assertThat(heard).containsExactly("NotSupported");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = UpstreamSettings.Era.class,
            names = {"MODERN", "LEGACY"})
    void whoClosesTheStreamHasCancelledQuestionAndCall(UpstreamSettings.Era era) throws Exception {
        var running = start(era, "elicitation");
        JsonObject question;
        try (var chat = say(running, "alice")) {
            question = chat.question(1);
        }

        RunningGate.eventually(() -> !running.records("call.outcome").isEmpty());

        assertThat(answer(running, "alice", question, accept("alice")).status()).isEqualTo(404);
        assertThat(running.records("call.outcome").getFirst().string("code")).contains("cancelled");
        if (era == UpstreamSettings.Era.LEGACY) {
            RunningGate.eventually(left::get);
        }
        assertThat(heard).noneMatch(said -> said.startsWith("{"));
    }

    /// No durable record, no effect.
    @ParameterizedTest
    @EnumSource(
            value = UpstreamSettings.Era.class,
            names = {"MODERN", "LEGACY"})
    void anAnswerThatCannotBeRecordedIsNotSent(UpstreamSettings.Era era) throws Exception {
        var running = start(era, "elicitation");
        try (var chat = say(running, "alice")) {
            var question = chat.question(1);
            running.audit.close();

            answer(running, "alice", question, accept(CANARY));

            chat.answer();
            assertThat(heard).hasSize(1).noneMatch(said -> said.contains("accept") || said.contains(CANARY));
        }
    }

    @Test
    void twoQuestionsAtOnceAreAnsweredEach() throws Exception {
        var running = start(UpstreamSettings.Era.MODERN, "elicitation");
        asks = FORM.with("twice", true);
        try (var chat = say(running, "alice")) {
            answer(running, "alice", chat.question(1), accept("alice"));
            answer(running, "alice", chat.question(2), JsonObject.of("action", "decline"));

            chat.answer();
            assertThat(heard)
                    .containsExactly(
                            "{\"action\":\"accept\",\"content\":{\"name\":\"alice\"}}", "{\"action\":\"decline\"}");
        }
    }

    private McpReply ask(McpRequest request, Exchange exchange) throws InterruptedException {
        exchange.onCancel(() -> left.set(true));
        var question = new Exchange.Question("elicitation/create", RawJson.of(asks.without("twice")));
        var questions = asks.has("twice") ? Map.of("a", question, "b", question) : Map.of("a", question);
        var answers = exchange.askAll(new java.util.TreeMap<>(questions), Duration.ofSeconds(30));
        answers.values().forEach(answer -> heard.add(said(answer)));
        return FakeUpstream.text("thank you");
    }

    private static String said(Exchange.Answer answer) {
        return answer instanceof Exchange.Answer.Given given
                ? given.result().toString()
                : answer.getClass().getSimpleName();
    }

    private RunningGate start(UpstreamSettings.Era era, String... relay) throws InterruptedException {
        var running = new RunningGate(directory, "page", RunningGate.stranger(upstream, era, relay));
        gate = Optional.of(running);
        return running;
    }

    private static JsonObject message() {
        return JsonObject.of("message", "/call get_it {}");
    }

    private static ChatReader say(RunningGate running, String caller) {
        return new ChatReader(running.uri(), caller, message());
    }

    private static JsonObject accept(String name) {
        return JsonObject.of("action", "accept", "content", JsonObject.of("name", name));
    }

    private static RunningGate.Reply answer(RunningGate running, String caller, JsonObject question, JsonObject body) {
        var path = "/threads/" + question.string("thread").orElseThrow() + "/questions/"
                + question.string("id").orElseThrow();
        return running.http("POST", path, Map.of("X-Caller", caller), body);
    }

    private static List<String> asked(RunningGate running) {
        return running.records("call.question").stream()
                .map(record -> record.string("upstream").orElse("") + " "
                        + record.string("tool").orElse("") + " "
                        + Json.text(record.object("question").orElseThrow()))
                .toList();
    }

    /// All that the gateway has written.
    private String kept() throws IOException {
        var text = new StringBuilder();
        try (var files = Files.walk(directory)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                text.append(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        return text.toString();
    }
}

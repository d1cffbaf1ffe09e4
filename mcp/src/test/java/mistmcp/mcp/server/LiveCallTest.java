package mistmcp.mcp.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import mistmcp.json.JsonObject;
import mistmcp.json.RawJson;
import mistmcp.mcp.Exchange.Answer;
import mistmcp.mcp.Exchange.Question;
import mistmcp.mcp.McpReply;
import mistmcp.mcp.McpRequest;
import mistmcp.mcp.RequestMeta;
import mistmcp.mcp.Revision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LiveCallTest {
    private static final JsonObject FORMS = JsonObject.of("elicitation", JsonObject.of("form", JsonObject.EMPTY));

    @Test
    void passesProgressOnOnlyWhileItIncreases() throws Exception {
        var call = call(Optional.of("\"tok\""), JsonObject.EMPTY, Optional.empty());

        for (var value : List.of("1", "1", "0.5", "2", "1e1", "9", "\"11\"", "10.5")) {
            call.notify("notifications/progress", raw("{\"progressToken\":\"x\",\"progress\":" + value + "}"));
        }

        assertThat(notes(call))
                .map(note -> note.replaceAll(".*\"progress\":([^,}]+).*", "$1"))
                .containsExactly("1", "2", "1e1", "10.5");
    }

    @Test
    void putsProgressUnderTheCallersTokenAndNoneWhereNoneIsWanted() throws Exception {
        var wanted = call(Optional.of("7"), JsonObject.EMPTY, Optional.empty());
        var silent = call(Optional.empty(), JsonObject.EMPTY, Optional.empty());

        for (var call : List.of(wanted, silent)) {
            call.notify("notifications/progress", raw("{\"progressToken\":\"x\",\"progress\":1}"));
        }

        assertThat(notes(wanted)).singleElement().asString().contains("\"progressToken\":7");
        assertThat(notes(silent)).isEmpty();
    }

    @Test
    void saysNothingAfterTheEnd() throws Exception {
        var call = call(Optional.of("7"), JsonObject.EMPTY, Optional.of("debug"));
        call.finish(McpReply.Result.of(JsonObject.EMPTY));

        call.notify("notifications/progress", raw("{\"progressToken\":\"x\",\"progress\":1}"));
        call.notify("notifications/message", raw("{\"level\":\"error\",\"data\":1}"));

        assertThat(notes(call)).isEmpty();
    }

    @Test
    void leavesTheAnswerToTheServicesThreadWhenNothingGoesOutBeforeIt() {
        var call = call(Optional.empty(), JsonObject.EMPTY, Optional.empty());
        var writers = new AtomicInteger();
        call.begin(Duration.ofMinutes(1), writers::incrementAndGet);

        call.look(System.nanoTime());

        assertThat(call.finishAlone(McpReply.Result.of(JsonObject.EMPTY))).isTrue();
        call.look(System.nanoTime() + Duration.ofMinutes(2).toNanos());
        assertThat(writers).hasValue(0);
    }

    @Test
    void callsOneWriterForWhatGoesOutBeforeTheAnswerAndLeavesTheAnswerToIt() throws Exception {
        var call = call(Optional.of("7"), JsonObject.EMPTY, Optional.empty());
        var writers = new AtomicInteger();
        call.begin(Duration.ofMinutes(1), writers::incrementAndGet);

        call.notify("notifications/progress", raw("{\"progressToken\":\"x\",\"progress\":1}"));
        call.look(System.nanoTime() + Duration.ofMinutes(2).toNanos());

        assertThat(call.finishAlone(McpReply.Result.of(JsonObject.EMPTY))).isFalse();
        assertThat(writers).hasValue(1);
        assertThat(call.next(Duration.ofSeconds(1))).isInstanceOf(LiveCall.Event.Note.class);
        assertThat(call.next(Duration.ofSeconds(1))).isInstanceOf(LiveCall.Event.Quiet.class);
        assertThat(call.next(Duration.ofSeconds(1))).isInstanceOf(LiveCall.Event.Done.class);
    }

    @ParameterizedTest
    @CsvSource({"debug, 3", "warning, 2", "emergency, 0", ", 0"})
    void passesLogsOnFromTheLevelThatWasAskedFor(String level, int passed) throws Exception {
        var call = call(Optional.empty(), JsonObject.EMPTY, Optional.ofNullable(level));

        for (var one : List.of("debug", "warning", "error", "loud")) {
            call.notify("notifications/message", raw("{\"level\":\"" + one + "\",\"data\":1}"));
        }

        assertThat(notes(call)).hasSize(passed);
    }

    @ParameterizedTest
    @CsvSource({"elicitation/create, url", "sampling/createMessage, form", "roots/list, form", "anything/else, form"})
    void asksNothingThatTheCallerDidNotDeclare(String method, String mode) throws Exception {
        var call = call(Optional.empty(), FORMS, Optional.empty());

        var answer = call.ask(method, raw("{\"mode\":\"" + mode + "\"}"), Duration.ofSeconds(1));

        assertThat(answer).isInstanceOf(Answer.NotSupported.class);
        assertThat(next(call)).isInstanceOf(LiveCall.Event.Quiet.class);
    }

    @Test
    void leavesQuestionsUnansweredWhenTheCallerGoes() throws Exception {
        var call = call(Optional.empty(), FORMS, Optional.empty());
        call.cancel();

        var answers = call.askAll(
                Map.of("input", new Question("elicitation/create", RawJson.EMPTY_OBJECT)), Duration.ofMinutes(1));

        assertThat(answers.get("input")).isInstanceOf(Answer.NoAnswer.class);
        assertThat(next(call)).isInstanceOf(LiveCall.Event.Quiet.class);
    }

    @Test
    void cancelsOnceAndNotAfterTheEnd() {
        var ran = new AtomicInteger();
        var call = call(Optional.empty(), JsonObject.EMPTY, Optional.empty());
        call.onCancel(ran::incrementAndGet);
        call.cancel();
        call.cancel();
        var ended = call(Optional.empty(), JsonObject.EMPTY, Optional.empty());
        ended.onCancel(ran::incrementAndGet);
        ended.finish(McpReply.Result.of(JsonObject.EMPTY));
        ended.cancel();

        assertThat(ran).hasValue(1);
    }

    private static List<String> notes(LiveCall call) throws InterruptedException {
        var notes = new ArrayList<String>();
        for (var event = next(call); event instanceof LiveCall.Event.Note note; event = next(call)) {
            notes.add(new String(note.message(), StandardCharsets.UTF_8));
        }
        return notes;
    }

    /// What stands ready, or quiet: somebody has to look at the clock meanwhile.
    private static LiveCall.Event next(LiveCall call) throws InterruptedException {
        var looking = Thread.ofVirtual().start(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                call.look(System.nanoTime());
                LockSupport.parkNanos(100_000);
            }
        });
        try {
            return call.next(Duration.ZERO);
        } finally {
            looking.interrupt();
            looking.join();
        }
    }

    private static LiveCall call(Optional<String> token, JsonObject capabilities, Optional<String> level) {
        var meta =
                new RequestMeta(token.map(LiveCallTest::raw), JsonObject.EMPTY, JsonObject.EMPTY, capabilities, level);
        return new LiveCall(new McpRequest(
                Revision.V2026_07_28, "tools/call", Optional.of("t"), RawJson.EMPTY_OBJECT, Optional.empty(), meta));
    }

    private static RawJson raw(String text) {
        return RawJson.of(text.getBytes(StandardCharsets.UTF_8));
    }
}

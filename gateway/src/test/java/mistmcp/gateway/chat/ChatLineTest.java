package mistmcp.gateway.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import mistmcp.gateway.chat.OpenQuestions.Action;
import mistmcp.gateway.chat.OpenQuestions.Taken;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.json.RawJson;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.Exchange.Answer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ChatLineTest {
    private static final RawJson ASKED =
            RawJson.of(JsonObject.of("message", "Go on?", "requestedSchema", JsonObject.of("type", "object")));
    private static final Duration LONG = Duration.ofSeconds(30);

    private final OpenQuestions questions = new OpenQuestions();
    private final List<ChatEvent> events = new ArrayList<>();
    private final Stop chat = new Stop();

    /// What the gateway itself asks for is an approval, and carries no server's name.
    @Test
    void whoIsNotNamedCannotAsk() throws InterruptedException {
        var answer = line(events::add).ask("elicitation/create", ASKED, LONG);

        assertThat(answer).isInstanceOf(Answer.NotSupported.class);
        assertThat(events).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sampling/createMessage", "roots/list"})
    void nothingButAnElicitationIsPutToAPerson(String method) throws InterruptedException {
        assertThat(named(events::add).ask(method, ASKED, LONG)).isInstanceOf(Answer.NotSupported.class);
        assertThat(events).isEmpty();
    }

    @Test
    void whenTimeIsOverNoAnswerCountsAndALateOneFindsNothing() throws InterruptedException {
        var answer = named(events::add).ask("elicitation/create", ASKED, Duration.ofMillis(30));

        assertThat(answer).isInstanceOf(Answer.NoAnswer.class);
        assertThat(action()).contains("expired");
        assertThat(answer(question(events))).isInstanceOf(Taken.NotOpen.class);
    }

    @Test
    void anAnswerThatComesWhileTheReaderLeavesIsNotPassedOn() throws InterruptedException {
        var line = named(event -> {
            events.add(event);
            if (event instanceof ChatEvent.Waiting) {
                assertThat(answer(question(events))).isInstanceOf(Taken.Passed.class);
                chat.stop();
            }
        });

        assertThat(line.ask("elicitation/create", ASKED, LONG)).isInstanceOf(Answer.NoAnswer.class);
    }

    @Test
    void aPersonIsNotAskedEverMoreAtOnce() throws InterruptedException {
        var open = new ArrayList<OpenQuestions.Waiting>();
        for (int i = 0; i < OpenQuestions.MOST; i++) {
            open.add(put().orElseThrow());
        }

        var declined = named(events::add).ask("elicitation/create", ASKED, LONG);

        assertThat(declined.toString()).contains("decline");
        assertThat(events).hasSize(1).allMatch(event -> event instanceof ChatEvent.AskEnded);
        open.getFirst().close();
        assertThat(put()).isPresent();
    }

    @Test
    void aQuestionThatIsTakenBackTakesNoAnswer() {
        var waiting = put().orElseThrow();
        waiting.close();

        assertThat(questions.answer("kim", "th", waiting.id(), Action.ACCEPT, Optional.empty()))
                .isInstanceOf(Taken.NotOpen.class);
    }

    @Test
    void textThatCannotBeSeenIsTakenOut() throws InterruptedException {
        var asked = JsonObject.of(
                "message",
                "Line one\r\n\r\n\r\n\r\nline\u202e two\u200b <b>\u0000",
                "requestedSchema",
                JsonObject.of("type", "object"),
                "icons",
                JsonArray.of("https://example.com/i.svg"));

        named(events::add).ask("elicitation/create", RawJson.of(asked), Duration.ofMillis(1));

        var shown = question(events);
        assertThat(shown.string("message")).contains("Line one\n\nline  two  <b>");
        assertThat(shown.toString()).doesNotContain("icon");
    }

    private Optional<OpenQuestions.Waiting> put() {
        try {
            return questions.put("kim", "th", PersonQuestion.read(ASKED));
        } catch (Unusable unusable) {
            throw new AssertionError(unusable);
        }
    }

    private Taken answer(JsonObject question) {
        return questions.answer(
                "kim", "th", question.string("id").orElseThrow(), Action.ACCEPT, Optional.of(JsonObject.EMPTY));
    }

    private static JsonObject question(List<ChatEvent> events) {
        return ((ChatEvent.Asked) events.getFirst()).question();
    }

    private Optional<String> action() {
        return ((ChatEvent.AskEnded) events.getLast()).end().string("action");
    }

    private Exchange named(Consumer<ChatEvent> told) {
        return line(told).askedBy("net");
    }

    private ChatLine line(Consumer<ChatEvent> told) {
        return new ChatLine(chat, new ChatLine.Place("kim", "th", "call_1"), questions, told);
    }
}

package mistmcp.gateway.chat;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import mistmcp.json.JsonObject;
import mistmcp.json.RawJson;
import mistmcp.mcp.Exchange;

/// The line back from one tool call of a chat to the person at it: what the call's upstream asks is shown,
/// and the call waits. Only a server that is named can ask: what the gateway itself asks for, an approval, is
/// for pages and MCP clients, never for a chat. Safe for several threads.
final class ChatLine implements Exchange {
    /// What a person at a chat can be asked, as an MCP client declares it.
    static final JsonObject CAPABILITIES =
            JsonObject.of("elicitation", JsonObject.of("form", JsonObject.EMPTY, "url", JsonObject.EMPTY));

    private static final Duration BEAT = Duration.ofSeconds(1);

    private final Exchange chat;
    private final Place place;
    private final OpenQuestions questions;
    private final Consumer<ChatEvent> events;
    private final Optional<String> server;

    /// Whose call it is.
    ///
    /// @param principal the key of the principal
    /// @param call      the id of the call within the answer
    record Place(String principal, String thread, String call) {}

    /// A line.
    ///
    /// @param chat   the line of the whole answer
    /// @param events takes what is asked, and how it ended
    ChatLine(Exchange chat, Place place, OpenQuestions questions, Consumer<ChatEvent> events) {
        this(chat, place, questions, events, Optional.empty());
    }

    private ChatLine(
            Exchange chat, Place place, OpenQuestions questions, Consumer<ChatEvent> events, Optional<String> server) {
        this.chat = chat;
        this.place = place;
        this.questions = questions;
        this.events = events;
        this.server = server;
    }

    @Override
    public Exchange askedBy(String name) {
        return new ChatLine(chat, place, questions, events, Optional.of(name));
    }

    @Override
    public Answer ask(String method, RawJson params, Duration patience) throws InterruptedException {
        if (server.isEmpty() || !method.equals("elicitation/create")) {
            return new Answer.NotSupported();
        }
        PersonQuestion question;
        try {
            question = PersonQuestion.read(params);
        } catch (Unusable unusable) {
            return declined(PersonQuestion.mode(params), unusable.reason());
        }
        var waiting = questions.put(place.principal(), place.thread(), question);
        return waiting.isPresent()
                ? asked(waiting.get(), patience)
                : declined(question.mode(), "too many questions wait for this person");
    }

    /// One after the other, within the same time: a person answers one thing at a time.
    @Override
    public Map<String, Answer> askAll(Map<String, Question> questions, Duration patience) throws InterruptedException {
        var end = System.nanoTime() + patience.toNanos();
        var answers = new LinkedHashMap<String, Answer>();
        for (var entry : questions.entrySet()) {
            var left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
            answers.put(
                    entry.getKey(),
                    ask(entry.getValue().method(), entry.getValue().params(), left));
        }
        return answers;
    }

    private Answer asked(OpenQuestions.Waiting waiting, Duration patience) throws InterruptedException {
        var mode = waiting.question().mode();
        try (waiting) {
            events.accept(new ChatEvent.Asked(JsonObject.of(
                            "id", waiting.id(),
                            "thread", place.thread(),
                            "toolCallId", place.call(),
                            "server", server.orElse(""))
                    .withAll(waiting.question().toJson())
                    .with("patienceMs", patience.toMillis())
                    .with("expiresAt", Instant.now().plus(patience))));
            var answer = awaited(waiting, patience);
            var action = answer.flatMap(given -> given.string("action"));
            events.accept(
                    new ChatEvent.AskEnded(end(mode, action.orElse("expired")).with("id", waiting.id())));
            return answer.<Answer>map(given -> new Answer.Given(RawJson.of(given)))
                    .orElseGet(Answer.NoAnswer::new);
        } catch (InterruptedException over) {
            events.accept(new ChatEvent.AskEnded(end(mode, "ended").with("id", waiting.id())));
            throw over;
        }
    }

    /// Looks each second whether the reader is there: a closed stream shows only when it is written to.
    private Optional<JsonObject> awaited(OpenQuestions.Waiting waiting, Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        for (long left = patience.toNanos(); left > 0 && !chat.cancelled(); left = end - System.nanoTime()) {
            var answer = waiting.await(Duration.ofNanos(Math.min(left, BEAT.toNanos())));
            if (answer.isPresent()) {
                return answer;
            }
            events.accept(new ChatEvent.Waiting());
        }
        var last = waiting.end();
        return chat.cancelled() ? Optional.empty() : last;
    }

    private Answer declined(String mode, String reason) {
        events.accept(new ChatEvent.AskEnded(end(mode, "decline").with("reason", reason)));
        return new Answer.Given(
                RawJson.of(JsonObject.of("action", "decline", "_meta", JsonObject.of(Answer.REASON, reason))));
    }

    private JsonObject end(String mode, String action) {
        return JsonObject.of("toolCallId", place.call(), "server", server.orElse(""), "mode", mode, "action", action);
    }

    @Override
    public void notify(String method, RawJson params) {
        chat.notify(method, params);
    }

    @Override
    public boolean cancelled() {
        return chat.cancelled();
    }

    @Override
    public void onCancel(Runnable action) {
        chat.onCancel(action);
    }

    @Override
    public boolean onEnd(Runnable action) {
        return chat.onEnd(action);
    }
}

package mistmcp.mcp;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonSpans;
import mistmcp.json.RawJson;

/// The line back to a caller while its request is being worked on: notifications and questions go out, a
/// cancel comes in. The era of the caller does not show here: a question is put as the caller's revision
/// allows, and the thread waits. Safe for several threads.
public interface Exchange {
    /// Sends a notification that belongs to this request, as `notifications/progress`; dropped when the
    /// caller did not ask for its kind or is gone.
    void notify(String method, RawJson params);

    /// Asks the caller's side for something: `elicitation/create`, `sampling/createMessage` or `roots/list`.
    /// Waits for the answer.
    Answer ask(String method, RawJson params, Duration patience) throws InterruptedException;

    /// Asks several things at once, each under a name of ours. Waits until all are answered or patience ends.
    default Map<String, Answer> askAll(Map<String, Question> questions, Duration patience) throws InterruptedException {
        var answers = new LinkedHashMap<String, Answer>();
        for (var question : questions.entrySet()) {
            answers.put(
                    question.getKey(),
                    ask(question.getValue().method(), question.getValue().params(), patience));
        }
        return answers;
    }

    /// The same line for the questions of one server: where a person is asked, the page says which server
    /// asks.
    default Exchange askedBy(String server) {
        return this;
    }

    /// Whether the caller has gone away or cancelled.
    boolean cancelled();

    /// Runs an action once when the caller cancels; at once when it has.
    void onCancel(Runnable action);

    /// Runs an action once the answer has left or was dropped: what it holds in memory can be let go then.
    /// False when nobody tells; the action is not kept.
    default boolean onEnd(Runnable action) {
        return false;
    }

    /// Whether a large result may be handed over while it is still on its way. Whoever says so relays or drops
    /// it, and runs the actions of [#onEnd].
    default boolean takesStreams() {
        return false;
    }

    /// What the caller's side is asked for, as in [#ask].
    record Question(String method, RawJson params) {
        /// Whether a caller that said this of itself can be asked this.
        public boolean supportedBy(RequestMeta meta) {
            var capabilities = meta.clientCapabilities();
            return switch (method) {
                case "elicitation/create" -> elicits(capabilities);
                case "sampling/createMessage" -> capabilities.has("sampling");
                case "roots/list" -> capabilities.has("roots");
                default -> false;
            };
        }

        /// A caller that names no mode takes forms.
        private boolean elicits(JsonObject capabilities) {
            var modes = capabilities.object("elicitation");
            if (modes.isEmpty()) {
                return false;
            }
            var mode = JsonSpans.find(params, "mode").flatMap(RawJson::string).orElse("form");
            boolean named = modes.get().has("form") || modes.get().has("url");
            return modes.get().has(mode) || (!named && mode.equals("form"));
        }
    }

    /// How a question ended.
    sealed interface Answer {
        /// In the `_meta` of a result: why it was given without a person.
        String REASON = "mistmcp/reason";

        /// The caller's side answered with a result object.
        record Given(RawJson result) implements Answer {}

        /// The caller's side answered with an error.
        record Refused(int code, String message) implements Answer {}

        /// The caller did not declare that it can be asked this.
        record NotSupported() implements Answer {}

        /// No answer came in time, or the caller has gone.
        record NoAnswer() implements Answer {}
    }

    /// A line that passes on to another all that it does not do itself.
    interface Passing extends Exchange {
        /// The other.
        Exchange exchange();

        @Override
        default void notify(String method, RawJson params) {
            exchange().notify(method, params);
        }

        @Override
        default Answer ask(String method, RawJson params, Duration patience) throws InterruptedException {
            return exchange().ask(method, params, patience);
        }

        @Override
        default Map<String, Answer> askAll(Map<String, Question> questions, Duration patience)
                throws InterruptedException {
            return exchange().askAll(questions, patience);
        }

        @Override
        default boolean cancelled() {
            return exchange().cancelled();
        }

        @Override
        default void onCancel(Runnable action) {
            exchange().onCancel(action);
        }

        @Override
        default boolean onEnd(Runnable action) {
            return exchange().onEnd(action);
        }

        @Override
        default boolean takesStreams() {
            return exchange().takesStreams();
        }
    }

    /// A caller that takes no notifications, answers no questions and never cancels.
    Exchange SILENT = new Exchange() {
        @Override
        public void notify(String method, RawJson params) {}

        @Override
        public Answer ask(String method, RawJson params, Duration patience) {
            return new Answer.NotSupported();
        }

        @Override
        public boolean cancelled() {
            return false;
        }

        @Override
        public void onCancel(Runnable action) {}
    };
}

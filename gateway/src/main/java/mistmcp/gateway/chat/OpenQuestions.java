package mistmcp.gateway.chat;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import mistmcp.json.JsonObject;

/// The questions of upstreams that wait for a person at a chat, by ids that cannot be guessed. Each takes one
/// answer, from the principal that was asked and in its thread; what was answered is kept nowhere. Safe for
/// several threads.
public final class OpenQuestions {
    /// How many of one principal may wait at once.
    static final int MOST = 8;

    private final ConcurrentMap<String, Waiting> open = new ConcurrentHashMap<>();
    private final SecureRandom random = new SecureRandom();

    /// What a person does about a question.
    public enum Action {
        ACCEPT("accept"),
        DECLINE("decline"),
        CANCEL("cancel");

        private final String text;

        Action(String text) {
            this.text = text;
        }

        /// The action on the wire.
        public String text() {
            return text;
        }

        /// The action of a text.
        public static Optional<Action> of(String text) {
            for (var action : values()) {
                if (action.text.equals(text)) {
                    return Optional.of(action);
                }
            }
            return Optional.empty();
        }
    }

    /// What became of an answer.
    public sealed interface Taken {
        /// It goes to the upstream.
        record Passed() implements Taken {}

        /// There is no such question for this caller now: unknown, somebody else's, answered and late ones
        /// look alike.
        record NotOpen() implements Taken {}

        /// It does not fit what was asked; the question still waits.
        ///
        /// @param faults `{field, message}` each
        record Faulty(List<JsonObject> faults) implements Taken {
            /// Copies the list given.
            public Faulty {
                faults = List.copyOf(faults);
            }
        }
    }

    /// One question that waits.
    final class Waiting implements AutoCloseable {
        private final String id = newId();
        private final String principal;
        private final String thread;
        private final PersonQuestion question;
        private final BlockingQueue<JsonObject> answer = new ArrayBlockingQueue<>(1);

        private Waiting(String principal, String thread, PersonQuestion question) {
            this.principal = principal;
            this.thread = thread;
            this.question = question;
        }

        String id() {
            return id;
        }

        PersonQuestion question() {
            return question;
        }

        /// The answer as MCP has it, when it comes in time.
        Optional<JsonObject> await(Duration patience) throws InterruptedException {
            return Optional.ofNullable(answer.poll(patience.toNanos(), TimeUnit.NANOSECONDS));
        }

        /// Takes no answer any more; one that was taken before is given.
        synchronized Optional<JsonObject> end() {
            open.remove(id, this);
            return Optional.ofNullable(answer.poll());
        }

        @Override
        public void close() {
            open.remove(id, this);
        }
    }

    /// Lets a question wait; empty when too many of the principal's do.
    Optional<Waiting> put(String principal, String thread, PersonQuestion question) {
        var waiting = new Waiting(principal, thread, question);
        synchronized (random) {
            if (open.values().stream()
                            .filter(other -> other.principal.equals(principal))
                            .count()
                    >= MOST) {
                return Optional.empty();
            }
            open.put(waiting.id, waiting);
        }
        return Optional.of(waiting);
    }

    /// Takes the answer to a question.
    ///
    /// @param content what was filled in; only an acceptance sends it
    Taken answer(String principal, String thread, String id, Action action, Optional<JsonObject> content) {
        var waiting = open.get(id);
        if (waiting == null || !waiting.principal.equals(principal) || !waiting.thread.equals(thread)) {
            return new Taken.NotOpen();
        }
        var result = JsonObject.of("action", action.text());
        if (action == Action.ACCEPT) {
            var faults = waiting.question.faults(content);
            if (!faults.isEmpty()) {
                return new Taken.Faulty(faults.stream()
                        .map(fault -> JsonObject.of("field", fault.name(), "message", fault.message()))
                        .toList());
            }
            if (waiting.question.asks() instanceof PersonQuestion.Asks.Fields) {
                result = result.with("content", content.orElse(JsonObject.EMPTY));
            }
        }
        synchronized (waiting) {
            // Whoever takes it out of the map has answered it: there is room for one answer.
            return open.remove(id, waiting) && waiting.answer.offer(result) ? new Taken.Passed() : new Taken.NotOpen();
        }
    }

    private String newId() {
        var bytes = new byte[16];
        random.nextBytes(bytes);
        return "q_" + HexFormat.of().formatHex(bytes);
    }
}

package mistmcp.mcp.server;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import mistmcp.mcp.Exchange.Answer;
import mistmcp.mcp.Exchange.Question;

/// Questions that were put to a caller together, until all are answered. Safe for several threads.
final class Inquiry {
    private final Map<String, Question> questions;
    private final Map<String, Answer> answers = new HashMap<>();
    private final CountDownLatch settled = new CountDownLatch(1);

    Inquiry(Map<String, Question> questions) {
        this.questions = new LinkedHashMap<>(questions);
    }

    /// The questions that have no answer yet, by their names.
    synchronized Map<String, Question> open() {
        var left = new LinkedHashMap<>(questions);
        left.keySet().removeAll(answers.keySet());
        return left;
    }

    /// Takes an answer; one that was not asked for, or was given before, changes nothing.
    synchronized void answer(String name, Answer answer) {
        if (questions.containsKey(name)) {
            answers.putIfAbsent(name, answer);
            if (answers.size() == questions.size()) {
                settled.countDown();
            }
        }
    }

    /// Whether there is nothing left to wait for.
    boolean isSettled() {
        return settled.getCount() == 0;
    }

    /// Gives up: what is open stays unanswered.
    void abandon() {
        settled.countDown();
    }

    Map<String, Answer> await(Duration patience) throws InterruptedException {
        try {
            // Late is as good as never: what came until then counts.
            var _ = settled.await(patience.toMillis(), TimeUnit.MILLISECONDS);
        } finally {
            abandon();
        }
        synchronized (this) {
            var all = new LinkedHashMap<String, Answer>();
            questions
                    .keySet()
                    .forEach(name ->
                            all.put(name, Optional.ofNullable(answers.get(name)).orElseGet(Answer.NoAnswer::new)));
            return all;
        }
    }
}

package mistmcp.gateway.chat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import mistmcp.json.RawJson;
import mistmcp.mcp.Exchange;

/// The line back to a chat's caller: takes no notifications, answers no questions, can be stopped. Safe for
/// several threads.
public final class Stop implements Exchange {
    private final List<Runnable> actions = new ArrayList<>();
    private boolean stopped;

    /// Stops the answer: calls under way are cancelled and no further one is made.
    public void stop() {
        List<Runnable> waiting;
        synchronized (actions) {
            stopped = true;
            waiting = List.copyOf(actions);
            actions.clear();
        }
        waiting.forEach(Runnable::run);
    }

    @Override
    public void notify(String method, RawJson params) {}

    @Override
    public Answer ask(String method, RawJson params, Duration patience) {
        return new Answer.NotSupported();
    }

    @Override
    public boolean cancelled() {
        synchronized (actions) {
            return stopped;
        }
    }

    @Override
    public void onCancel(Runnable action) {
        synchronized (actions) {
            if (!stopped) {
                actions.add(action);
                return;
            }
        }
        action.run();
    }
}

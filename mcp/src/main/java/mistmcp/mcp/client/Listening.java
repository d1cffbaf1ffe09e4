package mistmcp.mcp.client;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps one subscription at a server: opens it, gives it the resources that are wanted, opens it again when
/// it has ended, later each time. A server that offers nothing, or refuses, is asked again after minutes.
/// Safe for several threads.
final class Listening implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Listening.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);
    private static final Duration REFUSED_PAUSE = Duration.ofMinutes(5);
    /// A subscription that stood so long was a good one: the next pause is the first again.
    private static final Duration SOUND = Duration.ofSeconds(30);
    private static final Duration LOOK = Duration.ofSeconds(10);
    /// Wishes that come together are sent together.
    private static final Duration TOGETHER = Duration.ofMillis(20);

    private final Line line;
    private final ServerChanges changes;
    private final Semaphore woken = new Semaphore(0);
    private final Object turn = new Object();
    private Set<String> wanted = Set.of();
    private Set<String> asked = Set.of();
    private Set<String> heard = Set.of();
    private boolean down;
    private final Thread thread;

    /// Begins at once, on a thread of its own.
    Listening(Line line, ServerChanges changes) {
        this.line = line;
        this.changes = changes;
        this.thread = Thread.ofVirtual().name("mcp-listening").unstarted(this::run);
    }

    /// How a subscription is opened, for each transport.
    interface Line {
        /// Opens a subscription and returns when the server has agreed to tell.
        ///
        /// @param woken told when the subscription has ended
        Opened open(Set<String> uris, Runnable woken) throws InterruptedException;
    }

    /// What came of it.
    sealed interface Opened {
        /// The server tells.
        record Open(Subscription subscription) implements Opened {}

        /// It offers nothing to tell, or will have nobody listen.
        record Refused(String why) implements Opened {}

        /// It could not be asked.
        record Failed(String why) implements Opened {}
    }

    /// One connection on which a server tells.
    interface Subscription extends AutoCloseable {
        /// Whether the server still tells on it.
        boolean open();

        /// The resources that the server has agreed to tell of.
        Set<String> heard();

        /// Changes the resources that are told of; false when the subscription is of no use any more.
        boolean want(Set<String> uris) throws InterruptedException;

        @Override
        void close();
    }

    void start() {
        thread.start();
    }

    void want(Set<String> uris) {
        synchronized (turn) {
            wanted = Set.copyOf(uris);
        }
        woken.release();
    }

    /// Waits until the server was asked for these, and answers those that it does not agree to tell of; none
    /// while it is away.
    Set<String> refused(Set<String> uris, Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        synchronized (turn) {
            while (!down && !asked.containsAll(uris)) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    break;
                }
                TimeUnit.NANOSECONDS.timedWait(turn, left);
            }
            var refused = new HashSet<>(uris);
            refused.retainAll(asked);
            refused.removeAll(heard);
            return refused;
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(2));
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        int failures = 0;
        boolean again = false;
        try {
            while (!Thread.currentThread().isInterrupted()) {
                var uris = wanted();
                switch (open(uris)) {
                    case Opened.Open(var subscription) -> {
                        long began = System.nanoTime();
                        try {
                            up(uris, subscription);
                            changes.listening(again);
                            stay(subscription, uris);
                        } finally {
                            down();
                            subscription.close();
                        }
                        failures = System.nanoTime() - began > SOUND.toNanos() ? 1 : failures + 1;
                        changes.deaf("it has ended the stream");
                        pause(backoff(failures));
                    }
                    case Opened.Refused(var why) -> {
                        down();
                        changes.deaf(why);
                        pause(REFUSED_PAUSE.toMillis());
                    }
                    case Opened.Failed(var why) -> {
                        down();
                        failures++;
                        changes.deaf(why);
                        pause(backoff(failures));
                    }
                }
                again = true;
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private Opened open(Set<String> uris) throws InterruptedException {
        try {
            return line.open(uris, woken::release);
        } catch (RuntimeException broken) {
            LOG.error("a server could not be listened to", broken);
            return new Opened.Failed("what it answers cannot be read");
        }
    }

    /// Returns when the subscription is of no use any more.
    private void stay(Subscription subscription, Set<String> uris) throws InterruptedException {
        var have = uris;
        while (subscription.open()) {
            var want = wanted();
            if (!want.equals(have)) {
                Thread.sleep(TOGETHER);
                want = wanted();
                if (!subscription.want(want)) {
                    return;
                }
                have = want;
                up(have, subscription);
                continue;
            }
            if (woken.tryAcquire(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                woken.drainPermits();
            }
        }
    }

    private Set<String> wanted() {
        synchronized (turn) {
            return wanted;
        }
    }

    private void up(Set<String> uris, Subscription subscription) {
        synchronized (turn) {
            asked = uris;
            heard = subscription.heard();
            down = false;
            turn.notifyAll();
        }
    }

    private void down() {
        synchronized (turn) {
            asked = Set.of();
            heard = Set.of();
            down = true;
            turn.notifyAll();
        }
    }

    private static long backoff(int failures) {
        return Math.min(LONGEST_PAUSE.toMillis(), FIRST_PAUSE.toMillis() << Math.min(failures - 1, 10));
    }

    /// Half of it by chance, so that many do not come back at once.
    private static void pause(long millis) throws InterruptedException {
        Thread.sleep(millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1));
    }
}

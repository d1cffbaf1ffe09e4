package mistmcp.time;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/// Looks at what waits, several times a second, and sleeps while nothing does. A timer for each call would
/// wake a thread to be set and once more to be taken back, which costs more than a short call; so times are
/// kept within [#TICK] only. Safe for several threads.
public final class Ticker implements AutoCloseable {
    /// How often is looked.
    public static final Duration TICK = Duration.ofMillis(20);

    private static final int QUIET_TICKS = 50;

    private final Set<Watched> watched = ConcurrentHashMap.newKeySet();
    private final Thread thread;
    private volatile boolean asleep;
    private volatile boolean closed;

    /// Something that waits and must not wait for ever.
    @FunctionalInterface
    public interface Watched {
        /// Ends the wait if its time is up. Called on the ticker's thread: it must not block.
        void look(long nanoTime);
    }

    /// Starts to look.
    ///
    /// @param name the name of its thread
    public Ticker(String name) {
        thread = Thread.ofPlatform().daemon().name(name).start(this::run);
    }

    /// Looks at this too.
    public void add(Watched waiting) {
        watched.add(waiting);
        if (asleep) {
            LockSupport.unpark(thread);
        }
    }

    /// Looks at this no more.
    public void remove(Watched waiting) {
        watched.remove(waiting);
    }

    private void run() {
        int quiet = 0;
        while (!closed) {
            if (watched.isEmpty()) {
                quiet++;
            } else {
                quiet = 0;
                long now = System.nanoTime();
                watched.forEach(waiting -> waiting.look(now));
            }
            if (quiet < QUIET_TICKS) {
                LockSupport.parkNanos(TICK.toNanos());
            } else {
                sleep();
                quiet = 0;
            }
        }
    }

    /// Whoever comes after the flag is up wakes this thread; whoever came before is seen.
    private void sleep() {
        asleep = true;
        while (watched.isEmpty() && !closed) {
            LockSupport.park(this);
        }
        asleep = false;
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}

package mistmcp.mcp.client;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import mistmcp.http.HttpFailure;

/// The memory that large answers of servers may take at one time, in all: a few of the largest must not bring
/// the process down. Safe for several threads.
public final class Room {
    /// What is this small needs no room.
    private static final int FREE = 64 << 10;

    private static final int STEP = 1 << 20;
    /// An answer stands in memory as it was read, as it is sent on, and in between.
    private static final int COPIES = 3;

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration LOOK = Duration.ofMillis(20);
    private static final Room SHARED =
            new Room(Math.clamp(Runtime.getRuntime().maxMemory() / 3, 1L << 20, 1L << 40), PATIENCE);

    private final Semaphore kibibytes;
    private final Semaphore beyond = new Semaphore(1);
    private final Duration patience;

    /// A room of so many bytes.
    ///
    /// @param patience how long an answer waits for the others to make room
    public Room(long bytes, Duration patience) {
        this.kibibytes = new Semaphore((int) Math.min(Integer.MAX_VALUE, bytes >> 10), true);
        this.patience = patience;
    }

    /// The room of this process: a third of its heap.
    public static Room shared() {
        return SHARED;
    }

    /// A hold on nothing yet.
    Hold open() {
        return new Hold();
    }

    /// What one answer takes.
    final class Hold implements AutoCloseable {
        private int held;
        private boolean grows;
        private boolean closed;

        /// Makes sure that there is room for an answer that has grown to so many bytes. Answers that all hold
        /// a part and wait for more would wait for one another: one of them at a time may grow beyond the
        /// room.
        ///
        /// @throws HttpFailure `TOO_LARGE` when there is none
        synchronized void reserve(long bytes) throws HttpFailure {
            if (grows || bytes <= FREE || bytes * COPIES <= ((long) held << 10)) {
                return;
            }
            long wanted = (bytes + STEP - 1) / STEP * COPIES * (STEP >> 10);
            int more = (int) Math.min(Integer.MAX_VALUE, wanted - held);
            try {
                if (closed || !(held == 0 ? first(more) : further(more))) {
                    throw new HttpFailure(
                            HttpFailure.Kind.TOO_LARGE,
                            "too many large answers are under way",
                            new java.io.IOException("no room"));
                }
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
                throw new HttpFailure(HttpFailure.Kind.RESET, "the server is stopping", stopping);
            }
        }

        private boolean first(int more) throws InterruptedException {
            boolean room = kibibytes.tryAcquire(more, patience.toMillis(), TimeUnit.MILLISECONDS);
            held = room ? more : 0;
            return room;
        }

        private boolean further(int more) throws InterruptedException {
            for (long until = System.nanoTime() + patience.toNanos(); System.nanoTime() < until; ) {
                if (kibibytes.tryAcquire(more)) {
                    held += more;
                    return true;
                }
                grows = beyond.tryAcquire(LOOK.toMillis(), TimeUnit.MILLISECONDS);
                if (grows) {
                    return true;
                }
            }
            return false;
        }

        /// Lets go of what was held, once.
        @Override
        public synchronized void close() {
            closed = true;
            kibibytes.release(held);
            held = 0;
            if (grows) {
                grows = false;
                beyond.release();
            }
        }
    }
}

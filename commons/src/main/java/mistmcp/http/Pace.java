package mistmcp.http;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import mistmcp.time.Ticker;

/// How slowly callers may send their bodies and take their answers: a caller that moves a byte now and then
/// is never silent, and would hold a connection and a large answer for as long as it likes. Safe for several
/// threads.
final class Pace implements AutoCloseable {
    private static final long BYTES_PER_SECOND = 128 << 10;
    /// What is this small goes to the system's buffers, or waits no longer than a connection may be silent.
    private static final int SMALL = 64 << 10;

    private final Duration grace;
    private final long bytesPerSecond;
    private final Ticker ticker = new Ticker("http-pace");

    /// A pace of 128 KiB a second, beyond a time of grace for each read and write.
    Pace(Duration grace) {
        this(grace, BYTES_PER_SECOND);
    }

    /// A pace of so many bytes a second.
    Pace(Duration grace, long bytesPerSecond) {
        this.grace = grace;
        this.bytesPerSecond = bytesPerSecond;
    }

    /// The stream with its writes held against the pace, all of them together.
    ///
    /// @param drop drops the connection, so that a write that waits fails; called on the ticker's thread
    OutputStream kept(OutputStream out, Runnable drop) {
        return new FilterOutputStream(out) {
            private long waited;
            private long moved;

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                moved += length;
                if (moved <= SMALL) {
                    out.write(bytes, offset, length);
                    return;
                }
                long began = System.nanoTime();
                within(began + allowed(moved) - waited, drop, () -> {
                    out.write(bytes, offset, length);
                    return length;
                });
                waited += System.nanoTime() - began;
            }
        };
    }

    /// Writes within the pace.
    void write(OutputStream out, byte[] bytes, int offset, int length, Runnable drop) throws IOException {
        if (length <= SMALL) {
            out.write(bytes, offset, length);
            return;
        }
        moved(length, drop, () -> {
            out.write(bytes, offset, length);
            return length;
        });
    }

    /// Moves so many bytes within the pace.
    <T> T moved(long bytes, Runnable drop, Move<T> move) throws IOException {
        return within(System.nanoTime() + allowed(bytes), drop, move);
    }

    private <T> T within(long until, Runnable drop, Move<T> move) throws IOException {
        Ticker.Watched watched = now -> {
            if (now - until > 0) {
                drop.run();
            }
        };
        ticker.add(watched);
        try {
            return move.run();
        } finally {
            ticker.remove(watched);
        }
    }

    private long allowed(long bytes) {
        return grace.toNanos() + TimeUnit.SECONDS.toNanos(bytes) / bytesPerSecond;
    }

    /// A read or a write that waits for the other side.
    interface Move<T> {
        T run() throws IOException;
    }

    @Override
    public void close() {
        ticker.close();
    }
}

package mistmcp.ids;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;

/// New ids for requests, calls and assertions: random UUIDs (RFC 9562, version 4), as good as those of
/// [UUID#randomUUID], which asks the generator for 16 bytes each time and pays for the asking. Safe for several
/// threads.
public final class Ids {
    private static final int STOCK = 4096;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final ReentrantLock LOCK = new ReentrantLock();
    private static final byte[] BYTES = new byte[STOCK];

    private static int used = STOCK;

    private Ids() {}

    /// An id that was not given before.
    public static String next() {
        long first;
        long second;
        LOCK.lock();
        try {
            if (used == STOCK) {
                RANDOM.nextBytes(BYTES);
                used = 0;
            }
            first = (long) LONGS.get(BYTES, used);
            second = (long) LONGS.get(BYTES, used + Long.BYTES);
            used += 2 * Long.BYTES;
        } finally {
            LOCK.unlock();
        }
        return new UUID((first & 0xFFFF_FFFF_FFFF_0FFFL) | 0x4000L, (second >>> 2) | 0x8000_0000_0000_0000L).toString();
    }
}

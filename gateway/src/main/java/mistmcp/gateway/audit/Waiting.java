package mistmcp.gateway.audit;

import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import mistmcp.json.JsonObject;
import org.jspecify.annotations.Nullable;

/// A record in the writer's queue.
final class Waiting implements Pending {
    private final long index;
    private final Instant at;
    private final byte[] members;
    private final long since = System.nanoTime();
    private final Runnable hurry;
    private final CountDownLatch settled = new CountDownLatch(1);
    private volatile @Nullable String leafHash;
    private volatile @Nullable AuditUnavailable failure;

    Waiting(long index, Instant at, byte[] members, Runnable hurry) {
        this.index = index;
        this.at = at;
        this.members = members;
        this.hurry = hurry;
    }

    @Override
    public long index() {
        return index;
    }

    @Override
    public void await() {
        if (settled.getCount() > 0) {
            hurry.run();
        }
        try {
            settled.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AuditUnavailable("audit_interrupted", "the call was stopped while its record was being written");
        }
        var failed = failure;
        if (failed != null) {
            throw failed.again();
        }
    }

    @Override
    public JsonObject receipt() {
        var hash = leafHash;
        if (hash == null) {
            throw new IllegalStateException("a record has no receipt before it is durable");
        }
        return JsonObject.of("index", index, "leafHash", hash);
    }

    /// How long it has been waiting.
    long nanos(long now) {
        return now - since;
    }

    byte[] payload() {
        return Frames.payload(index, at, members);
    }

    void durable(String hash) {
        leafHash = hash;
        settled.countDown();
    }

    void failed(AuditUnavailable why) {
        if (leafHash == null) {
            failure = why;
        }
        settled.countDown();
    }
}

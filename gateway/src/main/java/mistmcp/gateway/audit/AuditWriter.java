package mistmcp.gateway.audit;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import mistmcp.time.Ticker;
import org.jspecify.annotations.Nullable;

/// The one thread that writes the log. Records queue up, get their index in that order, and one batch after
/// the other is written and made durable with one force.
final class AuditWriter {
    private static final int MAX_BATCH = 1024;
    private static final long TICK_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long LINGER_NANOS = Duration.ofMillis(5).toNanos();
    private static final long GATHER_NANOS = Duration.ofNanos(250_000).toNanos();

    private final AuditSettings settings;
    private final InstantSource clock;
    private final SegmentWriter files;
    private final Segments segments;
    private final Reserve reserve;
    private final Runnable tick;
    private final Thread thread;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final ArrayDeque<Waiting> queue = new ArrayDeque<>();
    private final Ticker ticker = new Ticker("audit-ticker");
    private final Ticker.Watched lateness = this::giveUpLate;
    private List<Waiting> writing = List.of();
    private long next;
    private int awaited;
    private boolean crowded;
    private boolean gathering;
    private boolean idle;
    private boolean closing;

    private volatile @Nullable AuditUnavailable stopped;
    private volatile long syncingSince;
    private volatile boolean lastWasSlow;

    AuditWriter(
            AuditSettings settings,
            InstantSource clock,
            SegmentWriter files,
            Segments segments,
            Reserve reserve,
            Runnable tick) {
        this.settings = settings;
        this.clock = clock;
        this.files = files;
        this.segments = segments;
        this.reserve = reserve;
        this.tick = tick;
        this.next = segments.next();
        this.thread = Thread.ofPlatform().name("audit-writer").daemon().unstarted(this::run);
    }

    void start() {
        reserve.look();
        thread.start();
    }

    Waiting append(AuditRecord record) {
        var members = record.members();
        var refusal = record.opens() ? reserve.refusal(record.write()) : null;
        if (refusal != null) {
            throw new AuditUnavailable("audit_full", refusal);
        }
        lock.lock();
        try {
            refuseWhenStopped();
            if (queue.size() >= settings.queue()) {
                throw new AuditUnavailable("audit_busy", "too many records wait for the disk of the audit log");
            }
            boolean urgent = record.opens();
            var waiting = new Waiting(next++, clock.instant(), members, urgent ? () -> {} : this::hurry);
            queue.add(waiting);
            ticker.add(lateness);
            if (urgent) {
                hurry();
            } else if (idle) {
                // What tells of something past goes along with the next that somebody waits for, or waits a little.
                arrived.signal();
            }
            return waiting;
        } finally {
            lock.unlock();
        }
    }

    /// Somebody waits: what is queued is written now, or with others that are about to come.
    private void hurry() {
        lock.lock();
        try {
            awaited++;
            if (!gathering) {
                arrived.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Lets nobody wait longer than a record may take. One that was given up may become durable still. It is
    /// given up a tick late: whoever was refused finds the log refusing.
    private void giveUpLate(long now) {
        long longest = settings.slow().plus(Ticker.TICK).toNanos();
        lock.lock();
        try {
            if (writing.isEmpty() && queue.isEmpty()) {
                ticker.remove(lateness);
            }
            Stream.concat(writing.stream(), queue.stream())
                    .takeWhile(record -> record.nanos(now) > longest)
                    .forEach(record ->
                            record.failed(new AuditUnavailable("audit_slow", "the disk of the audit log is too slow")));
        } finally {
            lock.unlock();
        }
    }

    /// Why nothing can be recorded now; nothing when it can.
    @Nullable
    AuditUnavailable fault() {
        var why = stopped;
        if (why != null) {
            return why;
        }
        return lastWasSlow || hangs()
                ? new AuditUnavailable("audit_slow", "the disk of the audit log is too slow")
                : null;
    }

    /// Writes what waits, then ends the thread.
    void close(Duration patience) throws InterruptedException {
        lock.lock();
        try {
            closing = true;
            arrived.signal();
        } finally {
            lock.unlock();
        }
        thread.join(patience);
    }

    private void refuseWhenStopped() {
        var why = stopped;
        if (why != null) {
            throw why.again();
        }
        if (closing) {
            throw new AuditUnavailable("audit_closed", "the audit log is closed");
        }
        if (hangs()) {
            throw new AuditUnavailable("audit_slow", "the disk of the audit log is too slow");
        }
    }

    private boolean hangs() {
        long since = syncingSince;
        return since != 0 && System.nanoTime() - since > settings.slow().toNanos();
    }

    private void run() {
        long ticked = System.nanoTime();
        try {
            while (true) {
                var batch = batch();
                if (!batch.isEmpty()) {
                    write(batch);
                } else if (closed()) {
                    return;
                }
                if (System.nanoTime() - ticked >= TICK_NANOS) {
                    ticked = System.nanoTime();
                    reserve.look();
                    tick.run();
                }
            }
        } catch (InterruptedException | RuntimeException broken) {
            stop(List.of(), "the writer of the audit log ended");
        } finally {
            files.close();
            ticker.close();
        }
    }

    private boolean closed() {
        lock.lock();
        try {
            return closing && queue.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    private List<Waiting> batch() throws InterruptedException {
        lock.lock();
        try {
            for (long left = LINGER_NANOS; awaited == 0 && !closing && left > 0; ) {
                left = arrived.awaitNanos(left);
            }
            idle = true;
            for (long left = TICK_NANOS; queue.isEmpty() && !closing && left > 0; ) {
                left = arrived.awaitNanos(left);
            }
            idle = false;
            if (crowded) {
                gather();
            }
            var batch = new ArrayList<Waiting>(Math.min(queue.size(), MAX_BATCH));
            while (!queue.isEmpty() && batch.size() < MAX_BATCH) {
                batch.add(queue.remove());
            }
            crowded = awaited > 1;
            awaited = queue.size();
            writing = batch;
            return batch;
        } finally {
            lock.unlock();
        }
    }

    /// Where several waited together the next are about to come, and one sync for all costs less than one
    /// each.
    private void gather() throws InterruptedException {
        gathering = true;
        for (long left = GATHER_NANOS; !closing && queue.size() < MAX_BATCH && left > 0; ) {
            left = arrived.awaitNanos(left);
        }
        gathering = false;
    }

    private void written() {
        lock.lock();
        try {
            writing = List.of();
        } finally {
            lock.unlock();
        }
    }

    private void write(List<Waiting> batch) {
        long start = System.nanoTime();
        syncingSince = start;
        try {
            files.write(batch);
        } catch (SegmentWriter.ForceFailed poisoned) {
            writeElsewhere(batch, "the disk did not make a part of the log durable");
        } catch (IOException failed) {
            rescue(batch, failed);
        } finally {
            lastWasSlow = System.nanoTime() - start > settings.slow().toNanos();
            syncingSince = 0;
            written();
        }
    }

    /// A failed write left no record behind that was acknowledged: it is cut off. With the reserve given back
    /// there may be room for the same records; without, they are refused, and so is all that waits.
    private void rescue(List<Waiting> batch, IOException failed) {
        if (!files.cut()) {
            writeElsewhere(batch, "the disk failed while the log was being written");
            return;
        }
        if (!full(failed)) {
            writeElsewhere(batch, "the disk failed while the log was being written");
            return;
        }
        if (reserve.release()) {
            try {
                files.write(batch);
                return;
            } catch (SegmentWriter.ForceFailed poisoned) {
                writeElsewhere(batch, "the disk did not make a part of the log durable");
                return;
            } catch (IOException stillFull) {
                if (!files.cut()) {
                    stop(batch, "the disk of the audit log is full and broken");
                    return;
                }
            }
        }
        refuse(batch, new AuditUnavailable("audit_full", "the disk of the audit log is full"));
    }

    /// The file at hand is never touched again. Its records that were not acknowledged are written to a new
    /// one, whose first index makes void what may stand of them in the old one.
    private void writeElsewhere(List<Waiting> batch, String reason) {
        var poisoned = segments.newest();
        try {
            files.begin(batch.getFirst().index());
            files.write(batch);
        } catch (IOException again) {
            stop(batch, "the disk of the audit log failed twice");
            return;
        }
        var damage = new Damage(Damage.POISONED, poisoned.name(), poisoned.end(), 0);
        var note = AuditRecord.of(Event.RECOVERY).system().reason(reason).detail(damage.toJson());
        var members = note.members();
        lock.lock();
        try {
            queue.add(new Waiting(next++, clock.instant(), members, this::hurry));
        } finally {
            lock.unlock();
        }
    }

    /// Gives up a batch that is not in the log, and what waits behind it, since its places come later. The
    /// log goes on at the place of the first.
    private void refuse(List<Waiting> batch, AuditUnavailable why) {
        var refused = new ArrayList<>(batch);
        lock.lock();
        try {
            refused.addAll(queue);
            queue.clear();
            next = refused.isEmpty() ? next : refused.getFirst().index();
        } finally {
            lock.unlock();
        }
        refused.forEach(record -> record.failed(why));
    }

    private void stop(List<Waiting> batch, String reason) {
        var why = new AuditUnavailable("audit_failed", reason);
        stopped = why;
        refuse(batch, why);
    }

    private static boolean full(IOException failed) {
        var message = String.valueOf(failed.getMessage()).toLowerCase(Locale.ROOT);
        return message.contains("no space left") || message.contains("quota") || message.contains("not enough space");
    }
}

package mistmcp.gateway.change;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/// One commit at a time for each target. Locks are taken in the order of their names, so two commits on the
/// same targets never wait for each other in a ring. Safe for several threads.
final class TargetLocks {
    private final ConcurrentHashMap<String, Held> held = new ConcurrentHashMap<>();

    private static final class Held {
        private final ReentrantLock lock = new ReentrantLock();
        private int users;
    }

    /// What runs while the targets are locked.
    interface Work<T> {
        T run() throws InterruptedException;
    }

    /// The locks did not come free in time.
    static final class Busy extends Exception {
        private static final long serialVersionUID = 1;
    }

    <T> T locked(List<String> sortedTargets, Duration patience, Work<T> work) throws Busy, InterruptedException {
        if (sortedTargets.isEmpty()) {
            return work.run();
        }
        var first = sortedTargets.getFirst();
        var mine = held.compute(first, (name, known) -> {
            var entry = known == null ? new Held() : known;
            entry.users++;
            return entry;
        });
        try {
            if (!mine.lock.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new Busy();
            }
            try {
                return locked(sortedTargets.subList(1, sortedTargets.size()), patience, work);
            } finally {
                mine.lock.unlock();
            }
        } finally {
            held.computeIfPresent(first, (name, entry) -> --entry.users == 0 ? null : entry);
        }
    }
}

package mistmcp.gateway.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import mistmcp.http.HttpClient;
import mistmcp.http.HttpFailure;
import mistmcp.http.OutboundRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The published keys of a provider. One thread of its own fetches them, ahead of their end; the threads of
/// requests only look. A token with an unknown key id may ask for an early fetch, on a budget of its own.
/// While the provider is down the last good set serves until `JWKS_MAX_STALE`, also after a restart.
public final class JwksStore implements KeySource {
    private static final Logger LOG = LoggerFactory.getLogger(JwksStore.class);
    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);
    private static final Duration EARLY_EVERY = Duration.ofSeconds(30);
    private static final Duration LONGEST_BACKOFF = Duration.ofMinutes(1);

    private final AuthSettings.Oidc settings;
    private final HttpClient client;
    private final InstantSource clock;
    private final Duration deadline;
    private final SavedKeys saved;
    private final AtomicReference<Optional<Held>> held;
    private final AtomicReference<Attempts> attempts = new AtomicReference<>(new Attempts(0, 0, Optional.empty()));
    private final AtomicLong unknown = new AtomicLong();
    private final AtomicLong lastEarly = new AtomicLong(System.nanoTime() - EARLY_EVERY.toNanos());
    private final Cache<String, Boolean> absent = Caffeine.newBuilder()
            .maximumSize(10_000)
            .expireAfterWrite(Duration.ofMinutes(5))
            .build();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition nudged = lock.newCondition();
    private final Condition fetched = lock.newCondition();
    private final Thread refresher;
    private boolean nudge;

    /// The set in use.
    private record Held(KeySet keys, Instant confirmedAt, boolean fromDisk) {}

    private record Attempts(long count, int failures, Optional<String> lastFailure) {}

    private JwksStore(AuthSettings.Oidc settings, HttpClient client, InstantSource clock, Duration deadline) {
        this.settings = settings;
        this.client = client;
        this.clock = clock;
        this.deadline = deadline;
        this.saved = new SavedKeys(settings.savedKeys(), settings.jwksUrl());
        this.held = new AtomicReference<>(Optional.empty());
        this.refresher = Thread.ofVirtual().name("jwks").unstarted(this::refresh);
    }

    /// Reads the set that was saved before, when there is one that is not too old, and begins to fetch. The
    /// client is the caller's to close.
    public static JwksStore open(AuthSettings.Oidc settings, HttpClient client, InstantSource clock) {
        return open(settings, client, clock, DEADLINE);
    }

    /// Opens one whose provider has that long for an answer, from its first to its last byte.
    static JwksStore open(AuthSettings.Oidc settings, HttpClient client, InstantSource clock, Duration deadline) {
        var store = new JwksStore(settings, client, clock, deadline);
        store.held.set(store.saved
                .read(settings.tokens().algorithms())
                .filter(kept -> store.young(kept.fetchedAt())
                        && !kept.fetchedAt().isAfter(clock.instant().plusSeconds(60)))
                .map(kept -> new Held(kept.keys(), kept.fetchedAt(), true)));
        store.refresher.start();
        return store;
    }

    @Override
    public Optional<KeySet> current() {
        return held.get().filter(set -> young(set.confirmedAt())).map(Held::keys);
    }

    @Override
    public Optional<KeySet> renewedFor(String keyId) throws InterruptedException {
        unknown.incrementAndGet();
        if (absent.getIfPresent(keyId) != null || !admitsEarly()) {
            return Optional.empty();
        }
        long tried = attempts.get().count();
        lock.lockInterruptibly();
        try {
            nudge = true;
            nudged.signalAll();
            long left = LONGEST_WAIT.toNanos();
            while (attempts.get().count() == tried && left > 0) {
                left = fetched.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
        var now = current();
        if (now.isPresent() && now.get().find(keyId).isEmpty() && attempts.get().failures() == 0) {
            absent.put(keyId, true);
        }
        return now;
    }

    /// One early fetch, then none for 30 s: a budget that fills up by the clock would allow two in a row.
    private boolean admitsEarly() {
        long last = lastEarly.get();
        long now = System.nanoTime();
        return now - last >= EARLY_EVERY.toNanos() && lastEarly.compareAndSet(last, now);
    }

    /// Waits for the first set.
    ///
    /// @return whether there is one
    public boolean awaitFirst(Duration longest) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = longest.toNanos();
            while (current().isEmpty() && left > 0) {
                left = fetched.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
        return current().isPresent();
    }

    @Override
    public KeyHealth health() {
        var set = held.get();
        var tried = attempts.get();
        return new KeyHealth(
                current().isPresent(),
                set.map(Held::confirmedAt),
                set.map(Held::keys).map(KeySet::ids).orElse(java.util.List.of()),
                tried.failures(),
                tried.lastFailure(),
                tried.count(),
                unknown.get(),
                set.map(Held::fromDisk).orElse(false));
    }

    /// Ends the thread that fetches, and waits for it: after that nothing is written any more.
    @Override
    public void close() {
        refresher.interrupt();
        try {
            refresher.join(LONGEST_WAIT);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean young(Instant confirmedAt) {
        return clock.instant().isBefore(confirmedAt.plus(settings.maxStale()));
    }

    private void refresh() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                fetch();
                await(pause());
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void await(Duration pause) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            fetched.signalAll();
            long left = TimeUnit.MILLISECONDS.toNanos(pause.toMillis());
            while (!nudge && left > 0) {
                left = nudged.awaitNanos(left);
            }
            nudge = false;
        } finally {
            lock.unlock();
        }
    }

    /// Half the time to live, ten per cent more or less so that many gateways spread; after a failure from
    /// one second, or from thirty while a good set serves, doubling.
    private Duration pause() {
        int failures = attempts.get().failures();
        var ahead = settings.ttl().dividedBy(2);
        if (failures == 0) {
            return jittered(ahead);
        }
        var first = Duration.ofSeconds(current().isPresent() ? 30 : 1);
        var backoff = first.multipliedBy(1L << Math.min(failures - 1, 6));
        var longest = ahead.compareTo(LONGEST_BACKOFF) < 0 ? ahead : LONGEST_BACKOFF;
        return jittered(backoff.compareTo(longest) < 0 ? backoff : longest);
    }

    private static Duration jittered(Duration pause) {
        return Duration.ofMillis(
                Math.round(pause.toMillis() * ThreadLocalRandom.current().nextDouble(0.9, 1.1)));
    }

    private void fetch() throws InterruptedException {
        var before = attempts.get();
        try {
            var body = download();
            var keys = KeySet.parse(body, settings.tokens().algorithms(), false);
            take(keys, body);
            attempts.set(new Attempts(before.count() + 1, 0, Optional.empty()));
        } catch (HttpFailure failed) {
            failed(before, String.valueOf(failed.getMessage()));
        } catch (InvalidKeySet invalid) {
            failed(before, "the key set " + invalid.getMessage());
        } catch (IOException failed) {
            failed(before, "the answer broke off");
        } catch (RuntimeException broken) {
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedException("closed");
            }
            LOG.error("fetching the keys failed", broken);
            failed(before, "the fetch failed; the log has the reason");
        }
    }

    private byte[] download() throws IOException, InvalidKeySet {
        var request = new OutboundRequest(
                "GET", settings.jwksUrl(), Map.of("Accept", "application/json"), Optional.empty(), deadline, deadline);
        try (var response = client.send(request)) {
            if (response.status() != 200) {
                throw new InvalidKeySet("was answered with status " + response.status());
            }
            return response.body(KeySet.MAX_BYTES);
        }
    }

    /// A set that is the same byte for byte stays the same object: what is cached beside it stays good.
    private void take(KeySet fresh, byte[] body) {
        var now = clock.instant();
        var before = held.get().map(Held::keys);
        var kept = before.filter(fresh::sameAs).orElse(fresh);
        held.set(Optional.of(new Held(kept, now, false)));
        if (kept == fresh) {
            absent.invalidateAll();
            LOG.info("keys changed keyIds={} leftOut={}", fresh.ids(), fresh.dropped());
        }
        saved.write(body, now);
    }

    private void failed(Attempts before, String why) {
        attempts.set(new Attempts(before.count() + 1, before.failures() + 1, Optional.of(why)));
        LOG.warn("keys could not be fetched failures={} reason={}", before.failures() + 1, why);
    }
}

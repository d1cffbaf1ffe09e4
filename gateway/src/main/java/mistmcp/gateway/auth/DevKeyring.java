package mistmcp.gateway.auth;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import mistmcp.json.JsonObject;
import mistmcp.settings.Secret;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The DEV keys of the files, read again when `mist keys rotate` changes them. When the changed files cannot
/// be used, the keys before them stay and health says why.
public final class DevKeyring implements KeySource {
    private static final Logger LOG = LoggerFactory.getLogger(DevKeyring.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final DevKeyFiles files;
    private final InstantSource clock;
    private final AtomicReference<State> state;
    private final Thread watcher;

    private record State(
            DevKeys keys,
            KeySet set,
            Instant loadedAt,
            DevKeyFiles.@Nullable Stamp stamp,
            int failures,
            long reads,
            Optional<String> fault) {}

    private DevKeyring(DevKeyFiles files, InstantSource clock, State first) {
        this.files = files;
        this.clock = clock;
        this.state = new AtomicReference<>(first);
        this.watcher = Thread.ofVirtual().name("dev-keys").unstarted(this::watch);
    }

    /// Opens the keys, making them when there are none, and begins to watch the files.
    ///
    /// @throws UnusableKeys when the files cannot be used
    public static DevKeyring open(DevKeyFiles files, InstantSource clock) {
        var now = clock.instant();
        var keys = DevKeys.openOrCreate(files, now);
        var first = new State(keys, keys.keySet(now), now, null, 0, 1, Optional.empty());
        var ring = new DevKeyring(files, clock, first);
        ring.watcher.start();
        return ring;
    }

    @Override
    public Optional<KeySet> current() {
        return Optional.of(state.get().set());
    }

    @Override
    public Optional<KeySet> renewedFor(String keyId) {
        return Optional.empty();
    }

    @Override
    public KeyHealth health() {
        var now = state.get();
        return new KeyHealth(
                true, Optional.of(now.loadedAt()), now.set().ids(), now.failures(), now.fault(), now.reads(), 0, false);
    }

    /// The public keys as they are published.
    public JsonObject jwks() {
        return state.get().keys().jwks(clock.instant());
    }

    Secret sign(JsonObject claims) {
        return state.get().keys().sign(claims);
    }

    /// Ends the thread that watches, and waits for it: it would make keys anew where somebody clears up.
    @Override
    public void close() {
        watcher.interrupt();
        try {
            watcher.join(LOOK_EVERY);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private void watch() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Thread.sleep(LOOK_EVERY);
                look();
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        var before = state.get();
        try {
            var stamp = files.stamp();
            var now = clock.instant();
            var keys = stamp.equals(before.stamp()) ? before.keys() : DevKeys.openOrCreate(files, now);
            // Made anew on each look, so that a retired key ends on time; the same keys give the same object.
            var set = keys.keySet(now);
            var kept = set.sameAs(before.set()) ? before.set() : set;
            if (kept != before.set()) {
                LOG.info("DEV keys changed keyIds={}", kept.ids());
            }
            state.set(new State(keys, kept, now, stamp, 0, before.reads() + 1, Optional.empty()));
        } catch (IOException | UnusableKeys unusable) {
            var why = unusable instanceof UnusableKeys known ? known.getMessage() : "the DEV key files cannot be read";
            if (before.fault().isEmpty()) {
                LOG.warn("DEV keys cannot be read again: {}", why);
            }
            state.set(new State(
                    before.keys(),
                    before.set(),
                    before.loadedAt(),
                    null,
                    before.failures() + 1,
                    before.reads() + 1,
                    Optional.ofNullable(why)));
        }
    }
}

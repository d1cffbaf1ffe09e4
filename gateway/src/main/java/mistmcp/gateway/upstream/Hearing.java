package mistmcp.gateway.upstream;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import mistmcp.json.RawJson;
import mistmcp.mcp.client.ServerChanges;
import mistmcp.mcp.client.UpstreamRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Listens to one upstream as the gateway itself: a list that has changed is fetched again, a change of a
/// resource that somebody watches is passed on. Safe for several threads.
final class Hearing implements ServerChanges {
    private static final Logger LOG = LoggerFactory.getLogger(Hearing.class);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Upstream upstream;
    private final Listing listing;
    private final BiConsumer<String, String> onUpdate;
    /// How many watch a resource.
    private final Map<String, Integer> watched = new HashMap<>();
    private final AtomicBoolean deaf = new AtomicBoolean();

    /// Nothing is heard before [#start].
    ///
    /// @param onUpdate told the upstream's name and the resource that has changed
    Hearing(Upstream upstream, Listing listing, BiConsumer<String, String> onUpdate) {
        this.upstream = upstream;
        this.listing = listing;
        this.onUpdate = onUpdate;
    }

    void start() {
        upstream.client().listen(this::own, this);
    }

    private UpstreamRequest own(String method, Optional<String> target, RawJson params, Duration deadline) {
        return upstream.request(Sending.own(method, target, params, deadline));
    }

    /// Begins to watch resources: what to run when nobody shall watch them any more, for each.
    Map<String, Runnable> watch(Set<String> uris) {
        var ends = new HashMap<String, Runnable>();
        synchronized (watched) {
            for (var uri : uris) {
                watched.merge(uri, 1, Integer::sum);
                var over = new AtomicBoolean();
                ends.put(uri, () -> {
                    if (over.compareAndSet(false, true)) {
                        release(uri);
                    }
                });
            }
            upstream.client().want(watched.keySet());
        }
        return ends;
    }

    private void release(String uri) {
        synchronized (watched) {
            int left = watched.getOrDefault(uri, 1) - 1;
            if (left > 0) {
                watched.put(uri, left);
            } else {
                watched.remove(uri);
                upstream.client().want(watched.keySet());
            }
        }
    }

    /// Of these, the ones that the upstream does not agree to tell of. One that is away has refused nothing.
    Set<String> refused(Set<String> uris) throws InterruptedException {
        return upstream.client().tellsNoUpdates() ? uris : upstream.client().refused(uris, PATIENCE);
    }

    @Override
    public void listChanged(String kind) {
        listing.nudge();
    }

    /// A server may name a resource beneath the one that was subscribed to.
    @Override
    public void resourceUpdated(String uri) {
        affected(uri).forEach(known -> onUpdate.accept(upstream.configured().name(), known));
    }

    private Set<String> affected(String uri) {
        synchronized (watched) {
            if (watched.containsKey(uri)) {
                return Set.of(uri);
            }
            var above = new HashSet<String>();
            for (var known : watched.keySet()) {
                if (uri.startsWith(known.endsWith("/") ? known : known + "/")) {
                    above.add(known);
                }
            }
            return above;
        }
    }

    /// What changed while nobody listened is not known: the lists are fetched, and what is watched counts as
    /// changed.
    @Override
    public void listening(boolean again) {
        if (deaf.getAndSet(false)) {
            LOG.info("upstream={} is listened to again", upstream.configured().name());
        }
        listing.nudge();
        if (again) {
            Set<String> all;
            synchronized (watched) {
                all = Set.copyOf(watched.keySet());
            }
            all.forEach(this::resourceUpdated);
        }
    }

    @Override
    public void deaf(String why) {
        if (!deaf.getAndSet(true)) {
            LOG.info(
                    "upstream={} is not listened to, its lists are asked for: {}",
                    upstream.configured().name(),
                    why);
        }
    }
}

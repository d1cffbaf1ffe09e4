package mistmcp.gateway.auth;

import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import mistmcp.http.HttpRequest;
import mistmcp.http.HttpResponse;

/// Ways to authorization servers, each for one browser: the first that shows its ticket gets a cookie, and only
/// with that cookie the answer counts (RFC 9700 section 4.7). Safe for several threads.
public final class BrowserTickets {
    private static final int MOST = 64;

    private final InstantSource clock;
    private final ReentrantLock turn = new ReentrantLock();
    /// By the digest of the ticket, the oldest first.
    private final Map<String, Visit> visits = new LinkedHashMap<>();

    /// No ways yet.
    public BrowserTickets(InstantSource clock) {
        this.clock = clock;
    }

    /// A way.
    ///
    /// @param state   the digest of what the answer comes back with
    /// @param browser the digest of the cookie of the browser that went it; nobody yet when empty
    private record Visit(URI address, String state, Instant end, Optional<String> browser) {}

    /// Keeps a way, and gives its ticket.
    ///
    /// @param state what the answer will come back with
    /// @param end   until when a browser may go
    public String give(URI address, String state, Instant end) {
        var ticket = RandomIds.fresh();
        turn.lock();
        try {
            visits.values().removeIf(visit -> !clock.instant().isBefore(visit.end()));
            while (visits.size() >= MOST) {
                visits.remove(visits.keySet().iterator().next());
            }
            visits.put(RandomIds.digest(ticket), new Visit(address, RandomIds.digest(state), end, Optional.empty()));
            return ticket;
        } finally {
            turn.unlock();
        }
    }

    /// Where the browser with this ticket goes; nothing when it is too late, or another one has gone.
    public Optional<URI> take(String ticket, HttpRequest request, HttpResponse response) {
        var known = HostCookie.UPSTREAM.read(request);
        turn.lock();
        try {
            var visit = visits.get(RandomIds.digest(ticket));
            if (visit == null || !clock.instant().isBefore(visit.end())) {
                return Optional.empty();
            }
            if (visit.browser().isPresent()) {
                return known.map(RandomIds::digest).equals(visit.browser())
                        ? Optional.of(visit.address())
                        : Optional.empty();
            }
            var browser = known.orElseGet(RandomIds::fresh);
            visits.put(
                    RandomIds.digest(ticket),
                    new Visit(visit.address(), visit.state(), visit.end(), Optional.of(RandomIds.digest(browser))));
            HostCookie.UPSTREAM.set(response, browser, PendingSignIns.LIFE);
            return Optional.of(visit.address());
        } finally {
            turn.unlock();
        }
    }

    /// Whether the browser that comes back with this `state` is the one that went.
    public boolean wentOut(String state, HttpRequest request) {
        var digest = RandomIds.digest(state);
        var browser = HostCookie.UPSTREAM.read(request).map(RandomIds::digest);
        turn.lock();
        try {
            return browser.isPresent()
                    && visits.values().stream()
                            .anyMatch(visit -> visit.state().equals(digest)
                                    && visit.browser().equals(browser));
        } finally {
            turn.unlock();
        }
    }
}

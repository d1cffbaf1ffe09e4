package mistmcp.gateway.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import mistmcp.gateway.identity.Principal;
import mistmcp.http.HttpProblem;
import mistmcp.http.HttpRequest;
import mistmcp.http.HttpResponse;
import mistmcp.settings.Secret;

/// The browsers that are signed in. The browser holds a random id in a cookie that no script can read; all else
/// stays here, in memory. A browser session ends when it has idled for 30 minutes, and with its principal's
/// `expiresAt` in any case. Safe for several threads.
public final class BrowserSessions {
    /// The header with which a page of ours shows that it is one.
    public static final String CSRF_HEADER = "X-CSRF-Token";

    private static final Duration IDLE = Duration.ofMinutes(30);
    private static final int MOST = 10_000;

    private final PublicAddress address;
    private final InstantSource clock;
    private final Cache<String, Open> sessions;

    private record Open(BrowserSession session, Instant seenAt) {}

    /// No browser is signed in yet.
    public BrowserSessions(PublicAddress address, InstantSource clock) {
        this.address = address;
        this.clock = clock;
        this.sessions =
                Caffeine.newBuilder().maximumSize(MOST).expireAfterAccess(IDLE).build();
    }

    /// The browser session of a request, when its cookie names one that has not ended.
    public Optional<BrowserSession> current(HttpRequest request) {
        var key = HostCookie.SESSION.read(request).map(RandomIds::digest);
        if (key.isEmpty()) {
            return Optional.empty();
        }
        var now = clock.instant();
        var open = sessions.asMap()
                .computeIfPresent(key.get(), (_, known) -> ended(known, now) ? null : new Open(known.session(), now));
        return Optional.ofNullable(open).map(Open::session);
    }

    /// The browser session of a call that changes something: a page of ours sent it, and shows the CSRF token.
    ///
    /// @throws HttpProblem 403 `browser_session_required` for a bearer, 403 `origin_required` or `origin_not_own`
    ///                     without our own Origin, 401 `sign_in_required`, 403 `csrf_missing` or `csrf_wrong`
    public BrowserSession requireForChange(HttpRequest request) {
        if (!request.headers("Authorization").isEmpty()) {
            throw new HttpProblem(
                    403, "browser_session_required", "this takes a person in a signed-in browser, not a bearer token");
        }
        requireOwnPage(request);
        var session = current(request).orElseThrow(BrowserSessions::signInRequired);
        var given = request.headers(CSRF_HEADER);
        if (given.isEmpty()) {
            throw new HttpProblem(403, "csrf_missing", "send the token of `GET /auth/session` as `X-CSRF-Token`");
        }
        if (given.size() != 1 || !session.csrf().matches(given.getFirst())) {
            throw new HttpProblem(403, "csrf_wrong", "the `X-CSRF-Token` is not that of this browser session");
        }
        return session;
    }

    /// Opens a browser session and hands its cookie to the browser. One that the browser had before ends.
    public BrowserSession open(Principal principal, HttpRequest request, HttpResponse response) {
        HostCookie.SESSION.read(request).map(RandomIds::digest).ifPresent(sessions::invalidate);
        var now = clock.instant();
        var session = new BrowserSession(principal, new Secret(RandomIds.fresh()), now, principal.expiresAt());
        var id = RandomIds.fresh();
        sessions.put(RandomIds.digest(id), new Open(session, now));
        HostCookie.SESSION.set(response, id);
        return session;
    }

    /// Ends the browser session of a request and clears its cookie.
    public void close(HttpRequest request, HttpResponse response) {
        HostCookie.SESSION.read(request).map(RandomIds::digest).ifPresent(sessions::invalidate);
        HostCookie.SESSION.clear(response);
    }

    /// Admits pages of ours only.
    ///
    /// @throws HttpProblem 403 `origin_required` or `origin_not_own`
    void requireOwnPage(HttpRequest request) {
        if (request.headers("Origin").isEmpty()) {
            throw new HttpProblem(403, "origin_required", "this is for pages of this gateway: the Origin is missing");
        }
        if (!address.fromOwnPage(request)) {
            throw new HttpProblem(403, "origin_not_own", "this is for pages of this gateway, not of another site");
        }
    }

    static HttpProblem signInRequired() {
        return new HttpProblem(401, "sign_in_required", "this browser is not signed in");
    }

    private static boolean ended(Open open, Instant now) {
        return !now.isBefore(open.session().endsAt())
                || !now.isBefore(open.seenAt().plus(IDLE));
    }
}

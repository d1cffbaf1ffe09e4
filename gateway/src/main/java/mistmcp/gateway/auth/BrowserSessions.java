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

/// The browsers that are signed in. The browser holds a random id in a cookie that no script can read; all
/// else stays here, in memory. A browser session ends when it has idled for 30 minutes, after twelve hours,
/// and with its principal's `expiresAt` unless the provider renews it. Safe for several threads.
public final class BrowserSessions {
    /// The header with which a page of ours shows that it is one.
    public static final String CSRF_HEADER = "X-CSRF-Token";

    private static final Duration IDLE = Duration.ofMinutes(30);
    private static final Duration LONGEST = Duration.ofHours(12);
    private static final int MOST = 10_000;

    private final PublicAddress address;
    private final InstantSource clock;
    private final Cache<String, Open> sessions;
    private final Cache<String, Tenure.Trouble> ended =
            Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(IDLE).build();

    private record Open(BrowserSession session, Instant seenAt, Optional<Tenure> tenure) {}

    /// Why a browser session has ended.
    ///
    /// @param code   the stable code
    /// @param detail in one line
    public record Ending(String code, String detail) {}

    /// Names a browser session without giving the right to use it.
    ///
    /// @param key       under which it is kept
    /// @param principal the key of who signed in
    record Handle(String key, String principal) {}

    /// No browser is signed in yet.
    public BrowserSessions(PublicAddress address, InstantSource clock) {
        this.address = address;
        this.clock = clock;
        this.sessions =
                Caffeine.newBuilder().maximumSize(MOST).expireAfterAccess(IDLE).build();
    }

    /// The browser session of a request, when its cookie names one that has not ended. Waits for the provider
    /// only when the session's token has ended and can be renewed.
    public Optional<BrowserSession> current(HttpRequest request) {
        try {
            var key = key(request);
            return key.isPresent() ? current(key.get()) : Optional.empty();
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new HttpProblem(503, "stopping", "the server is stopping");
        }
    }

    private Optional<BrowserSession> current(String key) throws InterruptedException {
        var known = sessions.getIfPresent(key);
        if (known == null) {
            return Optional.empty();
        }
        boolean idle = !clock.instant().isBefore(known.seenAt().plus(IDLE));
        var session = idle ? known.session() : upToDate(known);
        var now = clock.instant();
        if (idle
                || !now.isBefore(session.endsAt())
                || known.tenure().filter(tenure -> tenure.over(now)).isPresent()) {
            end(key, known);
            return Optional.empty();
        }
        var kept = sessions.asMap().computeIfPresent(key, (_, open) -> new Open(session, now, open.tenure()));
        return Optional.ofNullable(kept).map(Open::session);
    }

    private static BrowserSession upToDate(Open open) throws InterruptedException {
        if (open.tenure().isEmpty()) {
            return open.session();
        }
        var tenure = open.tenure().get();
        var before = open.session();
        var principal = tenure.principal();
        return new BrowserSession(
                principal,
                before.csrf(),
                before.signedInAt(),
                before.provenAt(),
                earlier(principal.expiresAt(), before.signedInAt().plus(LONGEST)),
                tenure.renews(),
                tenure.trouble().map(Tenure.Trouble::detail));
    }

    private void end(String key, Open open) {
        sessions.invalidate(key);
        ended.put(key, open.tenure().flatMap(Tenure::trouble).orElseGet(() -> Tenure.Trouble.of(SignInFault.ENDED)));
    }

    /// Why the browser session of a request has ended, when it ended a short while ago.
    public Optional<Ending> ending(HttpRequest request) {
        return key(request).map(ended::getIfPresent).map(trouble -> new Ending(trouble.code(), trouble.detail()));
    }

    /// Names the browser session of a request.
    Optional<Handle> handle(HttpRequest request) {
        return current(request)
                .map(session -> new Handle(
                        key(request).orElseThrow(), session.principal().key()));
    }

    /// The browser session of a call that changes something: a page of ours sent it, and shows the CSRF
    /// token.
    ///
    /// @throws HttpProblem 403 `browser_session_required` for a bearer, 403 `origin_required` or
    ///                     `origin_not_own` without our own Origin, 401 `sign_in_required`, 403
    ///                     `csrf_missing` or `csrf_wrong`
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

    /// Opens a browser session of a human who signed in just now, and hands its cookie to the browser. One
    /// that the browser had before ends.
    public BrowserSession open(Principal principal, HttpRequest request, HttpResponse response) {
        var now = clock.instant();
        return open(principal, Optional.of(now), Optional.empty(), key(request), response);
    }

    /// Opens a browser session.
    ///
    /// @param provenAt when the human proved who they are, as far as that is known
    /// @param tenure   how it stands with the provider
    /// @param replaces the browser session that ends with this one
    BrowserSession open(
            Principal principal,
            Optional<Instant> provenAt,
            Optional<Tenure> tenure,
            Optional<String> replaces,
            HttpResponse response) {
        replaces.ifPresent(sessions::invalidate);
        var now = clock.instant();
        var session = new BrowserSession(
                principal,
                new Secret(RandomIds.fresh()),
                now,
                provenAt,
                earlier(principal.expiresAt(), now.plus(LONGEST)),
                tenure.filter(Tenure::renews).isPresent(),
                Optional.empty());
        var id = RandomIds.fresh();
        sessions.put(RandomIds.digest(id), new Open(session, now, tenure));
        HostCookie.SESSION.set(response, id);
        return session;
    }

    /// Ends the browser session of a request and clears its cookie.
    public void close(HttpRequest request, HttpResponse response) {
        closed(request, response);
    }

    /// Ends the browser session of a request and clears its cookie.
    ///
    /// @return how it stood with the provider
    Optional<Tenure> closed(HttpRequest request, HttpResponse response) {
        var open = key(request).map(key -> sessions.asMap().remove(key));
        HostCookie.SESSION.clear(response);
        return open.flatMap(Open::tenure);
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

    private static Optional<String> key(HttpRequest request) {
        return HostCookie.SESSION.read(request).map(RandomIds::digest);
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}

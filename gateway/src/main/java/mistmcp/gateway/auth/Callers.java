package mistmcp.gateway.auth;

import mistmcp.gateway.identity.Principal;
import mistmcp.http.HttpProblem;
import mistmcp.http.HttpRequest;

/// Says who sent a request, whichever proof it carries: a bearer token, or a browser's cookie. Each method
/// throws the refusal as an [HttpProblem], and the journal has it.
public final class Callers {
    private final Authenticator authenticator;
    private final BrowserSessions browsers;
    private final SignInJournal journal;

    /// Callers by these proofs.
    public Callers(Authenticator authenticator, BrowserSessions browsers, SignInJournal journal) {
        this.authenticator = authenticator;
        this.browsers = browsers;
        this.journal = journal;
    }

    /// The caller by bearer token only, as for `/mcp`: a cookie counts for nothing.
    public Principal bearer(HttpRequest request) {
        try {
            return switch (authenticator.authenticate(request)) {
                case Authentication.Authenticated(var principal) -> principal;
                case Authentication.Refused refused -> {
                    journal.note(new SignInEvent.Refused(
                            refused.auditReason(), refused.code(), refused.subject(), request.client(), request.id()));
                    throw refused.problem();
                }
            };
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new HttpProblem(503, "stopping", "the server is stopping");
        }
    }

    /// Whether the bearer token of a request still holds: it has not expired, and its key is still in use.
    /// The journal has nothing of this look.
    public boolean holds(HttpRequest request) {
        try {
            return authenticator.authenticate(request) instanceof Authentication.Authenticated;
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// The caller by bearer token, or else by browser session. From a browser everything but GET and HEAD
    /// must come from a page of ours and carry the CSRF token.
    public Principal any(HttpRequest request) {
        boolean cookie = request.headers("Authorization").isEmpty()
                && HostCookie.SESSION.read(request).isPresent();
        if (!cookie) {
            return bearer(request);
        }
        boolean reads = request.method().equals("GET") || request.method().equals("HEAD");
        return reads
                ? browsers.current(request)
                        .orElseThrow(() -> noted(request, BrowserSessions.signInRequired()))
                        .principal()
                : browser(request).principal();
    }

    /// The caller by browser session only, for what a bearer must not do: approve, commit, sign out.
    public BrowserSession browser(HttpRequest request) {
        try {
            return browsers.requireForChange(request);
        } catch (HttpProblem problem) {
            throw noted(request, problem);
        }
    }

    private HttpProblem noted(HttpRequest request, HttpProblem problem) {
        journal.note(new SignInEvent.Refused(
                problem.code(), problem.code(), java.util.Optional.empty(), request.client(), request.id()));
        return problem;
    }
}

package mistmcp.gateway.auth;

import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import mistmcp.gateway.identity.Principal;
import mistmcp.http.HttpProblem;
import mistmcp.http.HttpRequest;
import mistmcp.http.HttpResponse;
import mistmcp.json.InvalidJson;
import mistmcp.json.Json;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonObject;

/// Signing in with DEV: anybody on this machine may mint a bearer token, but a browser session, which
/// approves changes, is for the human who can read the gateway's run file. The way there is a one-time code
/// of 60 s, which only the operator's token gets; a browser shows it once and may then fill in the form. See
/// docs/decisions/0002-dev-sign-in.md.
public final class DevSignIn {
    private static final JsonLimits LIMITS = new JsonLimits(256 << 10, 8, 64);

    private final DevMint mint;
    private final OperatorAccess operator;
    private final BrowserSessions browsers;
    private final SignInJournal journal;
    private final SignInCodes codes;
    private final BrowserPermits permits;
    private final Bucket budget = Bucket.builder()
            .addLimit(limit -> limit.capacity(120).refillGreedy(120, Duration.ofMinutes(1)))
            .build();

    /// What a browser that signs in gets.
    public sealed interface Step {
        /// The code was right: the browser may send the form now.
        record Permitted(Duration life) implements Step {}

        /// The browser is signed in.
        record SignedIn(BrowserSession session) implements Step {}
    }

    /// Signing in by this mint.
    public DevSignIn(
            DevMint mint,
            OperatorAccess operator,
            BrowserSessions browsers,
            SignInJournal journal,
            InstantSource clock) {
        this.mint = mint;
        this.operator = operator;
        this.browsers = browsers;
        this.journal = journal;
        this.codes = new SignInCodes(clock);
        this.permits = new BrowserPermits(clock);
    }

    /// Makes a bearer token for a caller on this machine.
    public DevMint.Minted mint(HttpRequest request) {
        LocalCall.require(request);
        LocalCall.requireJson(request);
        if (!request.headers("Origin").isEmpty()) {
            browsers.requireOwnPage(request);
        }
        spend();
        var minted = mint.mint(body(request));
        journal.note(new SignInEvent.Minted(minted.principal(), request.peer(), request.id()));
        return minted;
    }

    /// Makes a one-time code for the operator, good for [#codeLife].
    public String link(HttpRequest request) {
        operator.require(request);
        journal.note(new SignInEvent.LinkMade(request.peer(), request.id()));
        return codes.make();
    }

    /// How long a one-time code is good.
    public Duration codeLife() {
        return SignInCodes.LIFE;
    }

    /// Whether this browser may send the form.
    public boolean permitted(HttpRequest request) {
        return permits.held(request);
    }

    /// Takes what the sign-in page sends: a code, the form, or both.
    public Step signIn(HttpRequest request, HttpResponse response) {
        LocalCall.require(request);
        LocalCall.requireJson(request);
        if (!request.headers("Authorization").isEmpty()) {
            throw refused(request, 400, "authorization_not_taken", "a bearer token gives no browser session");
        }
        browsers.requireOwnPage(request);
        var body = body(request);
        var code = code(body);
        // The form is read first: a slip in it must not cost the code.
        var form = body.without("code");
        var principal =
                code.isPresent() && form.isEmpty() ? Optional.<Principal>empty() : Optional.of(mint.principal(form));
        admit(request, code);
        if (code.isPresent()) {
            permits.grant(response);
        }
        if (principal.isEmpty()) {
            return new Step.Permitted(BrowserPermits.LIFE);
        }
        var session = browsers.open(principal.get(), request, response);
        journal.note(new SignInEvent.Opened(session.principal(), request.peer(), request.id()));
        return new Step.SignedIn(session);
    }

    private void admit(HttpRequest request, Optional<String> code) {
        if (code.isPresent()) {
            if (!codes.redeem(code.get())) {
                throw refused(
                        request,
                        403,
                        "sign_in_code_wrong",
                        "the sign-in code was used before, is older than 60 s, or is not one: run `./mist login`"
                                + " for a new link");
            }
        } else if (!permits.held(request)) {
            throw refused(
                    request,
                    403,
                    "sign_in_code_required",
                    "this browser needs a sign-in link first: open the one that `./mist up` prints, or run"
                            + " `./mist login`");
        }
    }

    private HttpProblem refused(HttpRequest request, int status, String code, String detail) {
        journal.note(new SignInEvent.Refused(code, code, Optional.empty(), request.peer(), request.id()));
        return new HttpProblem(status, code, detail);
    }

    private void spend() {
        var probe = budget.tryConsumeAndReturnRemaining(1);
        if (!probe.isConsumed()) {
            long seconds = Duration.ofNanos(probe.getNanosToWaitForRefill()).toSeconds() + 1;
            throw new HttpProblem(
                    429,
                    "mint_rate",
                    "too many tokens were made: wait a moment",
                    JsonObject.EMPTY,
                    Map.of("Retry-After", Long.toString(seconds)));
        }
    }

    private static Optional<String> code(JsonObject body) {
        if (!body.has("code")) {
            return Optional.empty();
        }
        return Optional.of(body.string("code")
                .orElseThrow(() -> new HttpProblem(400, "sign_in_code_malformed", "`code` must be text")));
    }

    private static JsonObject body(HttpRequest request) {
        try {
            return Json.parseObject(request.body(), LIMITS);
        } catch (InvalidJson invalid) {
            throw new HttpProblem(400, "invalid_json", "the body is not usable JSON: " + invalid.getMessage());
        }
    }
}

package mistmcp.gateway.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.oauth2.sdk.util.URLUtils;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import mistmcp.gateway.identity.Principal;
import mistmcp.http.HttpClient;
import mistmcp.http.HttpRequest;
import mistmcp.http.HttpResponse;
import mistmcp.settings.Secret;

/// Signing browsers in with the provider: the gateway is the OAuth client (authorization code with PKCE). The
/// provider's tokens stay here; the browser gets the cookie of a browser session. The access token goes
/// through the checks of a bearer's, so a role counts the same on either way. Safe for several threads.
///
/// Sources: RFC 6749, RFC 7636, RFC 9207, RFC 9700, OpenID Connect Core 1.0.
public final class OidcSignIn {
    private static final String SIGN_IN_PAGE = "/ui/sign-in";
    /// How far the provider's clock may be off when it says that somebody signed in just now.
    private static final Duration FRESH_SKEW = Duration.ofSeconds(10);

    private final AuthSettings.Oidc settings;
    private final Authenticator authenticator;
    private final BrowserSessions browsers;
    private final Provider provider;
    private final SignInJournal journal;
    private final InstantSource clock;
    private final PendingSignIns pending;
    private final ClaimRules accessRules;
    private final ClaimRules idRules;
    private final IdTokenRules identity;
    private final Cache<String, SignInRefusal> refusals = Caffeine.newBuilder()
            .maximumSize(10_000)
            .expireAfterWrite(PendingSignIns.LIFE)
            .build();

    /// Signing in with this client at the provider.
    ///
    /// @param clientId this gateway at the provider
    /// @param client   the caller's to close
    public OidcSignIn(
            AuthSettings.Oidc settings,
            String clientId,
            Authenticator authenticator,
            BrowserSessions browsers,
            HttpClient client,
            SignInJournal journal,
            InstantSource clock) {
        this(
                settings,
                new Provider(settings, clientId, client, clock, Provider.Patience.USUAL),
                authenticator,
                browsers,
                journal,
                clock);
    }

    OidcSignIn(
            AuthSettings.Oidc settings,
            Provider provider,
            Authenticator authenticator,
            BrowserSessions browsers,
            SignInJournal journal,
            InstantSource clock) {
        var clientId = provider.clientId();
        this.settings = settings;
        this.authenticator = authenticator;
        this.browsers = browsers;
        this.provider = provider;
        this.journal = journal;
        this.clock = clock;
        this.pending = new PendingSignIns(clock);
        this.accessRules =
                new ClaimRules(withOwnClient(settings.tokens(), clientId), settings.roles(), settings.sites());
        this.idRules = new ClaimRules(ofIdTokens(settings.tokens(), clientId), settings.roles(), settings.sites());
        this.identity = new IdTokenRules(provider.issuer(), clientId);
    }

    /// Begins a sign-in. The request may ask for `return`, a page of ours to come back to, `fresh`, to prove
    /// anew who one is, and `switch`, to come as somebody else than the provider's session says.
    ///
    /// @return where the browser goes: to the provider, or back to the page, which then has a [#refusal]
    public String begin(HttpRequest request, HttpResponse response) throws InterruptedException {
        // A link on another site opens the page, where the human decides; it begins nothing.
        if (request.header("Sec-Fetch-Site")
                .filter(site -> !site.equals("same-origin") && !site.equals("none"))
                .isPresent()) {
            return SIGN_IN_PAGE;
        }
        var browser = HostCookie.SIGN_IN.read(request).orElseGet(RandomIds::fresh);
        HostCookie.SIGN_IN.set(response, browser, PendingSignIns.LIFE);
        refusals.invalidate(RandomIds.digest(browser));
        var back = ReturnPath.of(request.query("return"));
        try {
            return provider(request, browser, back);
        } catch (RefusedSignIn refused) {
            refuse(refused, browser, request);
            return back.text();
        }
    }

    private String provider(HttpRequest request, String browser, ReturnPath back)
            throws RefusedSignIn, InterruptedException {
        var metadata = provider.metadata();
        var nonce = new Secret(RandomIds.fresh());
        var verifier = new Secret(RandomIds.fresh());
        var redirectUri = callback(request);
        boolean fresh = request.query("fresh").isPresent();
        var state = pending.begin(new PendingSignIns.Pending(
                        RandomIds.digest(browser),
                        nonce,
                        verifier,
                        redirectUri,
                        back,
                        metadata,
                        fresh,
                        browsers.handle(request),
                        clock.instant()))
                .orElseThrow(() -> new RefusedSignIn(SignInFault.BUSY));
        boolean prompt = request.query("switch").isPresent();
        return provider.signInAt(metadata, redirectUri, state, nonce, verifier, prompt, fresh)
                .toString();
    }

    /// Takes the provider's answer, and opens a browser session when all of it holds.
    ///
    /// @return the page where the browser goes; when it was refused, the page has a [#refusal]
    public String finish(HttpRequest request, HttpResponse response) throws InterruptedException {
        var browser = HostCookie.SIGN_IN.read(request);
        var back = ReturnPath.HOME;
        try {
            var answer = answer(request);
            if (answer.isEmpty()) {
                return SIGN_IN_PAGE; // back from signing out at the provider
            }
            var begun = pending.take(parameter(answer, "state"))
                    .orElseThrow(() -> new RefusedSignIn(SignInFault.STATE_UNKNOWN));
            if (browser.map(RandomIds::digest).filter(begun.browser()::equals).isEmpty()) {
                throw new RefusedSignIn(SignInFault.STATE_FOREIGN);
            }
            back = begun.back();
            open(answer, begun, request, response);
            refusals.invalidate(begun.browser());
            return back.text();
        } catch (RefusedSignIn refused) {
            var told = browser.orElseGet(RandomIds::fresh);
            HostCookie.SIGN_IN.set(response, told, PendingSignIns.LIFE);
            refuse(refused, told, request);
            return back.text();
        }
    }

    private void open(
            Map<String, String> answer, PendingSignIns.Pending begun, HttpRequest request, HttpResponse response)
            throws RefusedSignIn, InterruptedException {
        requireIssuer(answer, begun.metadata());
        if (answer.containsKey("error")) {
            var said = answer.getOrDefault("error_description", "");
            throw new RefusedSignIn(
                    SignInFault.DECLINED,
                    PlainText.shown(answer.getOrDefault("error", ""))
                            + (said.isEmpty() ? "" : " " + PlainText.shown(said)));
        }
        var code = parameter(answer, "code");
        var grant = provider.redeem(begun.metadata(), code, begun.redirectUri(), begun.verifier());
        try {
            var who = identify(grant, Optional.of(begun.nonce()));
            var provenAt = provenAt(begun, who.identity());
            requireSamePerson(begun, who.principal());
            var tenure = new Tenure(
                    who.principal(),
                    grant.refresh(),
                    (refresh, before) -> renewed(refresh, before, who),
                    journal,
                    clock);
            browsers.open(
                    who.principal(),
                    provenAt,
                    Optional.of(tenure),
                    begun.signedIn().map(BrowserSessions.Handle::key),
                    response);
            journal.note(new SignInEvent.Opened(who.principal(), request.client(), request.id()));
        } catch (RefusedSignIn refused) {
            grant.refresh().ifPresent(this::revoke);
            throw refused;
        }
    }

    private record Person(Principal principal, IdTokenRules.Identity identity) {}

    private Person identify(Provider.Grant grant, Optional<Secret> nonce) throws RefusedSignIn, InterruptedException {
        var now = clock.instant();
        var text = grant.id().orElseThrow(() -> new RefusedSignIn(SignInFault.ID_TOKEN_MISSING));
        CompactToken token;
        mistmcp.json.JsonObject claims;
        try {
            token = authenticator.signed(text.reveal());
            claims = token.claims();
        } catch (RefusedToken refused) {
            throw refused.fault() == TokenFault.KEYS_UNAVAILABLE
                    ? RefusedSignIn.of(refused, provider.issuer(), "")
                    : new RefusedSignIn(
                            SignInFault.ID_TOKEN_INVALID, refused.fault().reason());
        }
        var named = identity.check(claims, token.algorithm(), nonce, grant.access(), now);
        try {
            return new Person(
                    switch (settings.signIn().token()) {
                        case ID -> idRules.ofAnyKind(claims, now);
                        case ACCESS -> byAccessToken(grant.access(), named, now);
                    },
                    named);
        } catch (RefusedToken refused) {
            throw RefusedSignIn.of(refused, provider.issuer(), named.subject());
        }
    }

    private Principal byAccessToken(Secret access, IdTokenRules.Identity named, Instant now)
            throws RefusedToken, RefusedSignIn, InterruptedException {
        CompactToken token;
        try {
            token = authenticator.signed(access.reveal());
        } catch (RefusedToken refused) {
            throw switch (refused.fault()) {
                case NOT_THREE_PARTS,
                        ENCRYPTED,
                        EMPTY_PART,
                        NOT_BASE64URL,
                        NOT_CANONICAL,
                        HEADER_NOT_JSON,
                        HEADER_NOT_UTF8 -> new RefusedSignIn(SignInFault.TOKEN_OPAQUE);
                case KEYS_UNAVAILABLE -> RefusedSignIn.of(refused, provider.issuer(), named.subject());
                // The provider itself has just given it, so that its holder may know what is wrong with it.
                default ->
                    new RefusedSignIn(SignInFault.TOKEN_FOREIGN, refused.fault().reason());
            };
        }
        var claims = token.claims();
        var principal = accessRules.principal(claims, now);
        // Entra gives one person another `sub` for each application, and the same `oid`.
        boolean same = principal.subject().equals(named.subject())
                || (named.objectId().isPresent() && claims.string("oid").equals(named.objectId()));
        if (!same) {
            throw new RefusedSignIn(SignInFault.SUBJECT_MISMATCH);
        }
        return principal;
    }

    private Tenure.Renewed renewed(Secret refresh, Principal before, Person first)
            throws RefusedSignIn, InterruptedException {
        var grant = provider.renew(refresh);
        // A renewal need not bring an ID token; the access token then stands for the same person.
        Principal principal;
        if (grant.id().isPresent() || settings.signIn().token() == SignInSettings.Token.ID) {
            var again = identify(grant, Optional.empty());
            if (!again.identity().subject().equals(first.identity().subject())) {
                throw new RefusedSignIn(SignInFault.SUBJECT_MISMATCH);
            }
            principal = again.principal();
        } else {
            try {
                principal = byAccessToken(grant.access(), first.identity(), clock.instant());
            } catch (RefusedToken refused) {
                throw RefusedSignIn.of(refused, before.issuer(), before.subject());
            }
        }
        if (!principal.key().equals(before.key())) {
            throw new RefusedSignIn(SignInFault.SUBJECT_MISMATCH);
        }
        return new Tenure.Renewed(principal, grant.refresh());
    }

    /// When the human proved who they are, told by our clock: within this sign-in, or not known.
    private Optional<Instant> provenAt(PendingSignIns.Pending begun, IdTokenRules.Identity identity)
            throws RefusedSignIn {
        var now = clock.instant();
        var within = identity.authTime()
                .filter(at -> !at.isBefore(begun.begunAt().minus(FRESH_SKEW)) && !at.isAfter(now.plus(ClaimRules.SKEW)))
                .map(at -> at.isAfter(now) ? now : at)
                .map(at -> at.isBefore(begun.begunAt()) ? begun.begunAt() : at);
        if (begun.fresh() && within.isEmpty()) {
            throw new RefusedSignIn(SignInFault.NOT_FRESH);
        }
        return within;
    }

    private static void requireSamePerson(PendingSignIns.Pending begun, Principal principal) throws RefusedSignIn {
        if (begun.fresh()
                && begun.signedIn()
                        .filter(before -> !before.principal().equals(principal.key()))
                        .isPresent()) {
            throw new RefusedSignIn(SignInFault.OTHER_PERSON);
        }
    }

    private static void requireIssuer(Map<String, String> answer, ProviderMetadata metadata) throws RefusedSignIn {
        var named = Optional.ofNullable(answer.get("iss"));
        if (named.isEmpty() && metadata.namesItself()) {
            throw new RefusedSignIn(SignInFault.ANSWER_ISSUER_MISSING);
        }
        if (named.filter(iss -> !iss.equals(metadata.issuer())).isPresent()) {
            throw new RefusedSignIn(SignInFault.ANSWER_ISSUER_WRONG, PlainText.shown(named.get()));
        }
    }

    private static Map<String, String> answer(HttpRequest request) throws RefusedSignIn {
        var answer = new HashMap<String, String>();
        for (var entry : URLUtils.parseParameters(request.rawQuery()).entrySet()) {
            if (entry.getValue().size() != 1) {
                throw new RefusedSignIn(SignInFault.ANSWER_MALFORMED);
            }
            answer.put(entry.getKey(), entry.getValue().getFirst());
        }
        return answer;
    }

    private static String parameter(Map<String, String> answer, String name) throws RefusedSignIn {
        return Optional.ofNullable(answer.get(name))
                .filter(text -> !text.isEmpty() && text.length() <= 8_192)
                .orElseThrow(() -> new RefusedSignIn(SignInFault.ANSWER_MALFORMED));
    }

    /// Signs a browser out: its browser session ends, and its refresh token is revoked where the provider
    /// takes that. The revocation comes first, as what the provider then asks the browser depends on it. For
    /// a provider that is slow with it the browser waits 3 s; it goes on after that.
    ///
    /// @return where the browser goes to sign out at the provider too, when there is such an address
    public Optional<URI> end(HttpRequest request, HttpResponse response) throws InterruptedException {
        var tenure = browsers.closed(request, response);
        if (tenure.isPresent()) {
            var ended = tenure.get();
            Thread.ofVirtual()
                    .name("sign-out")
                    .start(() -> revoke(ended))
                    .join(provider.patience().revocation());
        }
        try {
            return provider.signOutAt(provider.metadata(), callback(request));
        } catch (RefusedSignIn unreachable) {
            return Optional.empty();
        }
    }

    /// Why this browser was not signed in, when that was a short while ago.
    public Optional<SignInRefusal> refusal(HttpRequest request) {
        return HostCookie.SIGN_IN.read(request).map(browser -> refusals.getIfPresent(RandomIds.digest(browser)));
    }

    private void refuse(RefusedSignIn refused, String browser, HttpRequest request) {
        refusals.put(
                RandomIds.digest(browser),
                new SignInRefusal(refused.code(), refused.detail(), request.id(), clock.instant()));
        journal.note(
                refused.subject().isPresent()
                        ? new SignInEvent.TurnedAway(
                                refused.reason(),
                                refused.code(),
                                refused.subject().get(),
                                refused.detail(),
                                request.client(),
                                request.id())
                        : new SignInEvent.Refused(
                                refused.reason(), refused.code(), Optional.empty(), request.client(), request.id()));
    }

    private void revoke(Tenure ended) {
        try {
            var refresh = ended.close();
            if (refresh.isPresent()) {
                provider.revoke(refresh.get());
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private void revoke(Secret refresh) {
        Thread.ofVirtual().name("sign-in-refused").start(() -> {
            try {
                provider.revoke(refresh);
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private String callback(HttpRequest request) {
        return settings.address().base(request) + "/auth/callback";
    }

    /// `ALLOWED_CLIENTS` is for bearers; the gateway's own client is always allowed here.
    private static TokenRules withOwnClient(TokenRules rules, String clientId) {
        var clients = new HashSet<>(rules.clients());
        if (!clients.isEmpty()) {
            clients.add(clientId);
        }
        return new TokenRules(rules.issuers(), rules.audiences(), clients, rules.algorithms(), rules.maxLife());
    }

    private static TokenRules ofIdTokens(TokenRules rules, String clientId) {
        return new TokenRules(
                rules.issuers(), java.util.List.of(clientId), java.util.Set.of(), rules.algorithms(), rules.maxLife());
    }
}

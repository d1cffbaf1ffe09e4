package mistmcp.mcp.oauth;

import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import mistmcp.http.HttpClient;
import mistmcp.json.JsonObject;
import mistmcp.settings.Secret;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The authorization towards one MCP server: finds its authorization server, gets a token there, keeps and
/// renews it. Whoever waits for a renewal waits for the same one. Safe for several threads.
public final class OAuthClient implements Authorization {
    private static final Logger LOG = LoggerFactory.getLogger(OAuthClient.class);
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(30);
    /// A server that takes no fresh token may come round, when somebody has set it right.
    private static final Duration AFTER_REFUSAL = Duration.ofMinutes(5);
    /// A server that refuses a token this young refuses the next one too.
    private static final Duration YOUNG = Duration.ofSeconds(10);

    private static final String OFFLINE = "offline_access";
    /// What RFC 6749 and Keycloak say of a scope that a client or a person must not have.
    private static final Set<String> NOT_GIVEN = Set.of("invalid_scope", "not_allowed");

    private static final int MAX_PENDING = 8;
    private static final int MAX_MISSING = 100;

    private final OAuthOptions options;
    private final Vault vault;
    private final InstantSource clock;
    private final Visitor visitor;
    private final Consumer<Refusal> onLost;
    private final Discovery discovery;
    private final Clients clients;
    private final TokenEndpoint endpoint;
    private final ReentrantLock working = new ReentrantLock();
    private final Map<String, Pending> pending = new LinkedHashMap<>();
    private final Set<String> missing = new LinkedHashSet<>();
    /// The issuers that list `offline_access` and do not give it.
    private final Set<String> online = new HashSet<>();
    private volatile Kept kept;
    private volatile Optional<Challenge> challenge = Optional.empty();
    private volatile Optional<String> refused = Optional.empty();
    private volatile Instant notBefore = Instant.EPOCH;
    private volatile Optional<Refusal> recent = Optional.empty();
    private @Nullable ServerMetadata known;

    /// A client for the server at this address.
    ///
    /// @param http    confined to where the server's words may lead
    /// @param visitor asks a person while a request waits; `NOBODY` where people are asked at another time
    /// @param onLost  told when a token is gone and cannot be renewed
    public OAuthClient(
            URI server,
            OAuthOptions options,
            HttpClient http,
            Vault vault,
            InstantSource clock,
            Visitor visitor,
            Consumer<Refusal> onLost) {
        this.options = options;
        this.vault = vault;
        this.clock = clock;
        this.visitor = visitor;
        this.onLost = onLost;
        var fetch = new Fetch(http);
        this.discovery = new Discovery(server, fetch);
        this.clients = new Clients(options, fetch);
        this.endpoint = new TokenEndpoint(fetch);
        this.kept = vault.load();
    }

    /// Our client metadata document, for who serves it.
    ///
    /// @param address where it is served
    public static JsonObject document(OAuthOptions options, URI address) {
        return Clients.metadata(options)
                .with("client_id", address.toString())
                .with("token_endpoint_auth_method", "none");
    }

    @Override
    public boolean answers() {
        return true;
    }

    @Override
    public Optional<Bearer> bearer() {
        var tokens = kept.tokens();
        var now = clock.instant();
        if (tokens.isEmpty() || !renews(tokens.get()) || !tokens.get().due(now) || resting()) {
            return tokens.map(Tokens::access);
        }
        if (!tokens.get().over(now) && working.isLocked()) {
            return tokens.map(Tokens::access);
        }
        working.lock();
        try {
            if (kept.tokens().equals(tokens)) {
                renew(tokens.get());
            }
        } catch (OAuthFault failed) {
            // The old one goes out as long as it lives; after that the server's refusal tells the rest.
            rest(failed.refusal(), AFTER_FAILURE);
        } finally {
            working.unlock();
        }
        return kept.tokens().map(Tokens::access);
    }

    @Override
    public void accepted() {
        if (refused.isPresent()) {
            refused = Optional.empty();
            recent = Optional.empty();
        }
    }

    @Override
    public Verdict challenged(Challenge asked, Optional<Bearer> sent) {
        working.lock();
        try {
            var tokens = kept.tokens();
            if (tokens.isPresent() && sent.filter(tokens.get().access()::equals).isEmpty()) {
                return new Verdict.Again();
            }
            challenge = Optional.of(asked);
            return asked.status() == 403 && tokens.isPresent() ? stepUp(asked, tokens.get()) : letIn(asked, tokens);
        } catch (OAuthFault failed) {
            rest(failed.refusal(), AFTER_FAILURE);
            return failed(failed.refusal());
        } finally {
            working.unlock();
        }
    }

    /// What has just failed is not tried again for each request that waits.
    private void rest(Refusal why, Duration pause) {
        notBefore = clock.instant().plus(pause);
        recent = Optional.of(why);
    }

    private boolean resting() {
        return recent.isPresent() && clock.instant().isBefore(notBefore);
    }

    /// Prepares to ask a person, or gets a token at once where there is nobody to ask.
    public Begun begin() {
        working.lock();
        try {
            return prepare();
        } catch (OAuthFault failed) {
            return new Begun.Refused(failed.refusal());
        } finally {
            working.unlock();
        }
    }

    /// Whether an answer with this `state` is waited for here.
    public boolean awaits(String state) {
        working.lock();
        try {
            return pending.containsKey(state);
        } finally {
            working.unlock();
        }
    }

    /// Takes what came back to the redirect address. It counts once, in time, and only from the issuer that
    /// was asked (RFC 9207); of an answer that is not its, nothing is read.
    public Finished finish(Map<String, String> answer) {
        working.lock();
        try {
            return new Finished.Done(
                    take(answer).issuer(), kept.tokens().map(Tokens::scopes).orElse(Set.of()));
        } catch (OAuthFault failed) {
            return new Finished.Refused(failed.refusal());
        } finally {
            working.unlock();
        }
    }

    /// How it stands.
    public AccessState state() {
        var tokens = kept.tokens();
        var why = refused;
        if (why.isPresent()) {
            return new AccessState.NeedsAuthorization(why.get());
        }
        if (tokens.isEmpty()) {
            return new AccessState.Unasked();
        }
        Set<String> lacking;
        synchronized (missing) {
            lacking = Set.copyOf(missing);
        }
        return new AccessState.Authorized(
                tokens.get().issuer(), tokens.get().scopes(), tokens.get().expiresAt(), renews(tokens.get()), lacking);
    }

    /// Asks for more rights once: a server that is not content with all that it asked for never will be.
    private Verdict stepUp(Challenge asked, Tokens tokens) throws OAuthFault {
        boolean futile;
        synchronized (missing) {
            asked.scopes().stream().filter(_ -> missing.size() < MAX_MISSING).forEach(missing::add);
            missing.removeAll(kept.requestedOf(tokens.issuer()));
            futile = missing.isEmpty();
        }
        if (futile || !visitor.atHand()) {
            return missing(futile ? "the server refuses what it was authorized for" : "it asks for more rights");
        }
        return anew("more rights are needed");
    }

    private Verdict letIn(Challenge asked, Optional<Tokens> tokens) throws OAuthFault {
        if (resting()) {
            return failed(recent.orElseThrow());
        }
        if (tokens.isEmpty()) {
            return anew(refused.orElse("it has none yet"));
        }
        var held = tokens.get();
        if (!moved(asked, held) && renews(held)) {
            boolean fresh = fresh(held);
            if (fresh && !visitor.atHand()) {
                var why = new Refusal("oauth_token_refused", "the server does not take its token");
                rest(why, AFTER_REFUSAL);
                return failed(why);
            }
            if (!fresh) {
                renew(held);
                return kept.tokens().isPresent()
                        ? new Verdict.Again()
                        : anew(refused.orElse("its authorization has ended"));
            }
        }
        return anew("the server does not take its token");
    }

    /// Whether the next token would fare no better than this one.
    private boolean fresh(Tokens held) {
        var now = clock.instant();
        return now.isBefore(held.issuedAt().plus(YOUNG)) && !held.due(now);
    }

    private boolean renews(Tokens tokens) {
        return options.machine() || tokens.refresh().isPresent();
    }

    /// A server that has come to another issuer gets no token of the former one.
    private boolean moved(Challenge asked, Tokens tokens) throws OAuthFault {
        var resource = discovery.resource(asked.resourceMetadata());
        if (resource.servers().contains(tokens.issuer())) {
            return false;
        }
        lose(new Refusal("oauth_issuer_changed", "the server has come to another authorization server"));
        return true;
    }

    private Verdict anew(String why) throws OAuthFault {
        if (!visitor.atHand() && !options.machine()) {
            return needed(why);
        }
        return switch (prepare()) {
            case Begun.Done _ -> new Verdict.Again();
            case Begun.Refused not -> failed(not.refusal());
            case Begun.Ready ready -> {
                var answer = visitor.visit(ready.address());
                if (answer.isEmpty()) {
                    yield needed(why);
                }
                take(answer.get());
                yield new Verdict.Again();
            }
        };
    }

    private Verdict needed(String why) {
        refused = Optional.of(why);
        return missing(why);
    }

    private Verdict missing(String why) {
        return new Verdict.Failed(
                "upstream_needs_authorization", "needs authorization: " + options.remedy() + " (" + why + ")");
    }

    private Verdict failed(Refusal refusal) {
        return refusal.code().equals("oauth_unreachable")
                ? new Verdict.Failed("upstream_unreachable", refusal.detail())
                : needed(refusal.detail());
    }

    private Begun prepare() throws OAuthFault {
        var resource = discovery.resource(challenge.flatMap(Challenge::resourceMetadata));
        var server = discovery.issuer(issuer(resource));
        if (options.machine()) {
            return machine(resource, server);
        }
        var at = server.authorization()
                .orElseThrow(() -> new OAuthFault(
                        "oauth_discovery_failed", "the authorization server has no authorization endpoint"));
        if (!server.challenges().contains("S256")) {
            throw new OAuthFault(
                    "oauth_pkce_unsupported", "the authorization server does not say that it protects codes (PKCE)");
        }
        var client = client(server);
        var scopes = scopes(resource, server);
        var state = Pkce.random();
        var verifier = new Secret(Pkce.random());
        var end = clock.instant().plus(PATIENCE);
        pending.values().removeIf(asked -> !clock.instant().isBefore(asked.end()));
        while (pending.size() >= MAX_PENDING) {
            pending.remove(pending.keySet().iterator().next());
        }
        pending.put(state, new Pending(server, client, resource.resource(), scopes, verifier, end));

        var query = new LinkedHashMap<String, String>();
        query.put("response_type", "code");
        query.put("client_id", client.id());
        query.put("redirect_uri", options.redirect().toString());
        if (!scopes.isEmpty()) {
            query.put("scope", String.join(" ", scopes));
        }
        query.put("state", state);
        query.put("code_challenge", Pkce.challenge(verifier));
        query.put("code_challenge_method", "S256");
        query.put("resource", resource.resource());
        var address = URI.create(at + (at.getRawQuery() == null ? "?" : "&") + Fetch.form(query));
        return new Begun.Ready(address, state, server.issuer(), scopes, end);
    }

    private Begun machine(ResourceMetadata resource, ServerMetadata server) throws OAuthFault {
        var scopes = scopes(resource, server);
        var client = client(server);
        got(server, client, endpoint.machine(server, client, resource.resource(), scopes, clock.instant()), scopes);
        return new Begun.Done(server.issuer(), kept.tokens().map(Tokens::scopes).orElse(Set.of()));
    }

    /// The operator's, else the first that the server names.
    private String issuer(ResourceMetadata resource) throws OAuthFault {
        var only = options.issuer();
        if (only.isPresent() && !resource.servers().contains(only.get())) {
            throw new OAuthFault(
                    "oauth_issuer_changed", "the server does not name the authorization server that is configured");
        }
        return only.orElseGet(() -> resource.servers().getFirst());
    }

    /// A client that was let in at one issuer is shown to no other, unless the operator names that one.
    private ClientIdentity client(ServerMetadata server) throws OAuthFault {
        var client = clients.of(server, kept);
        if (clients.registeredByIssuer(client)) {
            keep(kept.with(server.issuer(), client));
        } else if (options.issuer().isEmpty()
                && !kept.homes().getOrDefault(client.id(), server.issuer()).equals(server.issuer())) {
            throw new OAuthFault(
                    "oauth_issuer_changed",
                    "the server has come to another authorization server than that of the client in the configuration");
        }
        return client;
    }

    /// What to ask for: what the operator wants, else what the server's refusal named, else what it says that
    /// it takes; with all that was asked for before, and all that has been missing since.
    private Set<String> scopes(ResourceMetadata resource, ServerMetadata server) {
        var scopes = new LinkedHashSet<>(options.scopes());
        if (scopes.isEmpty()) {
            challenge.map(Challenge::scopes).ifPresent(scopes::addAll);
            if (scopes.isEmpty()) {
                scopes.addAll(resource.scopes());
            }
            scopes.addAll(kept.requestedOf(server.issuer()));
        }
        synchronized (missing) {
            scopes.addAll(missing);
        }
        if (online.contains(server.issuer())) {
            scopes.remove(OFFLINE);
        } else if (!scopes.isEmpty() && !options.machine() && server.scopes().contains(OFFLINE)) {
            scopes.add(OFFLINE);
        }
        return scopes;
    }

    private Tokens take(Map<String, String> answer) throws OAuthFault {
        var asked = pending.remove(answer.getOrDefault("state", ""));
        if (asked == null || !clock.instant().isBefore(asked.end())) {
            throw new OAuthFault("oauth_state_unknown", "no authorization is waited for under this state");
        }
        var issuer = answer.get("iss");
        if (issuer == null
                ? asked.server().namesItself()
                : !issuer.equals(asked.server().issuer())) {
            throw new OAuthFault(
                    "oauth_issuer_mismatch", "the answer is of another authorization server than the one asked");
        }
        var error = answer.get("error");
        if (error != null) {
            throw renounced(
                    asked,
                    new OAuthFault(
                            "oauth_declined",
                            "the authorization server declines" + (OAuthErrors.known(error) ? ": " + error : ""),
                            error));
        }
        var code = answer.get("code");
        if (code == null || code.isEmpty()) {
            throw new OAuthFault("oauth_answer_malformed", "the answer has no code");
        }
        try {
            var tokens = endpoint.code(asked, code, options.redirect().toString(), clock.instant());
            got(asked.server(), asked.client(), tokens, asked.scopes());
            return tokens;
        } catch (OAuthFault failed) {
            forget(failed, asked.server().issuer());
            throw renounced(asked, failed);
        }
    }

    /// A server that lists `offline_access` need not give it to each client and person. What the operator has
    /// not asked for himself is left out the next time.
    private OAuthFault renounced(Pending asked, OAuthFault failed) {
        if (!NOT_GIVEN.contains(failed.error())
                || !asked.scopes().contains(OFFLINE)
                || options.scopes().contains(OFFLINE)) {
            return failed;
        }
        online.add(asked.server().issuer());
        return new OAuthFault(
                failed.refusal().code(),
                "the authorization server does not give `offline_access` to this client or person: authorize again,"
                        + " it is not asked for then");
    }

    /// A registration that the issuer has forgotten is made anew the next time.
    private void forget(OAuthFault failed, String issuer) {
        if (failed.refusal().code().equals("oauth_client_refused")) {
            keep(kept.without(issuer));
        }
    }

    private void got(ServerMetadata server, ClientIdentity client, Tokens tokens, Set<String> scopes) {
        known = server;
        synchronized (missing) {
            missing.clear();
        }
        refused = Optional.empty();
        recent = Optional.empty();
        var now = kept.with(tokens).with(server.issuer(), scopes);
        keep(options.registered().isPresent() ? now.atHome(client.id(), server.issuer()) : now);
    }

    private void renew(Tokens tokens) throws OAuthFault {
        if (options.machine()) {
            prepare();
            return;
        }
        var refresh = tokens.refresh();
        if (refresh.isEmpty()) {
            return;
        }
        var server = known;
        if (server == null || !server.issuer().equals(tokens.issuer())) {
            server = discovery.issuer(tokens.issuer());
            known = server;
        }
        try {
            keep(kept.with(endpoint.refresh(server, clients.of(server, kept), tokens, refresh.get(), clock.instant())));
            recent = Optional.empty();
        } catch (OAuthFault failed) {
            forget(failed, tokens.issuer());
            switch (failed.refusal().code()) {
                case "oauth_token_refused", "oauth_client_refused" -> lose(failed.refusal());
                default -> throw failed;
            }
        }
    }

    private void lose(Refusal why) {
        known = null;
        refused = Optional.of(why.detail());
        keep(kept.withoutTokens());
        onLost.accept(why);
    }

    private void keep(Kept now) {
        kept = now;
        try {
            vault.keep(now);
        } catch (UncheckedIOException full) {
            LOG.warn("an authorization cannot be kept: it is gone with the next start");
        }
    }
}

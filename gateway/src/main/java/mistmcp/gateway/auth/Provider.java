package mistmcp.gateway.auth;

import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.AuthorizationGrant;
import com.nimbusds.oauth2.sdk.RefreshTokenGrant;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenRevocationRequest;
import com.nimbusds.oauth2.sdk.auth.ClientAuthentication;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.oauth2.sdk.token.RefreshToken;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.LogoutRequest;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.Prompt;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import mistmcp.http.HttpClient;
import mistmcp.http.OutboundRequest;
import mistmcp.json.InvalidJson;
import mistmcp.json.Json;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonObject;
import mistmcp.settings.Secret;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The identity provider, as the OAuth client that this gateway is: its description, its token endpoint, and
/// the addresses that it sends browsers to. Each call has a deadline and a bound on the answer, and follows
/// no redirect. Safe for several threads.
///
/// Sources: RFC 6749, RFC 7009, RFC 7636, RFC 8414, RFC 9207, OpenID Connect Core, Discovery and RP-Initiated
/// Logout 1.0.
final class Provider {
    private static final Logger LOG = LoggerFactory.getLogger(Provider.class);
    private static final Duration FRESH = Duration.ofMinutes(15);
    private static final Duration USABLE = Duration.ofHours(24);
    private static final Duration PAUSE = Duration.ofSeconds(5);
    private static final int MAX_BYTES = 256 << 10;
    private static final JsonLimits LIMITS = new JsonLimits(MAX_BYTES, 16, 4_000);

    private final AuthSettings.Oidc settings;
    private final ClientID clientId;
    private final HttpClient client;
    private final InstantSource clock;
    private final Patience patience;
    private final ReentrantLock discovering = new ReentrantLock();
    private volatile Optional<Known> known = Optional.empty();
    private volatile Instant failedAt = Instant.MIN;

    private record Known(ProviderMetadata metadata, Instant at) {}

    /// What the token endpoint gave.
    ///
    /// @param access  the access token
    /// @param id      the ID token
    /// @param refresh the refresh token
    record Grant(Secret access, Optional<Secret> id, Optional<Secret> refresh) {}

    /// How long the provider may take.
    ///
    /// @param discovery  for its description
    /// @param token      for an answer of its token endpoint
    /// @param revocation for revoking a token while a browser waits to be signed out
    record Patience(Duration discovery, Duration token, Duration revocation) {
        static final Patience USUAL =
                new Patience(Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(3));
    }

    Provider(AuthSettings.Oidc settings, String clientId, HttpClient client, InstantSource clock, Patience patience) {
        this.settings = settings;
        this.clientId = new ClientID(clientId);
        this.client = client;
        this.clock = clock;
        this.patience = patience;
    }

    /// The issuer that browsers are signed in with: the first of `OIDC_ISSUER`.
    String issuer() {
        return settings.tokens().issuers().getFirst();
    }

    Patience patience() {
        return patience;
    }

    String clientId() {
        return clientId.getValue();
    }

    /// The provider's description: fetched when it is needed, once for all who wait, and anew after a quarter
    /// of an hour. While the provider is down the last one serves for a day.
    ProviderMetadata metadata() throws RefusedSignIn, InterruptedException {
        var now = clock.instant();
        if (known.filter(held -> now.isBefore(held.at().plus(FRESH))).isPresent()) {
            return known.get().metadata();
        }
        if (!discovering.tryLock(patience.discovery().toMillis() * 3, TimeUnit.MILLISECONDS)) {
            throw new RefusedSignIn(SignInFault.DISCOVERY_FAILED);
        }
        try {
            if (known.filter(held -> now.isBefore(held.at().plus(FRESH))).isPresent()) {
                return known.get().metadata();
            }
            return discovered(now);
        } finally {
            discovering.unlock();
        }
    }

    private ProviderMetadata discovered(Instant now) throws RefusedSignIn, InterruptedException {
        var usable = known.filter(held -> now.isBefore(held.at().plus(USABLE)));
        if (now.isBefore(failedAt.plus(PAUSE)) && usable.isPresent()) {
            return usable.get().metadata();
        }
        try {
            var fresh = discover();
            known = Optional.of(new Known(fresh, now));
            failedAt = Instant.MIN;
            return fresh;
        } catch (RefusedSignIn failed) {
            failedAt = now;
            LOG.warn("the provider's description could not be read reason={}", failed.detail());
            if (usable.isPresent()) {
                return usable.get().metadata();
            }
            throw failed;
        }
    }

    private ProviderMetadata discover() throws RefusedSignIn, InterruptedException {
        var last = new RefusedSignIn(SignInFault.DISCOVERY_FAILED);
        for (var address : addresses(issuer())) {
            if (!ProviderMetadata.safe(address)) {
                throw new RefusedSignIn(SignInFault.DISCOVERY_UNUSABLE, "`OIDC_ISSUER` is no `https` address");
            }
            var request = new OutboundRequest(
                    "GET",
                    address,
                    Map.of("Accept", "application/json"),
                    Optional.empty(),
                    patience.discovery(),
                    patience.discovery());
            try {
                var answer = send(request);
                if (answer.status() == 200) {
                    return ProviderMetadata.of(Json.parseObject(answer.body(), LIMITS), issuer());
                }
                last = new RefusedSignIn(SignInFault.DISCOVERY_FAILED, "status " + answer.status());
            } catch (InvalidJson invalid) {
                throw new RefusedSignIn(SignInFault.DISCOVERY_UNUSABLE, "it is no JSON object");
            } catch (IOException failed) {
                throw new RefusedSignIn(SignInFault.DISCOVERY_FAILED, String.valueOf(failed.getMessage()));
            }
        }
        throw last;
    }

    /// Where an issuer's description stands: as OpenID Connect says, then as RFC 8414 does.
    static List<URI> addresses(String issuer) {
        var base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
        try {
            var uri = URI.create(base);
            var root = uri.getScheme() + "://" + uri.getRawAuthority();
            var path = Optional.ofNullable(uri.getRawPath()).orElse("");
            return List.of(
                    URI.create(base + "/.well-known/openid-configuration"),
                    URI.create(root + "/.well-known/oauth-authorization-server" + path));
        } catch (IllegalArgumentException unreadable) {
            return List.of();
        }
    }

    /// The address that begins a sign-in in the browser.
    ///
    /// @param prompt whether the provider asks who it is, whatever session it has
    /// @param fresh  whether the human must prove anew who they are, and the provider say when
    URI signInAt(
            ProviderMetadata metadata,
            String redirectUri,
            String state,
            Secret nonce,
            Secret verifier,
            boolean prompt,
            boolean fresh) {
        var scopes = new Scope(settings.signIn().scopes().toArray(String[]::new));
        var request = new AuthenticationRequest.Builder(ResponseType.CODE, scopes, clientId, URI.create(redirectUri))
                .endpointURI(metadata.authorization())
                .state(new State(state))
                .nonce(new Nonce(nonce.reveal()))
                .codeChallenge(new CodeVerifier(verifier.reveal()), CodeChallengeMethod.S256);
        if (prompt || fresh) {
            request.prompt(Prompt.Type.LOGIN);
        }
        if (fresh) {
            request.maxAge(0);
        }
        settings.signIn().parameters().forEach(request::customParameter);
        return request.build().toURI();
    }

    /// The address that ends the provider's own session in the browser, when there is one. No ID token goes
    /// along: tokens stay here, and the provider may ask the human.
    Optional<URI> signOutAt(ProviderMetadata metadata, String after) {
        return metadata.endSession()
                .map(endpoint ->
                        new LogoutRequest(endpoint, null, null, clientId, URI.create(after), null, null).toURI());
    }

    /// Redeems a code (RFC 6749 section 4.1.3 with RFC 7636).
    Grant redeem(ProviderMetadata metadata, String code, String redirectUri, Secret verifier)
            throws RefusedSignIn, InterruptedException {
        return token(
                metadata,
                new AuthorizationCodeGrant(
                        new AuthorizationCode(code), URI.create(redirectUri), new CodeVerifier(verifier.reveal())),
                SignInFault.CODE_REFUSED);
    }

    /// Asks for new tokens (RFC 6749 section 6).
    ///
    /// @throws RefusedSignIn `RENEWAL_REFUSED` when the provider says no, or a passing fault
    Grant renew(Secret refresh) throws RefusedSignIn, InterruptedException {
        return token(
                metadata(), new RefreshTokenGrant(new RefreshToken(refresh.reveal())), SignInFault.RENEWAL_REFUSED);
    }

    /// Revokes a token, as far as the provider lets us (RFC 7009). Tells nobody when it fails, but the log.
    void revoke(Secret refresh) throws InterruptedException {
        try {
            var endpoint = metadata().revocation();
            if (endpoint.isPresent()) {
                var token = new RefreshToken(refresh.reveal());
                var request = authentication(metadata())
                        .map(proof -> new TokenRevocationRequest(endpoint.get(), proof, token))
                        .orElseGet(() -> new TokenRevocationRequest(endpoint.get(), clientId, token));
                int status = send(outbound(request.toHTTPRequest())).status();
                if (status != 200) {
                    LOG.warn("the provider did not revoke a token status={}", status);
                }
            }
        } catch (RefusedSignIn | IOException failed) {
            LOG.warn("a token could not be revoked reason={}", failed.getMessage());
        }
    }

    private Grant token(ProviderMetadata metadata, AuthorizationGrant grant, SignInFault refusal)
            throws RefusedSignIn, InterruptedException {
        var request = authentication(metadata)
                .map(proof -> new TokenRequest.Builder(metadata.token(), proof, grant))
                .orElseGet(() -> new TokenRequest.Builder(metadata.token(), clientId, grant))
                .build();
        Answer answer;
        JsonObject body;
        try {
            answer = send(outbound(request.toHTTPRequest()));
        } catch (IOException failed) {
            throw new RefusedSignIn(SignInFault.TOKEN_ENDPOINT_FAILED, String.valueOf(failed.getMessage()));
        }
        if (answer.status() >= 500 || answer.status() == 429) {
            throw new RefusedSignIn(SignInFault.TOKEN_ENDPOINT_FAILED, "status " + answer.status());
        }
        try {
            body = Json.parseObject(answer.body(), LIMITS);
        } catch (InvalidJson invalid) {
            throw new RefusedSignIn(SignInFault.TOKEN_ENDPOINT_UNUSABLE, "status " + answer.status());
        }
        if (answer.status() != 200) {
            var error = body.string("error").orElse("");
            throw new RefusedSignIn(
                    error.equals("invalid_client") || error.equals("unauthorized_client")
                            ? SignInFault.CLIENT_REFUSED
                            : refusal,
                    PlainText.shown(error));
        }
        boolean bearer =
                body.string("token_type").filter("bearer"::equalsIgnoreCase).isPresent();
        var access = secret(body, "access_token");
        if (!bearer || access.isEmpty()) {
            throw new RefusedSignIn(SignInFault.TOKEN_ENDPOINT_UNUSABLE, "it has no access token of type Bearer");
        }
        return new Grant(access.get(), secret(body, "id_token"), secret(body, "refresh_token"));
    }

    private static Optional<Secret> secret(JsonObject body, String name) {
        return body.string(name).filter(text -> !text.isEmpty()).map(Secret::new);
    }

    private Optional<ClientAuthentication> authentication(ProviderMetadata metadata) {
        return settings.clientSecret().map(secret -> {
            var text = new com.nimbusds.oauth2.sdk.auth.Secret(secret.reveal());
            return metadata.secretInBody()
                    ? new ClientSecretPost(clientId, text)
                    : new ClientSecretBasic(clientId, text);
        });
    }

    private OutboundRequest outbound(HTTPRequest request) {
        var headers = new HashMap<String, String>();
        request.getHeaderMap().forEach((name, values) -> headers.put(name, values.getFirst()));
        headers.put("Accept", "application/json");
        return new OutboundRequest(
                "POST",
                request.getURI(),
                headers,
                Optional.of(Optional.ofNullable(request.getBody()).orElse("").getBytes(StandardCharsets.UTF_8)),
                patience.token(),
                patience.token());
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Answer(int status, byte[] body) {}

    private Answer send(OutboundRequest request) throws IOException, InterruptedException {
        try (var response = client.send(request)) {
            return new Answer(response.status(), response.body(MAX_BYTES));
        } catch (IOException failed) {
            if (Thread.interrupted()) {
                throw new InterruptedException("stopping");
            }
            throw failed;
        }
    }
}

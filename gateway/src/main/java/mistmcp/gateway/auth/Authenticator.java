package mistmcp.gateway.auth;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import mistmcp.gateway.identity.Principal;
import mistmcp.http.HttpRequest;
import mistmcp.json.JsonObject;

/// Turns the bearer token of a request into a principal or a refusal; the same checks in both modes, only the
/// keys and rules differ. Does no file or network work itself. Safe for several threads.
///
/// Sources: RFC 6750, RFC 7515, RFC 7519, RFC 8725 (BCP 225), RFC 9068, RFC 9728.
public final class Authenticator {
    private static final String SCHEME = "Bearer ";

    private final AuthSettings settings;
    private final KeySource keys;
    private final ClaimRules claims;
    private final InstantSource clock;
    private final VerifiedTokens verified = new VerifiedTokens();

    /// An authenticator over the keys of its mode. The keys are the caller's to close.
    public Authenticator(AuthSettings settings, KeySource keys, InstantSource clock) {
        this.settings = settings;
        this.keys = keys;
        this.claims = new ClaimRules(settings.tokens(), settings.roles(), settings.sites());
        this.clock = clock;
    }

    /// Looks at the Authorization header of a request. A token in the address is refused, never used.
    public Authentication authenticate(HttpRequest request) throws InterruptedException {
        Supplier<String> metadata = () -> settings.address().metadata(request);
        if (request.query("access_token").isPresent()) {
            return refused(new RefusedToken(TokenFault.TOKEN_IN_QUERY), Optional.empty(), metadata);
        }
        return authenticate(request.headers("Authorization"), metadata);
    }

    /// Looks at the values of Authorization headers.
    ///
    /// @param metadata where the resource's metadata is, for a challenge
    Authentication authenticate(List<String> headers, Supplier<String> metadata) throws InterruptedException {
        var proven = new Proven();
        try {
            return new Authentication.Authenticated(principal(token(headers), proven));
        } catch (RefusedToken refused) {
            return refused(refused, proven.subject(), metadata);
        }
    }

    /// The claims once the signature has verified, whatever is found after: they say whose token it is.
    private static final class Proven {
        private Optional<JsonObject> claims = Optional.empty();

        Optional<String> subject() {
            return claims.map(token -> PlainText.shown(token.string("iss").orElse("")) + "|"
                    + PlainText.shown(token.string("sub").orElse("")));
        }
    }

    private static String token(List<String> headers) throws RefusedToken {
        if (headers.isEmpty()) {
            throw new RefusedToken(TokenFault.HEADER_MISSING);
        }
        var header = headers.getFirst();
        if (headers.size() > 1 || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw new RefusedToken(TokenFault.HEADER_MALFORMED);
        }
        int begin = SCHEME.length();
        while (begin < header.length() && header.charAt(begin) == ' ') {
            begin++;
        }
        var token = header.substring(begin);
        if (token.isEmpty() || !unbroken(token)) {
            throw new RefusedToken(TokenFault.HEADER_MALFORMED);
        }
        return token;
    }

    private static boolean unbroken(String token) {
        for (int i = 0; i < token.length(); i++) {
            if (token.charAt(i) <= ' ' || token.charAt(i) == ',') {
                return false;
            }
        }
        return true;
    }

    private Principal principal(String token, Proven proven) throws RefusedToken, InterruptedException {
        // Before the digest is taken: a long text costs no more than its length.
        if (token.length() > CompactToken.MAX_CHARS) {
            throw new RefusedToken(TokenFault.TOO_LONG);
        }
        var now = clock.instant();
        var digest = TokenDigest.of(token);
        var set = keys.current();
        if (set.isPresent()) {
            var known = verified.find(digest, set.get(), now);
            if (known.isPresent()) {
                return known.get();
            }
        }
        var compact = CompactToken.of(token, settings.tokens().algorithms());
        if (set.isEmpty()) {
            throw new RefusedToken(TokenFault.KEYS_UNAVAILABLE);
        }
        var used = setFor(compact, set.get());
        verify(compact, used);
        var parsed = compact.claims();
        proven.claims = Optional.of(parsed);
        var principal = claims.principal(parsed, now);
        verified.put(digest, principal, used, now);
        return principal;
    }

    /// A token whose strict form and signature hold; nothing that it claims is checked yet.
    CompactToken signed(String token) throws RefusedToken, InterruptedException {
        var compact = CompactToken.of(token, settings.tokens().algorithms());
        var set = keys.current().orElseThrow(() -> new RefusedToken(TokenFault.KEYS_UNAVAILABLE));
        verify(compact, setFor(compact, set));
        return compact;
    }

    /// The set that has the token's key: the one in use, or a newer one that it takes a look for.
    private KeySet setFor(CompactToken token, KeySet current) throws RefusedToken, InterruptedException {
        if (token.keyId().isEmpty()) {
            return current;
        }
        var id = token.keyId().get();
        if (settings instanceof AuthSettings.Oidc && id.startsWith(DevKeys.ID_PREFIX)) {
            throw new RefusedToken(TokenFault.DEV_KEY);
        }
        if (current.find(id).isPresent()) {
            return current;
        }
        return keys.renewedFor(id)
                .filter(set -> set.find(id).isPresent())
                .orElseThrow(() -> new RefusedToken(TokenFault.KEY_UNKNOWN));
    }

    static void verify(CompactToken token, KeySet set) throws RefusedToken {
        var key = token.keyId().isPresent() ? set.find(token.keyId().get()) : set.only();
        if (key.isEmpty()) {
            throw new RefusedToken(TokenFault.KEY_ID_MISSING);
        }
        if (!key.get().fits(token.algorithm())) {
            throw new RefusedToken(TokenFault.KEY_ALG_MISMATCH);
        }
        if (!key.get().verifies(token.algorithm(), token.signed(), token.signature())) {
            throw new RefusedToken(TokenFault.SIGNATURE_INVALID);
        }
    }

    private static Authentication.Refused refused(
            RefusedToken refused, Optional<String> subject, Supplier<String> metadata) {
        var fault = refused.fault();
        return new Authentication.Refused(
                fault.status(),
                fault.code(),
                refused.detail(),
                fault.reason(),
                subject,
                challenge(fault, metadata.get()));
    }

    /// The challenge of RFC 6750 and RFC 9728. A request without a token gets no error in it.
    private static Optional<String> challenge(TokenFault fault, String metadata) {
        var base = "Bearer resource_metadata=\"" + metadata + "\"";
        return switch (fault.status()) {
            case 503 -> Optional.empty();
            case 403 -> Optional.of(base + ", error=\"insufficient_scope\"");
            case 400 -> Optional.of(base + ", error=\"invalid_request\"");
            default -> Optional.of(fault == TokenFault.HEADER_MISSING ? base : base + ", error=\"invalid_token\"");
        };
    }
}

package mistmcp.gateway.auth;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonString;
import mistmcp.settings.Secret;

/// What an ID token must say (OpenID Connect Core 1.0, section 3.1.3.7), once its strict form and its
/// signature hold.
///
/// @param issuer   the provider
/// @param clientId this gateway at the provider
record IdTokenRules(String issuer, String clientId) {
    private static final Duration OLDEST = Duration.ofMinutes(10);
    private static final int MAX_SUBJECT_CHARS = 255;

    /// Who the provider says has signed in.
    ///
    /// @param subject  `sub`
    /// @param objectId `oid`, which Entra gives to one person in all tokens
    /// @param authTime when the human proved who they are, when the provider says
    record Identity(String subject, Optional<String> objectId, Optional<Instant> authTime) {}

    /// Checks the claims.
    ///
    /// @param nonce  what must be in it; empty for a renewal, whose ID token need not have one
    /// @param access the access token that came with it, for `at_hash`
    Identity check(JsonObject claims, String algorithm, Optional<Secret> nonce, Secret access, Instant now)
            throws RefusedSignIn {
        if (!claims.string("iss").equals(Optional.of(issuer))) {
            throw new RefusedSignIn(
                    SignInFault.ID_TOKEN_ISSUER,
                    PlainText.shown(claims.string("iss").orElse("")));
        }
        requireAudience(claims);
        if (claims.has("typ")
                && claims.string("typ").filter("ID"::equalsIgnoreCase).isEmpty()) {
            throw new RefusedSignIn(SignInFault.ID_TOKEN_KIND);
        }
        requireTimes(claims, now);
        boolean sameSignIn = nonce.map(
                        wanted -> claims.string("nonce").filter(wanted::matches).isPresent())
                .orElse(true);
        if (!sameSignIn) {
            throw new RefusedSignIn(SignInFault.ID_TOKEN_NONCE);
        }
        if (claims.has("at_hash")
                && !claims.string("at_hash").equals(Optional.of(leftHalf(access.reveal(), algorithm)))) {
            throw new RefusedSignIn(SignInFault.ACCESS_HASH_WRONG);
        }
        var subject = claims.string("sub")
                .filter(text -> !text.isBlank() && text.length() <= MAX_SUBJECT_CHARS && PlainText.is(text))
                .orElseThrow(() -> new RefusedSignIn(SignInFault.ID_TOKEN_SUBJECT));
        return new Identity(subject, claims.string("oid"), time(claims, "auth_time"));
    }

    private void requireAudience(JsonObject claims) throws RefusedSignIn {
        var audiences = switch (claims.get("aud").orElse(JsonArray.EMPTY)) {
            case JsonString one -> List.of(one.value());
            case JsonArray many -> many.strings();
            default -> List.<String>of();
        };
        if (!audiences.contains(clientId)) {
            throw new RefusedSignIn(SignInFault.ID_TOKEN_AUDIENCE);
        }
        boolean named = claims.has("azp") || audiences.size() > 1;
        if (named && !claims.string("azp").equals(Optional.of(clientId))) {
            throw new RefusedSignIn(SignInFault.ID_TOKEN_AZP);
        }
    }

    private static void requireTimes(JsonObject claims, Instant now) throws RefusedSignIn {
        var expiresAt = time(claims, "exp").orElseThrow(() -> new RefusedSignIn(SignInFault.ID_TOKEN_TIMES));
        var issuedAt = time(claims, "iat").orElseThrow(() -> new RefusedSignIn(SignInFault.ID_TOKEN_TIMES));
        if (!now.isBefore(expiresAt.plus(ClaimRules.SKEW))) {
            throw new RefusedSignIn(SignInFault.ID_TOKEN_EXPIRED);
        }
        var notBefore = time(claims, "nbf");
        boolean ahead = issuedAt.isAfter(now.plus(ClaimRules.SKEW))
                || notBefore.filter(at -> at.isAfter(now.plus(ClaimRules.SKEW))).isPresent();
        if (ahead || issuedAt.isBefore(now.minus(OLDEST)) || !expiresAt.isAfter(issuedAt)) {
            throw new RefusedSignIn(SignInFault.ID_TOKEN_TIMES);
        }
    }

    private static Optional<Instant> time(JsonObject claims, String name) throws RefusedSignIn {
        if (!claims.has(name)) {
            return Optional.empty();
        }
        return Optional.of(claims.number(name)
                .filter(seconds -> seconds >= 0 && seconds <= ClaimRules.LAST_SECOND)
                .map(seconds -> Instant.ofEpochSecond(seconds.longValue()))
                .orElseThrow(() -> new RefusedSignIn(SignInFault.ID_TOKEN_TIMES)));
    }

    /// The left half of the hash that the signature's algorithm uses (section 3.1.3.6).
    private static String leftHalf(String token, String algorithm) {
        var name = algorithm.endsWith("256") ? "SHA-256" : algorithm.endsWith("384") ? "SHA-384" : "SHA-512";
        try {
            var hash = MessageDigest.getInstance(name).digest(token.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, hash.length / 2));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this Java has no " + name, missing);
        }
    }
}

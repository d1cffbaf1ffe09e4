package mistmcp.gateway.auth;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import mistmcp.gateway.identity.Principal;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonNumber;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonString;
import mistmcp.json.JsonValue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Turns the claims of a token whose signature has verified into a principal.
record ClaimRules(TokenRules rules, RoleMapper roles, SiteScopes sites) {
    /// How far the provider's clock may be off.
    static final Duration SKEW = Duration.ofSeconds(60);

    private static final Logger LOG = LoggerFactory.getLogger(ClaimRules.class);
    private static final Duration LONG_LIFE = Duration.ofHours(24);
    /// The last second of the year 9999.
    static final long LAST_SECOND = 253_402_300_799L;
    private static final int MAX_GROUP_VALUES = 1_000;
    private static final List<String> CLIENT_CLAIMS = List.of("azp", "appid", "cid", "client_id");
    private static final Set<String> REGISTERED =
            Set.of("iss", "sub", "aud", "exp", "nbf", "iat", "jti", "sid", "nonce", "email", "uti", "rh", "aio", "ver");

    Principal principal(JsonObject claims, Instant now) throws RefusedToken {
        requireAccessToken(claims);
        return ofAnyKind(claims, now);
    }

    /// The principal of an access token, or of an ID token where that says who may do what.
    Principal ofAnyKind(JsonObject claims, Instant now) throws RefusedToken {
        var issuer = issuer(claims);
        requireAudience(claims);
        var subject = subject(claims);
        var expiresAt = expiresAt(claims, now);
        var client = client(claims);
        var mapped = switch (roles.map(claims)) {
            case RoleMapper.Mapping.Mapped role -> role;
            case RoleMapper.Mapping.NoRole none -> throw new RefusedToken(TokenFault.NO_ROLE, seen(none.seen()));
            case RoleMapper.Mapping.Overage _ -> throw new RefusedToken(TokenFault.GROUPS_OVERAGE);
            case RoleMapper.Mapping.TooMany many ->
                throw new RefusedToken(TokenFault.TOO_MANY_ROLES, many.count() + " and more");
        };
        if (mapped.both()) {
            LOG.info("both roles given, ReadWrite stands principal={}|{}", issuer, subject);
        }
        return new Principal(
                issuer,
                subject,
                email(claims),
                mapped.role(),
                mapped.source(),
                sites.scope(issuer, subject, mapped.role(), claims),
                client,
                groups(claims),
                expiresAt);
    }

    private static void requireAccessToken(JsonObject claims) throws RefusedToken {
        boolean hashes = claims.has("at_hash") || claims.has("c_hash") || claims.has("s_hash");
        boolean marked = claims.string("typ").filter("ID"::equalsIgnoreCase).isPresent()
                || claims.string("token_use").filter("id"::equals).isPresent();
        // A nonce alone proves nothing, as older Keycloak puts it into access tokens too; those name their client or
        // scope.
        boolean bare = claims.has("nonce")
                && CLIENT_CLAIMS.stream().noneMatch(claims::has)
                && !claims.has("scp")
                && !claims.has("scope");
        if (hashes || marked || bare) {
            throw new RefusedToken(TokenFault.ID_TOKEN);
        }
        boolean otherKind = claims.has("typ")
                && claims.string("typ").filter("Bearer"::equalsIgnoreCase).isEmpty();
        if (otherKind || claims.has("events")) {
            throw new RefusedToken(TokenFault.NOT_AN_ACCESS_TOKEN);
        }
        if (claims.has("cnf")) {
            throw new RefusedToken(TokenFault.SENDER_CONSTRAINED);
        }
    }

    private String issuer(JsonObject claims) throws RefusedToken {
        var issuer = claims.string("iss").orElseThrow(() -> new RefusedToken(TokenFault.ISSUER_MISSING));
        if (!rules.issuers().contains(issuer)) {
            throw new RefusedToken(TokenFault.ISSUER_NOT_ACCEPTED, PlainText.shown(issuer));
        }
        return issuer;
    }

    private void requireAudience(JsonObject claims) throws RefusedToken {
        var value = claims.get("aud").orElseThrow(() -> new RefusedToken(TokenFault.AUDIENCE_MISSING));
        var audiences = switch (value) {
            case JsonString one -> List.of(one.value());
            case JsonArray many when many.strings().size() == many.size() -> many.strings();
            default -> throw new RefusedToken(TokenFault.AUDIENCE_MALFORMED);
        };
        if (audiences.stream().noneMatch(rules.audiences()::contains)) {
            throw new RefusedToken(TokenFault.AUDIENCE_NOT_ACCEPTED, seen(audiences));
        }
    }

    private static String subject(JsonObject claims) throws RefusedToken {
        if (!claims.has("sub")) {
            throw new RefusedToken(TokenFault.SUBJECT_MISSING);
        }
        return claims.string("sub")
                .filter(text -> !text.isBlank() && text.length() <= 255 && PlainText.is(text))
                .orElseThrow(() -> new RefusedToken(TokenFault.SUBJECT_MALFORMED));
    }

    private Instant expiresAt(JsonObject claims, Instant now) throws RefusedToken {
        var expiresAt = time(claims, "exp").orElseThrow(() -> new RefusedToken(TokenFault.EXP_MISSING));
        var issuedAt = time(claims, "iat");
        var notBefore = time(claims, "nbf");
        if (!now.isBefore(expiresAt.plus(SKEW))) {
            throw new RefusedToken(TokenFault.EXPIRED, "it ended at " + expiresAt);
        }
        if (notBefore.filter(at -> at.isAfter(now.plus(SKEW))).isPresent()) {
            throw new RefusedToken(TokenFault.NOT_YET_VALID);
        }
        if (issuedAt.filter(at -> at.isAfter(now.plus(SKEW))).isPresent()) {
            throw new RefusedToken(TokenFault.ISSUED_IN_FUTURE);
        }
        var begin = issuedAt.orElse(now);
        if (!expiresAt.isAfter(begin) && issuedAt.isPresent()) {
            throw new RefusedToken(TokenFault.EXP_BEFORE_IAT);
        }
        var life = Duration.between(begin, expiresAt);
        if (life.compareTo(rules.maxLife()) > 0) {
            throw new RefusedToken(
                    TokenFault.LIFE_TOO_LONG, "at most " + rules.maxLife().toHours() + " h");
        }
        if (life.compareTo(LONG_LIFE) > 0) {
            LOG.warn("a token lives longer than a day hours={}", life.toHours());
        }
        return expiresAt;
    }

    private static Optional<Instant> time(JsonObject claims, String name) throws RefusedToken {
        if (!claims.has(name)) {
            return Optional.empty();
        }
        if (claims.get(name).orElseThrow() instanceof JsonNumber number) {
            double seconds = number.asDouble();
            if (seconds >= 0 && seconds <= LAST_SECOND) {
                return Optional.of(Instant.ofEpochMilli((long) (seconds * 1_000)));
            }
        }
        throw new RefusedToken(TokenFault.TIME_MALFORMED);
    }

    private Optional<String> client(JsonObject claims) throws RefusedToken {
        var named = CLIENT_CLAIMS.stream().filter(claims::has).findFirst();
        var client = named.flatMap(claims::string)
                .filter(text -> !text.isBlank() && text.length() <= 255 && PlainText.is(text));
        if (named.isPresent() && client.isEmpty()) {
            throw new RefusedToken(TokenFault.CLIENT_MALFORMED);
        }
        if (!rules.clients().isEmpty()
                && client.filter(rules.clients()::contains).isEmpty()) {
            throw new RefusedToken(
                    TokenFault.CLIENT_NOT_ALLOWED, client.map(PlainText::shown).orElse("it names none"));
        }
        return client;
    }

    /// An address that the provider says it has not verified may be anybody's.
    private static Optional<String> email(JsonObject claims) {
        boolean unverified = claims.get("email_verified")
                .filter(value -> !value.equals(mistmcp.json.JsonBoolean.TRUE) && !value.equals(new JsonString("true")))
                .isPresent();
        return unverified
                ? Optional.empty()
                : claims.string("email").filter(text -> !text.isBlank() && text.length() <= 320 && PlainText.is(text));
    }

    /// What grants of the policy may name: each claim of text, or of a list of text, and those that roles
    /// come from.
    private Map<String, List<String>> groups(JsonObject claims) {
        var groups = new HashMap<String, List<String>>();
        claims.members().forEach((name, value) -> {
            if (!REGISTERED.contains(name)) {
                put(groups, name, values(name, value));
            }
        });
        roles.claims().forEach(claim -> put(groups, claim, new ClaimPath(claim).values(claims)));
        return groups;
    }

    private static void put(Map<String, List<String>> groups, String name, List<String> values) {
        if (!values.isEmpty() && values.size() <= MAX_GROUP_VALUES) {
            groups.put(name, List.copyOf(values));
        }
    }

    private static List<String> values(String name, JsonValue value) {
        return value instanceof JsonString || value instanceof JsonArray
                ? new ClaimPath(name).values(new JsonObject(Map.of(name, value)))
                : List.of();
    }

    private static String seen(List<String> values) {
        if (values.isEmpty()) {
            return "it has none";
        }
        var shown =
                new ArrayList<>(values.stream().limit(10).map(PlainText::shown).toList());
        if (values.size() > shown.size()) {
            shown.add("and " + (values.size() - shown.size()) + " more");
        }
        return "it has " + String.join(", ", shown);
    }
}

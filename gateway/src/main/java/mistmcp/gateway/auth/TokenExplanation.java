package mistmcp.gateway.auth;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import mistmcp.gateway.identity.Principal;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonNumber;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonString;
import mistmcp.json.JsonValue;

/// Says what a token would come to at this gateway, claim by claim, for `mist doctor --token`: the role and
/// what gave it, or the exact refusal, each thing that stands in the way, and the setting or the click that
/// mends it. The token is looked at and forgotten. Claims are told even when the signature cannot be
/// checked; then it says so.
public final class TokenExplanation {
    private static final List<String> CLIENTS = List.of("azp", "appid", "cid", "client_id");
    private static final Set<String> TIMES = Set.of("exp", "iat", "nbf", "auth_time", "updated_at");

    /// Claims whose values tell nothing, and could be of use to somebody who looks over a shoulder.
    private static final Set<String> UNTOLD =
            Set.of("jti", "sid", "nonce", "at_hash", "c_hash", "s_hash", "uti", "rh", "aio", "session_state");

    private final AuthSettings settings;
    private final Optional<KeySet> keys;
    private final Instant now;
    private final List<DoctorFinding> findings = new ArrayList<>();

    private TokenExplanation(AuthSettings settings, Optional<KeySet> keys, Instant now) {
        this.settings = settings;
        this.keys = keys;
        this.now = now;
    }

    /// Explains one token; the first finding is the verdict.
    ///
    /// @param keys   the keys that tokens are checked with now; empty when they cannot be had
    /// @param pasted the token, with or without `Bearer ` in front
    public static List<DoctorFinding> of(AuthSettings settings, Optional<KeySet> keys, String pasted, Instant now)
            throws InterruptedException {
        var token = pasted.strip().replaceFirst("(?i)^(Authorization:\\s*)?Bearer\\s+", "");
        var explanation = new TokenExplanation(settings, keys, now);
        explanation.verdict(token);
        explanation.inside(token);
        return List.copyOf(explanation.findings);
    }

    private void verdict(String token) throws InterruptedException {
        var authenticator = new Authenticator(settings, new Unchanging(keys), InstantSource.fixed(now));
        switch (authenticator.authenticate(List.of("Bearer " + token), () -> "")) {
            case Authentication.Authenticated(var principal) ->
                findings.add(DoctorFinding.ok(
                        "token",
                        "is accepted: " + principal.role().text() + " by " + source(principal.roleSource()) + ", sites "
                                + sites(principal) + ", until " + principal.expiresAt()));
            case Authentication.Refused refused ->
                findings.add(DoctorFinding.fail(
                        "token",
                        "is refused: " + refused.status() + " `" + refused.code() + "`, " + refused.detail()
                                + "; in the audit log `" + refused.auditReason() + "`",
                        fix(refused.auditReason())));
        }
    }

    private void inside(String token) {
        try {
            var compact = CompactToken.of(token, settings.tokens().algorithms());
            signature(compact);
            var claims = compact.claims();
            obstacles(claims);
            claims.members().forEach((name, value) -> claim(claims, name, value));
            if (!claims.has("aud")) {
                findings.add(DoctorFinding.fail("aud", "is missing", fix("audience_missing")));
            }
            if (!claims.has("iss")) {
                findings.add(DoctorFinding.fail("iss", "is missing", fix("issuer_missing")));
            }
        } catch (RefusedToken unreadable) {
            findings.add(DoctorFinding.warn(
                    "inside", "nothing more can be told: the form is not that of a token we take", ""));
        }
    }

    private void signature(CompactToken token) {
        var key = token.keyId().map(PlainText::shown).orElse("none");
        if (keys.isEmpty()) {
            findings.add(DoctorFinding.warn(
                    "signature",
                    "cannot be checked without the provider's keys: the claims below are not proven",
                    fix("keys_unavailable")));
            return;
        }
        try {
            Authenticator.verify(token, keys.get());
            findings.add(DoctorFinding.ok("signature", "is good: " + token.algorithm() + " with the key " + key));
        } catch (RefusedToken refused) {
            boolean absent = token.keyId().isPresent()
                    && keys.get().find(token.keyId().get()).isEmpty();
            findings.add(DoctorFinding.fail(
                    "signature",
                    absent
                            ? "the key " + key + " is not among the provider's, which are "
                                    + shown(keys.get().ids()) + ": the claims below are not proven"
                            : "does not verify with the key " + key + ": the claims below are not proven",
                    fix(absent ? "key_unknown" : "signature_invalid")));
        }
    }

    /// Goes through the checks of the claims again and again, each time as if what stood in the way before
    /// were mended, so that all of it is told at once and not one after the other.
    private void obstacles(JsonObject claims) {
        var rules = settings.tokens();
        var at = now;
        for (int step = 1; step <= 6; step++) {
            try {
                new ClaimRules(rules, settings.roles(), settings.sites()).principal(claims, at);
                return;
            } catch (RefusedToken refused) {
                obstacle(refused, claims);
                switch (refused.fault()) {
                    case ISSUER_NOT_ACCEPTED ->
                        rules = new TokenRules(
                                List.of(claims.string("iss").orElse("")),
                                rules.audiences(),
                                rules.clients(),
                                rules.algorithms(),
                                rules.maxLife());
                    case AUDIENCE_NOT_ACCEPTED ->
                        rules = new TokenRules(
                                rules.issuers(),
                                audiences(claims),
                                rules.clients(),
                                rules.algorithms(),
                                rules.maxLife());
                    case CLIENT_NOT_ALLOWED ->
                        rules = new TokenRules(
                                rules.issuers(), rules.audiences(), Set.of(), rules.algorithms(), rules.maxLife());
                    case EXPIRED ->
                        at = claims.number("exp")
                                .map(seconds -> Instant.ofEpochSecond(seconds.longValue() - 1))
                                .orElse(now);
                    default -> {
                        return;
                    }
                }
            }
        }
    }

    private void obstacle(RefusedToken refused, JsonObject claims) {
        var fix = switch (refused.fault()) {
            case ISSUER_NOT_ACCEPTED -> issuerFix(claims.string("iss").orElse(""));
            case AUDIENCE_NOT_ACCEPTED -> audienceFix(audiences(claims));
            case CLIENT_NOT_ALLOWED ->
                CLIENTS.stream()
                        .flatMap(name -> claims.string(name).stream())
                        .findFirst()
                        .map(client -> "ALLOWED_CLIENTS="
                                + String.join(
                                        ",", with(List.copyOf(settings.tokens().clients()), client))
                                + " accepts it")
                        .orElse("leave ALLOWED_CLIENTS unset, or have the provider name the client in the token");
            case NO_ROLE -> roleFix(claims);
            default -> fix(refused.fault().reason());
        };
        findings.add(DoctorFinding.fail("in the way", refused.detail(), fix));
    }

    private String issuerFix(String issuer) {
        var setting = settings instanceof AuthSettings.Dev ? "JWT_ISSUER" : "OIDC_ISSUER";
        var accepted = settings.tokens().issuers();
        var slash = accepted.stream().anyMatch(one -> one.equals(issuer + "/") || issuer.equals(one + "/"));
        var text = setting + "=" + String.join(",", with(slash ? List.of() : accepted, issuer)) + " accepts it";
        if (slash) {
            return text + ": only the slash at the end differs";
        }
        return issuer.startsWith("https://sts.windows.net/")
                ? text + "; or have the API issue v2 tokens: `requestedAccessTokenVersion` 2 in its manifest"
                : text + ", when that is your provider: whoever runs it can then sign anybody in";
    }

    private String audienceFix(List<String> audiences) {
        var foreign = audiences.stream().allMatch(TokenExplanation::elsewhere);
        return foreign
                ? "that audience is another service: have the provider put this gateway's into the token (Keycloak: an"
                        + " audience mapper; Auth0, Ping, Okta: ask for the API's audience; Entra: ask for"
                        + " api://.../.default)"
                : "JWT_AUDIENCE=" + String.join(",", with(configuredAudiences(), audiences.getFirst()))
                        + " accepts it, when that audience means this gateway";
    }

    private List<String> configuredAudiences() {
        // The last one is the gateway's own address, which needs no setting.
        var all = settings.tokens().audiences();
        return all.subList(0, all.size() - 1);
    }

    private static boolean elsewhere(String audience) {
        return audience.equals("account")
                || audience.endsWith("/userinfo")
                || audience.startsWith("00000003-0000-0000-c000")
                || audience.startsWith("https://graph.microsoft.com");
    }

    /// The values that the token has at other places, so that the right ROLE_CLAIM can be seen.
    private String roleFix(JsonObject claims) {
        var candidates = new ArrayList<String>();
        candidates(claims, "", candidates);
        return "map one of the values in ROLE_MAP_JSON, or give the user a role at the provider"
                + (candidates.isEmpty()
                        ? "; no claim of this token looks like a list of roles"
                        : "; lists in this token: " + String.join("; ", candidates));
    }

    private void candidates(JsonObject object, String path, List<String> into) {
        object.members().forEach((name, value) -> {
            var here = path + "/" + name.replace("~", "~0").replace("/", "~1");
            switch (value) {
                case JsonArray array
                when !array.strings().isEmpty() && !here.equals("/aud") ->
                    into.add("`" + claimName(path, name, here) + "` with " + shown(array.strings()));
                case JsonObject inner
                when path.chars().filter(letter -> letter == '/').count() < 3 -> candidates(inner, here, into);
                default -> {
                    // A single value is seldom a list of roles.
                }
            }
        });
    }

    private static String claimName(String path, String name, String pointer) {
        return path.isEmpty() ? name : pointer;
    }

    private void claim(JsonObject claims, String name, JsonValue value) {
        var told = UNTOLD.contains(name) ? "is there" : "is " + text(name, value);
        var accepted = settings.tokens();
        switch (name) {
            case "iss" ->
                findings.add(
                        claims.string("iss")
                                        .filter(accepted.issuers()::contains)
                                        .isPresent()
                                ? DoctorFinding.ok(name, told + ", which is accepted")
                                : DoctorFinding.fail(
                                        name, told + "; accepted is " + shown(accepted.issuers()), "see above"));
            case "aud" ->
                findings.add(
                        audiences(claims).stream().anyMatch(accepted.audiences()::contains)
                                ? DoctorFinding.ok(name, told + "; one of them is accepted")
                                : DoctorFinding.fail(
                                        name, told + "; accepted is " + shown(accepted.audiences()), "see above"));
            case "sub" -> findings.add(DoctorFinding.ok(name, told + ": who it is, at this issuer"));
            case "email" -> findings.add(DoctorFinding.ok(name, told + ": shown to people when it is verified"));
            case "exp", "nbf", "iat" -> findings.add(DoctorFinding.ok(name, told));
            default -> {
                boolean client = CLIENTS.stream()
                        .filter(claims::has)
                        .findFirst()
                        .filter(name::equals)
                        .isPresent();
                boolean role = settings.roles().claims().stream()
                        .anyMatch(claim -> claim.equals(name)
                                || (!claims.has(claim)
                                        && new ClaimPath(claim).topLevel().equals(name)));
                var use = client ? ": the program it was given to" : role ? ": ROLE_CLAIM looks here" : ", not used";
                findings.add(DoctorFinding.ok(name, told + use));
            }
        }
    }

    private static String text(String name, JsonValue value) {
        return switch (value) {
            case JsonNumber number
            when TIMES.contains(name) ->
                number.asLong().map(TokenExplanation::instant).orElse(number.text());
            case JsonString string -> PlainText.shown(string.value());
            case JsonArray array when array.strings().size() == array.size() -> shown(array.strings());
            default -> PlainText.shown(Json.text(value));
        };
    }

    private static String instant(long seconds) {
        return seconds >= 0 && seconds < 253_402_300_800L
                ? Instant.ofEpochSecond(seconds).toString()
                : Long.toString(seconds);
    }

    private static List<String> audiences(JsonObject claims) {
        return switch (claims.get("aud").orElse(JsonArray.EMPTY)) {
            case JsonString one -> List.of(one.value());
            case JsonArray many -> many.strings();
            default -> List.of();
        };
    }

    private static List<String> with(List<String> given, String more) {
        var all = new LinkedHashSet<>(given);
        all.add(more);
        return List.copyOf(all);
    }

    private static String source(Principal.RoleSource source) {
        return "`" + source.claim() + "` = " + PlainText.shown(source.value());
    }

    private static String sites(Principal principal) {
        return principal.sites().all()
                ? "all"
                : principal.sites().ids().isEmpty()
                        ? "none"
                        : shown(principal.sites().ids());
    }

    private static String shown(List<String> values) {
        var some = String.join(
                ", ", values.stream().limit(10).map(PlainText::shown).toList());
        return values.isEmpty()
                ? "nothing"
                : values.size() > 10 ? some + " and " + (values.size() - 10) + " more" : some;
    }

    /// What to do about an exact reason, where the settings cannot mend it alone.
    private String fix(String reason) {
        return switch (reason) {
            case "not_three_parts" ->
                "this is no JWT. An opaque token cannot be checked here: Google's access tokens are opaque, and so are"
                        + " Auth0's without an `audience` in the request";
            case "encrypted" -> "have the provider sign access tokens for this API, and not encrypt them";
            case "alg_symmetric" ->
                "HMAC tokens are never taken: a refresh token of Keycloak is one; send the access token, signed with the"
                        + " provider's public key";
            case "alg_none", "unsigned" -> "have the provider sign its tokens";
            case "key_unknown" ->
                "the token is of another realm, server or tenant than OIDC_JWKS_URL (Okta: the org server's tokens are"
                        + " not for APIs; Entra: Graph's tokens are not for us), or its key was taken away: get a new one";
            case "signature_invalid",
                    "not_canonical",
                    "not_base64url",
                    "empty_part",
                    "header_not_json",
                    "header_not_utf8",
                    "claims_not_json" -> "the text was changed or cut on the way: copy it whole";
            case "dev_key" -> "a DEV token: it is not taken in OIDC mode; get one from the provider";
            case "keys_unavailable" -> "run `./mist doctor`: its line `keys` says what is wrong";
            case "audience_missing" ->
                "have the provider put an audience into the token (PingFederate: set one in the access token manager;"
                        + " Keycloak: an audience mapper)";
            case "issuer_missing" ->
                "have the provider put its issuer into the token (PingFederate: the issuer claim of the access token"
                        + " manager)";
            case "issuer_not_accepted", "audience_not_accepted", "client_not_allowed", "no_role" ->
                "see what is in the way, below";
            case "id_token" -> "send the access token that came with it: an ID token is for the program that signed in";
            case "not_an_access_token" -> "send the access token: its payload's `typ` is Bearer";
            case "sender_constrained" -> "turn DPoP or certificate binding off for this client at the provider";
            case "expired" -> "get a new token";
            case "not_yet_valid", "issued_in_future" -> "set the clocks of both machines by NTP";
            case "exp_missing", "life_too_long" -> "set a life of at most 7 days at the provider; DEV: 1 hour";
            case "groups_overage" ->
                "Entra: assign app roles, or send only the groups that are assigned to the application";
            case "too_many_roles" -> "send fewer values: restrict the claim at the provider to this application's";
            case "header_malformed" -> "paste one token and nothing else";
            default -> "docs/errors.md says what each reason means";
        };
    }

    /// The keys of this moment; nothing newer is asked for.
    private record Unchanging(Optional<KeySet> current) implements KeySource {
        @Override
        public Optional<KeySet> renewedFor(String keyId) {
            return Optional.empty();
        }

        @Override
        public KeyHealth health() {
            return new KeyHealth(
                    current.isPresent(),
                    Optional.empty(),
                    current.map(KeySet::ids).orElse(List.of()),
                    0,
                    Optional.empty(),
                    0,
                    0,
                    false);
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}

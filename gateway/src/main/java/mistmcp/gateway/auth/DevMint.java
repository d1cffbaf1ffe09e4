package mistmcp.gateway.auth;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import mistmcp.gateway.identity.Principal;
import mistmcp.gateway.identity.Role;
import mistmcp.http.HttpProblem;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonNull;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonString;
import mistmcp.json.JsonValue;
import mistmcp.settings.Secret;

/// Makes DEV tokens, and the principals of DEV browser sessions, from `{sub, email?, roles, sites?, ttl?}`.
public final class DevMint {
    /// What the tokens name as their client.
    static final String CLIENT = "mist-dev";

    private static final Set<String> MEMBERS = Set.of("sub", "email", "roles", "sites", "ttl");
    private static final long DEFAULT_TTL = 900;
    private static final int MAX_SITES = 1_000;

    private final AuthSettings.Dev settings;
    private final DevKeyring keys;
    private final ClaimRules rules;
    private final boolean simulated;
    private final InstantSource clock;

    /// A token and what it says.
    ///
    /// @param token     the compact token
    /// @param principal what checking it will come to
    /// @param life      from now to its end
    public record Minted(Secret token, Principal principal, Duration life) {}

    /// A mint with the keys of DEV mode.
    ///
    /// @param simulated whether the Mist behind the gateway is the simulator
    public DevMint(AuthSettings.Dev settings, DevKeyring keys, boolean simulated, InstantSource clock) {
        this.settings = settings;
        this.keys = keys;
        this.rules = new ClaimRules(settings.tokens(), settings.roles(), settings.sites());
        this.simulated = simulated;
        this.clock = clock;
    }

    /// Makes a token.
    ///
    /// @throws HttpProblem 400 for a body that is not as it must be, 403 `mint_read_only` for ReadWrite on a
    ///                     live Mist
    public Minted mint(JsonObject body) {
        var claims = claims(body);
        var principal = proven(claims);
        var life = Duration.between(Instant.ofEpochSecond(claims.integer("iat").orElseThrow()), principal.expiresAt());
        return new Minted(keys.sign(claims), principal, life);
    }

    /// The principal that a token of this body would give.
    ///
    /// @throws HttpProblem as [#mint]
    public Principal principal(JsonObject body) {
        return proven(claims(body));
    }

    private Principal proven(JsonObject claims) {
        try {
            return rules.principal(claims, clock.instant());
        } catch (RefusedToken refused) {
            throw new IllegalStateException("a token of ours would be refused: " + refused.fault(), refused);
        }
    }

    private JsonObject claims(JsonObject body) {
        body.names().stream()
                .filter(name -> !MEMBERS.contains(name))
                .findFirst()
                .ifPresent(_ -> {
                    throw new HttpProblem(
                            400, "mint_member", "an unknown member; expected `sub`, `email`, `roles`, `sites`, `ttl`");
                });
        var subject = subject(body);
        var email = email(body);
        var roles = roles(body);
        var sites = sites(body);
        long ttl = ttl(body);
        if (roles.contains(Role.READ_WRITE.text()) && !simulated && !settings.mintReadWrite()) {
            throw new HttpProblem(
                    403,
                    "mint_read_only",
                    "with a live Mist only ReadOnly is given: set `DEV_MINT_READWRITE=true` to allow ReadWrite");
        }
        long now = clock.instant().getEpochSecond();
        return JsonObject.of(
                        "iss", settings.issuer(),
                        "sub", subject,
                        "aud", settings.audience(),
                        "client_id", CLIENT,
                        "iat", now,
                        "exp", now + ttl,
                        "jti", RandomIds.fresh(),
                        "roles", roles,
                        "sites", sites)
                .withPresent("email", email);
    }

    private static String subject(JsonObject body) {
        return body.string("sub")
                .filter(text -> !text.isBlank() && text.length() <= 255 && PlainText.is(text))
                .orElseThrow(() -> new HttpProblem(
                        400, "mint_sub", "`sub` must be text of 1 to 255 characters, without control characters"));
    }

    private static Optional<String> email(JsonObject body) {
        return switch (body.get("email").orElse(JsonNull.NULL)) {
            case JsonNull _ -> Optional.empty();
            case JsonString(String text)
            when text.matches("[^@\\s]+@[^@\\s]+") && text.length() <= 320 && PlainText.is(text) -> Optional.of(text);
            default -> throw new HttpProblem(400, "mint_email", "`email` must be an address");
        };
    }

    private static List<String> roles(JsonObject body) {
        var given = body.array("roles").orElse(JsonArray.EMPTY);
        var names = given.strings();
        boolean known = names.stream().allMatch(name -> Role.of(name).isPresent());
        if (given.isEmpty() || names.size() != given.size() || !known || new HashSet<>(names).size() != names.size()) {
            throw new HttpProblem(400, "mint_roles", "`roles` must be a list of `ReadOnly`, `ReadWrite`, or both");
        }
        return names;
    }

    private static List<String> sites(JsonObject body) {
        return switch (body.get("sites").orElse(JsonNull.NULL)) {
            case JsonNull _ -> List.of("*");
            case JsonArray array
            when array.size() <= MAX_SITES -> {
                var ids = new ArrayList<String>();
                for (JsonValue value : array) {
                    if (value instanceof JsonString(String id)
                            && !id.isBlank()
                            && id.length() <= 128
                            && PlainText.is(id)) {
                        ids.add(id);
                    } else {
                        throw sitesProblem();
                    }
                }
                yield ids;
            }
            default -> throw sitesProblem();
        };
    }

    private static HttpProblem sitesProblem() {
        return new HttpProblem(
                400,
                "mint_sites",
                "`sites` must be a list of at most " + MAX_SITES + " site ids, or `[\"*\"]` for all");
    }

    private static long ttl(JsonObject body) {
        if (body.get("ttl").orElse(JsonNull.NULL) instanceof JsonNull) {
            return DEFAULT_TTL;
        }
        return body.integer("ttl")
                .filter(seconds -> seconds >= 1 && seconds <= DevKeys.MAX_LIFE.toSeconds())
                .orElseThrow(() ->
                        new HttpProblem(400, "mint_ttl", "`ttl` must be a whole number of seconds from 1 to 3600"));
    }
}

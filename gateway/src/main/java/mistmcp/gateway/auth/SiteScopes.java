package mistmcp.gateway.auth;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mistmcp.gateway.identity.Role;
import mistmcp.gateway.identity.SiteScope;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonString;
import mistmcp.settings.Env;

/// Gives a principal its sites. The first that applies wins: by subject, by role, by a claim of the token;
/// when nothing applies, no sites.
///
/// @param subjects sites by `issuer|subject`
/// @param roles    sites by role
/// @param claim    the claim that lists sites, as a path like those of `ROLE_CLAIM`
public record SiteScopes(Map<String, SiteScope> subjects, Map<Role, SiteScope> roles, Optional<String> claim) {
    private static final int MAX_IDS = 1_000;

    /// All sites for everybody.
    static final SiteScopes EVERYTHING = new SiteScopes(
            Map.of(), Map.of(Role.READ_ONLY, SiteScope.ALL, Role.READ_WRITE, SiteScope.ALL), Optional.empty());

    /// What the claim `sites` says.
    static final SiteScopes BY_CLAIM = new SiteScopes(Map.of(), Map.of(), Optional.of("sites"));

    /// Copies what is given.
    public SiteScopes {
        subjects = Map.copyOf(subjects);
        roles = Map.copyOf(roles);
    }

    /// Reads `SITE_SCOPE_JSON`.
    static SiteScopes read(Env env, SiteScopes unset) {
        return env.json("SITE_SCOPE_JSON").map(json -> of(env, json)).orElse(unset);
    }

    /// Finds sites that are given to somebody who cannot come: an issuer that is not accepted. Such a slip
    /// would not narrow anybody's sites, and nothing would tell.
    void check(Env env, List<String> issuers) {
        subjects.keySet().stream()
                .filter(subject -> subject.contains("|") && !issuers.isEmpty())
                .filter(subject -> issuers.stream().noneMatch(issuer -> subject.startsWith(issuer + "|")))
                .sorted()
                .forEach(subject -> env.fault(
                        "SITE_SCOPE_JSON",
                        "names `" + subject + "` under `subjects`, whose issuer is none of those accepted here"));
    }

    SiteScope scope(String issuer, String subject, Role role, JsonObject token) {
        return Optional.ofNullable(subjects.get(issuer + "|" + subject))
                .or(() -> Optional.ofNullable(roles.get(role)))
                .or(() -> claim.flatMap(name -> new ClaimPath(name).find(token)).map(SiteScopes::ofClaim))
                .orElse(SiteScope.NONE);
    }

    /// A claim of another form than a string or a list of strings gives no site at all.
    private static SiteScope ofClaim(mistmcp.json.JsonValue value) {
        return switch (value) {
            case JsonString one when !one.value().isBlank() -> new SiteScope(List.of(one.value()));
            case JsonArray array
            when array.size() <= MAX_IDS && array.strings().size() == array.size() -> new SiteScope(array.strings());
            default -> SiteScope.NONE;
        };
    }

    private static SiteScopes of(Env env, JsonObject json) {
        json.names().stream()
                .filter(name -> !List.of("subjects", "roles", "claim").contains(name))
                .forEach(name ->
                        env.fault("SITE_SCOPE_JSON", "expected `subjects`, `roles` and `claim`, found `" + name + "`"));
        var subjects = new HashMap<String, SiteScope>();
        member(env, json, "subjects").members().forEach((key, ids) -> {
            if (!key.contains("|")) {
                env.fault("SITE_SCOPE_JSON", "expected `issuer|subject` under `subjects`, found `" + key + "`");
            }
            ids(env, key, ids).ifPresent(scope -> subjects.put(key, scope));
        });
        var roles = new EnumMap<Role, SiteScope>(Role.class);
        member(env, json, "roles")
                .members()
                .forEach((key, ids) -> Role.of(key)
                        .ifPresentOrElse(
                                role -> ids(env, key, ids).ifPresent(scope -> roles.put(role, scope)),
                                () -> env.fault(
                                        "SITE_SCOPE_JSON",
                                        "expected `ReadOnly` or `ReadWrite` under `roles`, found `" + key + "`")));
        if (json.has("claim")
                && json.string("claim").filter(name -> !name.isBlank()).isEmpty()) {
            env.fault("SITE_SCOPE_JSON", "expected a claim's name under `claim`");
        }
        return new SiteScopes(subjects, roles, json.string("claim"));
    }

    private static JsonObject member(Env env, JsonObject json, String name) {
        if (json.has(name) && json.object(name).isEmpty()) {
            env.fault("SITE_SCOPE_JSON", "expected an object under `" + name + "`");
        }
        return json.object(name).orElse(JsonObject.EMPTY);
    }

    private static Optional<SiteScope> ids(Env env, String key, mistmcp.json.JsonValue value) {
        if (value instanceof JsonArray array
                && array.strings().size() == array.size()
                && array.strings().stream().noneMatch(String::isBlank)) {
            return Optional.of(new SiteScope(array.strings()));
        }
        env.fault("SITE_SCOPE_JSON", "expected a list of site ids for `" + key + "`");
        return Optional.empty();
    }
}

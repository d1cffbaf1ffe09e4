package mistmcp.gateway.auth;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import mistmcp.gateway.identity.Principal.RoleSource;
import mistmcp.gateway.identity.Role;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonBoolean;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonString;
import mistmcp.json.JsonValue;
import mistmcp.settings.Env;

/// Gives a token's claims exactly one role, or none: values are compared exactly, and there is no default
/// role.
///
/// @param claims where roles stand; several are a union
/// @param values the values that give each role
public record RoleMapper(List<String> claims, Map<Role, Set<String>> values) {
    private static final int MAX_VALUES = 1_000;

    /// What the claims came to.
    sealed interface Mapping {
        /// A role, and what gave it.
        ///
        /// @param both whether the other role was given as well; then ReadWrite stands
        record Mapped(Role role, RoleSource source, boolean both) implements Mapping {}

        /// Values, but none that gives a role.
        record NoRole(List<String> seen) implements Mapping {}

        /// The provider left the groups out because they are too many (Entra).
        record Overage() implements Mapping {}

        /// More values than we look at.
        record TooMany(int count) implements Mapping {}
    }

    /// Copies what is given.
    public RoleMapper {
        claims = List.copyOf(claims);
        values = Map.copyOf(values);
    }

    /// The role names themselves as values of the claim `roles`.
    static RoleMapper plain() {
        return new RoleMapper(List.of("roles"), plainValues());
    }

    /// Reads `ROLE_CLAIM` and `ROLE_MAP_JSON`.
    static RoleMapper read(Env env) {
        var claims = env.list("ROLE_CLAIM", "roles");
        if (claims.isEmpty()) {
            env.fault("ROLE_CLAIM", "expected one or more claims, such as `roles,groups`");
        }
        claims.stream()
                .filter(claim -> claim.startsWith(".") || claim.endsWith(".") || claim.contains(".."))
                .forEach(
                        claim -> env.fault("ROLE_CLAIM", "expected a path without empty steps, found `" + claim + "`"));
        var values = env.json("ROLE_MAP_JSON").map(map -> values(env, map)).orElseGet(RoleMapper::plainValues);
        return new RoleMapper(claims, values);
    }

    Mapping map(JsonObject token) {
        var sources = new EnumMap<Role, RoleSource>(Role.class);
        var seen = new ArrayList<String>();
        for (var claim : claims) {
            var found = new ClaimPath(claim).values(token);
            seen.addAll(found);
            if (seen.size() > MAX_VALUES) {
                return new Mapping.TooMany(seen.size());
            }
            for (var value : found) {
                values.forEach((role, accepted) -> {
                    if (accepted.contains(value)) {
                        sources.putIfAbsent(role, new RoleSource(claim, value));
                    }
                });
            }
        }
        var write = Optional.ofNullable(sources.get(Role.READ_WRITE));
        var read = Optional.ofNullable(sources.get(Role.READ_ONLY));
        if (write.isPresent()) {
            return new Mapping.Mapped(Role.READ_WRITE, write.get(), read.isPresent());
        }
        if (read.isPresent()) {
            return new Mapping.Mapped(Role.READ_ONLY, read.get(), false);
        }
        return overage(token) ? new Mapping.Overage() : new Mapping.NoRole(List.copyOf(seen));
    }

    /// Whether a claim that roles are read from was left out because it grew too large: Entra then sends
    /// `_claim_names`, or `hasgroups` in the implicit flow. The address in the token that would list them is
    /// never called.
    private boolean overage(JsonObject token) {
        var elsewhere = token.object("_claim_names").orElse(JsonObject.EMPTY);
        var hasGroups = token.get("hasgroups")
                .filter(value -> value.equals(JsonBoolean.TRUE) || value.equals(new JsonString("true")))
                .isPresent();
        return claims.stream()
                .map(claim -> new ClaimPath(claim).topLevel())
                .anyMatch(
                        claim -> !token.has(claim) && (elsewhere.has(claim) || (hasGroups && claim.equals("groups"))));
    }

    private static Map<Role, Set<String>> plainValues() {
        var plain = new EnumMap<Role, Set<String>>(Role.class);
        for (var role : Role.values()) {
            plain.put(role, Set.of(role.text()));
        }
        return plain;
    }

    private static Map<Role, Set<String>> values(Env env, JsonObject map) {
        var values = new EnumMap<Role, Set<String>>(Role.class);
        map.members().forEach((name, given) -> {
            var role = Role.of(name);
            var accepted = strings(given);
            if (role.isEmpty()) {
                env.fault("ROLE_MAP_JSON", "expected the keys `ReadOnly` and `ReadWrite`, found `" + name + "`");
            } else if (accepted.isEmpty()) {
                env.fault("ROLE_MAP_JSON", "expected one or more values, as text, for `" + name + "`");
            } else {
                values.put(role.get(), accepted.get());
            }
        });
        var read = values.getOrDefault(Role.READ_ONLY, Set.of());
        values.getOrDefault(Role.READ_WRITE, Set.of()).stream()
                .filter(read::contains)
                .sorted()
                .forEach(value -> env.fault("ROLE_MAP_JSON", "maps `" + value + "` to both roles: keep one"));
        if (map.isEmpty()) {
            env.fault("ROLE_MAP_JSON", "expected values for `ReadOnly` or `ReadWrite`");
        }
        return values;
    }

    private static Optional<Set<String>> strings(JsonValue value) {
        return switch (value) {
            case JsonString one when !one.value().isBlank() -> Optional.of(Set.of(one.value()));
            case JsonArray array
            when !array.isEmpty()
                    && array.strings().size() == array.size()
                    && array.strings().stream().noneMatch(String::isBlank) ->
                Optional.of(new LinkedHashSet<>(array.strings()));
            default -> Optional.empty();
        };
    }
}

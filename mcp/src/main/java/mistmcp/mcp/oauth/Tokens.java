package mistmcp.mcp.oauth;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.settings.Secret;

/// What an authorization server gave us for one MCP server.
///
/// @param issuer    who gave it; it is shown to no other
/// @param resource  for which server, as it names itself
/// @param access    the access token
/// @param refresh   what gets another one
/// @param scopes    what it is good for
/// @param issuedAt  when it was given
/// @param expiresAt when it ends, where that is known
record Tokens(
        String issuer,
        String resource,
        Bearer access,
        Optional<Secret> refresh,
        Set<String> scopes,
        Instant issuedAt,
        Optional<Instant> expiresAt) {
    private static final Duration AHEAD = Duration.ofSeconds(60);

    Tokens {
        scopes = Set.copyOf(scopes);
    }

    /// Whether it is time for another one: a minute before its end, or a fifth of a short life.
    boolean due(Instant now) {
        return expiresAt
                .filter(end -> {
                    var ahead = Duration.between(issuedAt, end).dividedBy(5);
                    return !now.isBefore(end.minus(ahead.compareTo(AHEAD) < 0 ? ahead : AHEAD));
                })
                .isPresent();
    }

    boolean over(Instant now) {
        return expiresAt.filter(end -> !now.isBefore(end)).isPresent();
    }

    /// With its secrets in the clear: for the file that keeps them.
    JsonObject toJson() {
        return JsonObject.of(
                        "issuer", issuer,
                        "resource", resource,
                        "access", access.value().reveal(),
                        "scopes", JsonArray.ofAll(scopes.stream().sorted().toList()),
                        "issuedAt", issuedAt.toString())
                .withPresent("refresh", refresh.map(Secret::reveal))
                .withPresent("expiresAt", expiresAt.map(Instant::toString));
    }

    static Optional<Tokens> read(JsonObject json) {
        var issuer = json.string("issuer");
        var access = json.string("access");
        if (issuer.isEmpty() || access.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Tokens(
                issuer.get(),
                json.string("resource").orElse(""),
                new Bearer(new Secret(access.get())),
                json.string("refresh").map(Secret::new),
                Set.copyOf(json.array("scopes").orElse(JsonArray.EMPTY).strings()),
                Instant.parse(json.string("issuedAt").orElse(Instant.EPOCH.toString())),
                json.string("expiresAt").map(Instant::parse)));
    }
}

package mistmcp.mcp.oauth;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;

/// What is known of the authorization towards one MCP server and must outlive a restart. Clients and scopes
/// are kept by issuer: what one authorization server gave or was asked is no matter of another.
///
/// @param tokens    what is in use
/// @param clients   as whom an issuer has registered us
/// @param requested which scopes an issuer was asked for
/// @param homes     at which issuer a client that the operator registered has been let in, by its id
public record Kept(
        Optional<Tokens> tokens,
        Map<String, ClientIdentity> clients,
        Map<String, Set<String>> requested,
        Map<String, String> homes) {
    /// Nothing yet.
    public static final Kept NOTHING = new Kept(Optional.empty(), Map.of(), Map.of(), Map.of());

    /// Copies the maps given.
    public Kept {
        clients = Map.copyOf(clients);
        requested = Map.copyOf(requested);
        homes = Map.copyOf(homes);
    }

    Kept with(Tokens other) {
        return new Kept(Optional.of(other), clients, requested, homes);
    }

    Kept withoutTokens() {
        return new Kept(Optional.empty(), clients, requested, homes);
    }

    Kept with(String issuer, ClientIdentity client) {
        var all = new LinkedHashMap<>(clients);
        all.put(issuer, client);
        return new Kept(tokens, all, requested, homes);
    }

    Kept without(String issuer) {
        var all = new LinkedHashMap<>(clients);
        all.remove(issuer);
        return new Kept(tokens, all, requested, homes);
    }

    Kept with(String issuer, Set<String> scopes) {
        var all = new LinkedHashMap<>(requested);
        all.put(issuer, Set.copyOf(scopes));
        return new Kept(tokens, clients, all, homes);
    }

    Kept atHome(String client, String issuer) {
        var all = new LinkedHashMap<>(homes);
        all.put(client, issuer);
        return new Kept(tokens, clients, requested, all);
    }

    Set<String> requestedOf(String issuer) {
        return requested.getOrDefault(issuer, Set.of());
    }

    /// With all secrets in the clear: for the file that keeps them, and nothing else.
    public JsonObject toJson() {
        var known = JsonObject.EMPTY;
        for (var client : clients.entrySet()) {
            known = known.with(client.getKey(), client.getValue().toJson());
        }
        var asked = JsonObject.EMPTY;
        for (var scopes : requested.entrySet()) {
            asked = asked.with(
                    scopes.getKey(),
                    JsonArray.ofAll(scopes.getValue().stream().sorted().toList()));
        }
        return JsonObject.of("clients", known, "requested", asked, "homes", homes)
                .withPresent("tokens", tokens.map(Tokens::toJson));
    }

    /// Reads what [#toJson] wrote.
    public static Kept read(JsonObject json) {
        var clients = new LinkedHashMap<String, ClientIdentity>();
        var known = json.object("clients").orElse(JsonObject.EMPTY);
        known.names()
                .forEach(issuer -> known.object(issuer)
                        .flatMap(ClientIdentity::read)
                        .ifPresent(client -> clients.put(issuer, client)));
        var requested = new LinkedHashMap<String, Set<String>>();
        var asked = json.object("requested").orElse(JsonObject.EMPTY);
        asked.names()
                .forEach(issuer -> asked.array(issuer)
                        .ifPresent(scopes -> requested.put(issuer, new LinkedHashSet<>(scopes.strings()))));
        var homes = new LinkedHashMap<String, String>();
        var lived = json.object("homes").orElse(JsonObject.EMPTY);
        lived.names().forEach(client -> lived.string(client).ifPresent(issuer -> homes.put(client, issuer)));
        return new Kept(json.object("tokens").flatMap(Tokens::read), clients, requested, homes);
    }
}

package mistmcp.mcp.oauth;

import java.util.Optional;
import mistmcp.json.JsonObject;
import mistmcp.settings.Secret;

/// As whom we are known to an authorization server.
///
/// @param id     the client id
/// @param secret what proves it; none for a public client
/// @param method how it is proved at the token endpoint, where the server has said so
/// @param redirect where the server that registered it sends people back to
public record ClientIdentity(String id, Optional<Secret> secret, Optional<String> method, Optional<String> redirect) {
    /// A client that the operator has registered.
    public static ClientIdentity registered(String id, Optional<Secret> secret) {
        return new ClientIdentity(id, secret, Optional.empty(), Optional.empty());
    }

    /// With its secret in the clear: for the file that keeps it.
    JsonObject toJson() {
        return JsonObject.of("id", id)
                .withPresent("secret", secret.map(Secret::reveal))
                .withPresent("method", method)
                .withPresent("redirect", redirect);
    }

    static Optional<ClientIdentity> read(JsonObject json) {
        return json.string("id")
                .map(id -> new ClientIdentity(
                        id, json.string("secret").map(Secret::new), json.string("method"), json.string("redirect")));
    }
}

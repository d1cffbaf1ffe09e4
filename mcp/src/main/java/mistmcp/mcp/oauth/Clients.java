package mistmcp.mcp.oauth;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import mistmcp.http.HostText;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.settings.Secret;

/// As whom we come to an authorization server: as the client that the operator registered, else by our
/// metadata document, else as what it registers us as. Stateless.
final class Clients {
    private final OAuthOptions options;
    private final Fetch fetch;

    Clients(OAuthOptions options, Fetch fetch) {
        this.options = options;
        this.fetch = fetch;
    }

    /// The client for an issuer, of those kept or new.
    ClientIdentity of(ServerMetadata server, Kept kept) throws OAuthFault {
        if (options.registered().isPresent()) {
            return options.registered().get();
        }
        if (server.documents() && options.document().isPresent()) {
            return document(options.document().get());
        }
        var known = kept.clients().get(server.issuer());
        boolean comesBackHere = known != null
                && known.redirect().equals(Optional.of(options.redirect().toString()));
        return known != null && comesBackHere ? known : register(server);
    }

    private static ClientIdentity document(URI address) {
        return new ClientIdentity(address.toString(), Optional.empty(), Optional.of("none"), Optional.empty());
    }

    /// Whether this client is one that an issuer registered when we asked it to.
    boolean registeredByIssuer(ClientIdentity client) {
        return options.registered().isEmpty()
                && options.document()
                        .map(Clients::document)
                        .filter(client::equals)
                        .isEmpty();
    }

    private ClientIdentity register(ServerMetadata server) throws OAuthFault {
        var endpoint = server.registration()
                .orElseThrow(() -> new OAuthFault(
                        "oauth_client_unknown",
                        "the authorization server registers no clients: register one there, and set its `clientId`"));
        var answer = fetch.post(endpoint, registration(server));
        var id = answer.body().flatMap(body -> body.string("client_id"));
        if ((answer.status() != 201 && answer.status() != 200) || id.isEmpty()) {
            throw new OAuthFault(
                    "oauth_client_unknown",
                    "the authorization server does not register this client, it answered with HTTP status "
                            + answer.status() + ": register one there, and set its `clientId`");
        }
        return new ClientIdentity(
                id.get(),
                answer.body().flatMap(body -> body.string("client_secret")).map(Secret::new),
                answer.body().flatMap(body -> body.string("token_endpoint_auth_method")),
                Optional.of(options.redirect().toString()));
    }

    private JsonObject registration(ServerMetadata server) {
        return metadata(options)
                .with(
                        "application_type",
                        HostText.onThisMachine(options.redirect().getHost()) ? "native" : "web")
                .with("token_endpoint_auth_method", method(server));
    }

    /// What a client metadata document and a registration have in common.
    static JsonObject metadata(OAuthOptions options) {
        return JsonObject.of(
                "client_name", options.clientName(),
                "redirect_uris", JsonArray.ofAll(List.of(options.redirect().toString())),
                "grant_types", JsonArray.ofAll(List.of("authorization_code", "refresh_token")),
                "response_types", JsonArray.ofAll(List.of("code")));
    }

    /// A secret, where one is given: it proves more than none.
    private static String method(ServerMetadata server) {
        var methods = server.methods();
        return methods.isEmpty() || methods.contains("client_secret_basic")
                ? "client_secret_basic"
                : methods.contains("client_secret_post") ? "client_secret_post" : "none";
    }
}

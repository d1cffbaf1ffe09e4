package mistmcp.mcp.oauth;

import java.net.URI;
import java.util.Optional;
import java.util.Set;

/// How we ask for authorizations.
///
/// @param clientName what people read on the page where they allow it
/// @param redirect   where the authorization server sends them back to
/// @param document   the address of our client metadata document, where there is one
/// @param registered the client that the operator has registered beforehand
/// @param issuer     the only issuer that the operator accepts, where he names one
/// @param scopes     what to ask for at first; empty for what the server says
/// @param machine    whether the client stands for itself, with no person to ask (`client_credentials`)
/// @param remedy     what to do when there is no authorization, for messages
public record OAuthOptions(
        String clientName,
        URI redirect,
        Optional<URI> document,
        Optional<ClientIdentity> registered,
        Optional<String> issuer,
        Set<String> scopes,
        boolean machine,
        String remedy) {
    /// Copies the set given.
    public OAuthOptions {
        scopes = Set.copyOf(scopes);
    }

    /// Asks a person, as a client that is not registered anywhere yet.
    public static OAuthOptions of(String clientName, URI redirect, String remedy) {
        return new OAuthOptions(
                clientName, redirect, Optional.empty(), Optional.empty(), Optional.empty(), Set.of(), false, remedy);
    }

    /// The same with a document.
    public OAuthOptions withDocument(URI address) {
        return new OAuthOptions(
                clientName, redirect, Optional.of(address), registered, issuer, scopes, machine, remedy);
    }

    /// The same with a client that is registered.
    public OAuthOptions withRegistered(ClientIdentity client) {
        return new OAuthOptions(clientName, redirect, document, Optional.of(client), issuer, scopes, machine, remedy);
    }
}

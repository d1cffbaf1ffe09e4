package mistmcp.mcp.oauth;

import java.net.URI;
import java.util.Optional;
import java.util.Set;

/// How an authorization server describes itself (RFC 8414, OpenID Connect Discovery 1.0).
///
/// @param issuer        its name, exactly
/// @param authorization where a person is asked; a server for machines has none
/// @param token         where tokens are given
/// @param registration  where clients can register themselves
/// @param challenges    the methods of PKCE that it takes
/// @param scopes        the scopes that it lists
/// @param methods       how clients may prove themselves; empty when it does not say
/// @param documents     whether a client id can be the address of a document
/// @param namesItself   whether its answers say whose they are (RFC 9207)
record ServerMetadata(
        String issuer,
        Optional<URI> authorization,
        URI token,
        Optional<URI> registration,
        Set<String> challenges,
        Set<String> scopes,
        Set<String> methods,
        boolean documents,
        boolean namesItself) {}

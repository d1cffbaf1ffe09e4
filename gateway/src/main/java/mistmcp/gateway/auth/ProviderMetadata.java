package mistmcp.gateway.auth;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import mistmcp.http.HostText;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;

/// What a provider says of itself (OpenID Connect Discovery 1.0, RFC 8414), as far as signing in needs it.
///
/// @param issuer        exactly the issuer that was asked
/// @param authorization where the browser goes to sign in
/// @param token         where codes and refresh tokens are redeemed
/// @param endSession    where the browser goes to sign out
/// @param revocation    where tokens are revoked
/// @param secretInBody  whether the client's secret goes into the body, as Basic is not offered
/// @param namesItself   whether each answer of the authorization endpoint carries `iss` (RFC 9207)
record ProviderMetadata(
        String issuer,
        URI authorization,
        URI token,
        Optional<URI> endSession,
        Optional<URI> revocation,
        boolean secretInBody,
        boolean namesItself) {
    /// Reads the metadata document of an issuer.
    ///
    /// @throws RefusedSignIn when it is another issuer's, or an endpoint is missing or not safe to call
    static ProviderMetadata of(JsonObject document, String issuer) throws RefusedSignIn {
        var named = document.string("issuer").orElse("");
        if (!named.equals(issuer)) {
            throw new RefusedSignIn(SignInFault.DISCOVERY_UNUSABLE, "it is of the issuer " + PlainText.shown(named));
        }
        var methods = document.array("token_endpoint_auth_methods_supported")
                .map(JsonArray::strings)
                .orElse(List.of("client_secret_basic"));
        return new ProviderMetadata(
                issuer,
                required(document, "authorization_endpoint"),
                required(document, "token_endpoint"),
                endpoint(document, "end_session_endpoint"),
                endpoint(document, "revocation_endpoint"),
                !methods.contains("client_secret_basic") && methods.contains("client_secret_post"),
                document.bool("authorization_response_iss_parameter_supported").orElse(false));
    }

    private static URI required(JsonObject document, String name) throws RefusedSignIn {
        return endpoint(document, name)
                .orElseThrow(() -> new RefusedSignIn(SignInFault.DISCOVERY_UNUSABLE, "it has no `" + name + "`"));
    }

    private static Optional<URI> endpoint(JsonObject document, String name) throws RefusedSignIn {
        var text = document.string(name);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            var uri = URI.create(text.get());
            if (safe(uri)) {
                return Optional.of(uri);
            }
        } catch (IllegalArgumentException unreadable) {
            // Told below.
        }
        throw new RefusedSignIn(SignInFault.DISCOVERY_UNUSABLE, "its `" + name + "` is no `https` address");
    }

    /// Whether secrets may be sent to an address: by TLS, or to this machine.
    static boolean safe(URI uri) {
        if (uri.getHost() == null || uri.getRawFragment() != null || uri.getRawUserInfo() != null) {
            return false;
        }
        return "https".equals(uri.getScheme())
                || ("http".equals(uri.getScheme()) && HostText.onThisMachine(uri.getHost()));
    }
}

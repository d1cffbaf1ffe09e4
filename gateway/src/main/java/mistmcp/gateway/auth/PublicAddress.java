package mistmcp.gateway.auth;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import mistmcp.http.HttpRequest;

/// How callers reach this gateway: `PUBLIC_URL`, or else the address that a request used, whose host the HTTP
/// edge has checked before.
///
/// @param publicUrl `PUBLIC_URL` without a trailing slash
public record PublicAddress(Optional<URI> publicUrl) {
    private static final Pattern HOST = Pattern.compile("[a-z0-9.-]+(:[0-9]{1,5})?|\\[[0-9a-f:]+](:[0-9]{1,5})?");

    /// The address without a trailing slash, as the caller of a request knows it.
    public String base(HttpRequest request) {
        return publicUrl
                .map(URI::toString)
                .orElseGet(() -> request.scheme() + "://"
                        + request.host()
                                .map(host -> host.toLowerCase(Locale.ROOT))
                                .filter(host -> HOST.matcher(host).matches())
                                .orElse("127.0.0.1"));
    }

    /// What stands before our paths for a browser, as `/mist`; empty for nothing.
    public String path() {
        return publicUrl.map(URI::getRawPath).orElse("");
    }

    /// The resource that tokens are for (RFC 8707): one for all MCP endpoints.
    public String resource(HttpRequest request) {
        return base(request) + "/mcp";
    }

    /// Where the metadata of that resource is (RFC 9728).
    public String metadata(HttpRequest request) {
        return base(request) + "/.well-known/oauth-protected-resource/mcp";
    }

    /// Whether the request comes from a page of this gateway: its one Origin header names our own scheme,
    /// host and port, and the browser, when it says where the request comes from, says the same.
    public boolean fromOwnPage(HttpRequest request) {
        var origins = request.headers("Origin");
        var site = request.header("Sec-Fetch-Site");
        return origins.size() == 1
                && origins.getFirst().equalsIgnoreCase(origin(request))
                && site.map("same-origin"::equals).orElse(true);
    }

    private String origin(HttpRequest request) {
        return publicUrl
                .map(url -> url.getScheme() + "://" + url.getRawAuthority())
                .orElseGet(() -> base(request));
    }
}

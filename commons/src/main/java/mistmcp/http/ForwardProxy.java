package mistmcp.http;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import mistmcp.settings.Secret;

/// A company's proxy for calls to the outside. It is asked to open a tunnel (CONNECT), so that it sees which
/// host is called and no more.
///
/// @param host        its name
/// @param port        its port
/// @param credentials what it is told when it asks who calls
public record ForwardProxy(String host, int port, Optional<Credentials> credentials) {
    /// A name and a password, sent as RFC 7617 says, to the proxy only.
    public record Credentials(String user, Secret password) {}

    /// Reads `http://[user:password@]host:port`.
    ///
    /// @throws IllegalArgumentException for anything else
    static ForwardProxy of(String text) {
        var uri = URI.create(text);
        var path = Optional.ofNullable(uri.getRawPath()).orElse("");
        boolean bare =
                (path.isEmpty() || path.equals("/")) && uri.getRawQuery() == null && uri.getRawFragment() == null;
        if (!"http".equalsIgnoreCase(uri.getScheme()) || uri.getHost() == null || uri.getPort() < 1 || !bare) {
            throw new IllegalArgumentException("not `http://host:port`");
        }
        return new ForwardProxy(
                uri.getHost(),
                uri.getPort(),
                Optional.ofNullable(uri.getRawUserInfo()).map(ForwardProxy::credentials));
    }

    private static Credentials credentials(String userInfo) {
        int colon = userInfo.indexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("no password");
        }
        return new Credentials(
                decoded(userInfo.substring(0, colon)), new Secret(decoded(userInfo.substring(colon + 1))));
    }

    private static String decoded(String text) {
        // A plus sign stands for itself in this part of an address.
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}

package mistmcp.http;

import java.time.Duration;
import java.util.Set;

/// Where and how a server listens.
///
/// @param host         the address to bind
/// @param port         the port; 0 takes a free one
/// @param allowedHosts names that the Host and Origin headers may carry beside `localhost` and the loopback
///                     addresses, without port and in lower case; `*` allows any host
/// @param readTimeout  how long a connection may be silent while a request is being read
/// @param drain        how long calls in flight may take when the server stops
public record ServerSettings(String host, int port, Set<String> allowedHosts, Duration readTimeout, Duration drain) {
    /// Copies the set given.
    public ServerSettings {
        allowedHosts = Set.copyOf(allowedHosts);
    }

    /// A server on a loopback port that only loopback names reach.
    public static ServerSettings loopback(int port) {
        return new ServerSettings("127.0.0.1", port, Set.of(), Duration.ofSeconds(30), Duration.ofSeconds(10));
    }
}

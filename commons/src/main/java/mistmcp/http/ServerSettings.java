package mistmcp.http;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Where and how a server listens.
///
/// @param host         the address to bind
/// @param port         the port; 0 takes a free one
/// @param allowedHosts names that the Host and Origin headers may carry beside `localhost` and the loopback
///                     addresses, without port and in lower case; `*` allows any host
/// @param readTimeout  how long a connection may be silent while a request is being read, and how much longer
///                     than 128 KiB a second allow a caller may take for an answer
/// @param drain        how long calls in flight may take when the server stops
/// @param outside      how it is reached from other machines
public record ServerSettings(
        String host, int port, Set<String> allowedHosts, Duration readTimeout, Duration drain, Outside outside) {
    /// How a server is reached from other machines.
    ///
    /// @param tls     the certificate to serve TLS with; callers on this machine have a plain port too
    /// @param proxies the proxies whose forwarded headers are believed
    /// @param path    what stands before every path for callers from outside, as `/mist`; empty for nothing.
    ///                Paths without it are served as well
    public record Outside(Optional<TlsFiles> tls, List<AddressRange> proxies, String path) {
        /// As it is: no TLS, no proxy.
        public static final Outside PLAIN = new Outside(Optional.empty(), List.of(), "");

        /// Copies the list given.
        public Outside {
            proxies = List.copyOf(proxies);
        }
    }

    /// Copies the set given.
    public ServerSettings {
        allowedHosts = Set.copyOf(allowedHosts);
    }

    /// A server without TLS that no proxy stands before.
    public ServerSettings(String host, int port, Set<String> allowedHosts, Duration readTimeout, Duration drain) {
        this(host, port, allowedHosts, readTimeout, drain, Outside.PLAIN);
    }

    /// A server on a loopback port that only loopback names reach.
    public static ServerSettings loopback(int port) {
        return new ServerSettings("127.0.0.1", port, Set.of(), Duration.ofSeconds(30), Duration.ofSeconds(10));
    }
}

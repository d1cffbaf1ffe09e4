package mistmcp.http;

import java.net.InetAddress;
import java.util.Optional;

/// What the text of a host says by itself, without anybody being asked: what a name stands for could be
/// another thing by the time it is used. Stateless.
public final class HostText {
    private HostText() {}

    /// The address that a host is; empty for a name.
    public static Optional<InetAddress> literal(String host) {
        try {
            return Optional.of(InetAddress.ofLiteral(host));
        } catch (IllegalArgumentException name) {
            return Optional.empty();
        }
    }

    /// Whether a host is this machine: `localhost` or a loopback address, in any notation.
    public static boolean onThisMachine(String host) {
        return host.equalsIgnoreCase("localhost")
                || literal(host).filter(InetAddress::isLoopbackAddress).isPresent();
    }
}

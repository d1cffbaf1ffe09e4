package mistmcp.gateway.upstream;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/// Where the gateway stands, for authorizations.
///
/// @param address how browsers reach it, without a slash at the end
/// @param folder  where authorizations are kept
public record Home(String address, Path folder) {
    /// Where authorization servers send people back to.
    public URI callback() {
        return URI.create(address + "/upstreams/callback");
    }

    /// The address of the gateway's client metadata document. Authorization servers fetch it, so there is one
    /// only where others reach the gateway by https.
    public Optional<URI> document() {
        return address.startsWith("https://") && !URI.create(address).getHost().matches("localhost|127\\..*|\\[::1]")
                ? Optional.of(URI.create(address + "/upstreams/client.json"))
                : Optional.empty();
    }
}

package mistmcp.mcp.client;

import java.time.Duration;
import java.util.Optional;
import mistmcp.json.RawJson;

/// Makes the requests that are nobody's but our own, with the principal and headers that belong to them.
public interface OwnRequests {
    /// One request.
    UpstreamRequest make(String method, Optional<String> target, RawJson params, Duration deadline);
}

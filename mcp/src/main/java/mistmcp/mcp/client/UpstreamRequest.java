package mistmcp.mcp.client;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import mistmcp.json.RawJson;
import mistmcp.mcp.RequestMeta;

/// One request of ours to another MCP server, the same for every era.
///
/// @param method    `tools/call`, ...
/// @param target    the name or URI that the params carry, for the headers of the modern era
/// @param params    the params without `_meta`, to the byte as they shall be sent
/// @param meta      progress token and trace of the caller; its identity and capabilities do not travel
/// @param principal the key of the principal: a stateful legacy server gets an MCP session for each
/// @param headers   HTTP headers of ours, such as the service assertion
/// @param deadline  from the start to the last byte, whatever progress says
public record UpstreamRequest(
        String method,
        Optional<String> target,
        RawJson params,
        RequestMeta meta,
        String principal,
        Map<String, String> headers,
        Duration deadline) {
    /// Copies the headers.
    public UpstreamRequest {
        headers = Map.copyOf(headers);
    }
}

package mistmcp.mcp;

import java.util.Optional;
import mistmcp.json.JsonObject;
import mistmcp.json.RawJson;

/// What travels beside a request's own parameters, settled from `_meta` (2026-07-28) or from the handshake
/// (legacy).
///
/// @param progressToken      the token under which the caller wants progress, as it stood
/// @param trace              `traceparent`, `tracestate`, `baggage` as given
/// @param clientInfo         who calls, by its own account
/// @param clientCapabilities what the caller can be asked for
/// @param logLevel           the least severe log message that the caller wants; empty for none
public record RequestMeta(
        Optional<RawJson> progressToken,
        JsonObject trace,
        JsonObject clientInfo,
        JsonObject clientCapabilities,
        Optional<String> logLevel) {
    /// Nothing said.
    public static final RequestMeta NONE =
            new RequestMeta(Optional.empty(), JsonObject.EMPTY, JsonObject.EMPTY, JsonObject.EMPTY, Optional.empty());

    /// Whether the caller declared a capability, as `elicitation` or `sampling`.
    public boolean declares(String capability) {
        return clientCapabilities.has(capability);
    }
}

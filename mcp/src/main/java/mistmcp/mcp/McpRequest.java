package mistmcp.mcp;

import java.util.Optional;
import mistmcp.json.RawJson;

/// One request of a caller, read and settled, the same for every era. The bytes are those of the wire.
///
/// @param revision  the revision that the caller speaks
/// @param method    `tools/call`, `resources/read`, ...
/// @param target    `params.name`, or `params.uri` for resources
/// @param params    the whole `params` object; `{}` when there was none
/// @param arguments `params.arguments`; may be absent
/// @param meta      what travels beside
public record McpRequest(
        Revision revision,
        String method,
        Optional<String> target,
        RawJson params,
        Optional<RawJson> arguments,
        RequestMeta meta) {}

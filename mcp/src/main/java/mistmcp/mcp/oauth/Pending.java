package mistmcp.mcp.oauth;

import java.time.Instant;
import java.util.Set;
import mistmcp.settings.Secret;

/// An authorization that a person was asked for, and all that its answer is judged by.
///
/// @param server   the authorization server, as it described itself beforehand
/// @param client   as whom we asked
/// @param resource for which MCP server
/// @param scopes   what we asked for
/// @param verifier what only we know of the challenge that went along
/// @param end      until when an answer counts
record Pending(
        ServerMetadata server,
        ClientIdentity client,
        String resource,
        Set<String> scopes,
        Secret verifier,
        Instant end) {}

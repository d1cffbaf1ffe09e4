package mistmcp.mcp.oauth;

import java.util.List;
import java.util.Set;

/// How an MCP server describes itself (RFC 9728).
///
/// @param resource its name for itself
/// @param servers  the issuers of its tokens; at least one
/// @param scopes   what it takes to use it at all; empty when it does not say
record ResourceMetadata(String resource, List<String> servers, Set<String> scopes) {
    ResourceMetadata {
        servers = List.copyOf(servers);
    }
}

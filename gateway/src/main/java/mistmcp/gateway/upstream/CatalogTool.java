package mistmcp.gateway.upstream;

import mistmcp.mcp.ToolDefinition;

/// One tool of one upstream.
///
/// @param upstream    the upstream that owns it
/// @param name        its own name there
/// @param wireName    its name on the merged endpoint, with the upstream's prefix
/// @param definition  how its upstream lists it
/// @param digest      the digest of that definition
/// @param writes      whether it may write
/// @param preview     what a dry run of it is worth
/// @param servesSites  whether its upstream filters by site
/// @param withoutSites whether sites are no matter to its upstream
public record CatalogTool(
        String upstream,
        String name,
        String wireName,
        ToolDefinition definition,
        String digest,
        boolean writes,
        UpstreamSettings.Preview preview,
        boolean servesSites,
        boolean withoutSites) {}

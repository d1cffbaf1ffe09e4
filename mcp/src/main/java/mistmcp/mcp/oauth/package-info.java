/// Authorization towards another MCP server: who issues its tokens, how one is got, kept and renewed (MCP
/// authorization, 2025-11-25 and 2026-07-28).
@NullMarked
package mistmcp.mcp.oauth;

import org.jspecify.annotations.NullMarked;

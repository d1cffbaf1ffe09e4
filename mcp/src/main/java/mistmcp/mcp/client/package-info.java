/// Calls another MCP server, over Streamable HTTP and stdio: era, MCP session, deadline, cancellation.
@NullMarked
package mistmcp.mcp.client;

import org.jspecify.annotations.NullMarked;

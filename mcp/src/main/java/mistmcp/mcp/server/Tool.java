package mistmcp.mcp.server;

import mistmcp.json.JsonObject;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.ToolDefinition;

/// One tool that a server of ours serves.
///
/// @param <C> who calls, as the process knows it
public interface Tool<C> {
    /// How the tool is listed.
    ToolDefinition definition();

    /// Runs the tool. The arguments are valid under the input schema.
    ToolResult call(C caller, JsonObject arguments, Exchange exchange) throws InterruptedException;
}

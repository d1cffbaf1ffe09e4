package mistmcp.mcp.client;

import mistmcp.mcp.Exchange;
import mistmcp.mcp.UpstreamReply;

/// A connection to one MCP server: finds out its era, keeps MCP sessions where it needs them, relays. Safe for
/// several threads.
public interface McpClient extends AutoCloseable {
    /// Sends a request and waits for its end. Notifications and questions of the server that belong to it go to the
    /// exchange; when the exchange is cancelled, so is the request.
    UpstreamReply send(UpstreamRequest request, Exchange exchange) throws InterruptedException;

    /// Runs an action whenever the server says that a list has changed: `tools`, `resources` or `prompts`.
    void onListChanged(java.util.function.Consumer<String> action);

    /// Ends sessions, streams and child processes.
    @Override
    void close();
}

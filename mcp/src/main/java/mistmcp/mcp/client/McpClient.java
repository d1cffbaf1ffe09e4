package mistmcp.mcp.client;

import java.time.Duration;
import java.util.Set;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.UpstreamReply;

/// A connection to one MCP server: finds out its era, keeps MCP sessions where it needs them, relays. Safe
/// for several threads.
public interface McpClient extends AutoCloseable {
    /// Sends a request and waits for its end. Notifications and questions of the server that belong to it go
    /// to the exchange; when the exchange is cancelled, so is the request.
    UpstreamReply send(UpstreamRequest request, Exchange exchange) throws InterruptedException;

    /// Begins to listen to the server beside all requests, on one connection that is opened again when it
    /// ends, until the client is closed. Called once. Only what the server offers is asked for.
    ///
    /// @param requests makes the requests that this takes
    void listen(OwnRequests requests, ServerChanges changes);

    /// Says which resources it shall tell the changes of, in place of those before.
    void want(Set<String> uris);

    /// Waits until the server was asked for these, and answers those that it does not agree to tell of; none
    /// while it is away, and nothing is known.
    Set<String> refused(Set<String> uris, Duration patience) throws InterruptedException;

    /// Whether the server is known to tell no changes of resources.
    boolean tellsNoUpdates();

    /// Ends sessions, streams and child processes.
    @Override
    void close();
}

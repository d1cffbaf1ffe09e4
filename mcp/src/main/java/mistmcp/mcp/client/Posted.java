package mistmcp.mcp.client;

import java.util.Optional;
import mistmcp.jsonrpc.Envelope;
import mistmcp.mcp.UpstreamReply;

/// How one POST to a server ended.
sealed interface Posted {
    /// With the answer that was waited for.
    ///
    /// @param session the MCP session that the server opened with it
    record Good(Envelope.Success answer, Optional<String> session) implements Posted {}

    /// With a JSON-RPC error.
    record Bad(int status, Envelope.Fault fault) implements Posted {}

    /// With an HTTP status that says it all, and no message.
    record Status(int status) implements Posted {}

    /// With nothing that can be used.
    record Broken(UpstreamReply.Failed failed) implements Posted {}
}

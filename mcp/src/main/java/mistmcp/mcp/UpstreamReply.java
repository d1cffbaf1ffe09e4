package mistmcp.mcp;

/// How a request to another MCP server ended.
public sealed interface UpstreamReply {
    /// The server answered, with a result or an error.
    record Answered(McpReply reply) implements UpstreamReply {}

    /// No usable answer.
    ///
    /// @param code      `upstream_unreachable`, `upstream_timeout`, `upstream_broken`, `upstream_garbage`,
    ///                  `result_too_large`, `cancelled`
    /// @param message   one line for people, without the server's own text
    /// @param maybeSent whether the server may have received the request
    record Failed(String code, String message, boolean maybeSent) implements UpstreamReply {}
}

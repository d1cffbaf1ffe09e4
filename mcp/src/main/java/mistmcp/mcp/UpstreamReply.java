package mistmcp.mcp;

/// How a request to another MCP server ended.
public sealed interface UpstreamReply {
    /// The server answered, with a result or an error.
    record Answered(McpReply.Whole reply) implements Whole {}

    /// The server answers with a large result that is still on its way. Only for an exchange that takes
    /// streams.
    record Streaming(McpReply.Streamed reply) implements UpstreamReply {}

    /// An end that is at hand.
    sealed interface Whole extends UpstreamReply {}

    /// The end when all of it is here.
    default Whole whole() {
        return switch (this) {
            case Whole here -> here;
            case Streaming streaming -> new Answered(streaming.reply().whole());
        };
    }

    /// No usable answer.
    ///
    /// @param code      `upstream_unreachable`, `upstream_timeout`, `upstream_broken`, `upstream_garbage`,
    ///                  `result_too_large`, `cancelled`
    /// @param message   one line for people, without the server's own text
    /// @param maybeSent whether the server may have received the request
    record Failed(String code, String message, boolean maybeSent) implements Whole {}
}

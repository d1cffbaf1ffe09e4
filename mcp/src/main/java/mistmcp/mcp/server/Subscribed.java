package mistmcp.mcp.server;

import mistmcp.mcp.McpReply;

/// What became of a caller's wish to hear of changes to a resource.
public sealed interface Subscribed {
    /// It will be told.
    ///
    /// @param end lets go of it; run once, by whichever thread ends the subscription
    record Honoured(Runnable end) implements Subscribed {
        /// Nothing has to be let go of.
        public static final Honoured FREELY = new Honoured(() -> {});
    }

    /// It will not.
    ///
    /// @param failure what a legacy caller is answered; to a modern one the resource is not acknowledged
    record Refused(McpReply.Failure failure) implements Subscribed {}
}

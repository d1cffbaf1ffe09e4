package mistmcp.mcp.client;

import java.util.Map;
import java.util.Optional;
import mistmcp.json.RawJson;
import mistmcp.jsonrpc.Envelope;
import mistmcp.mcp.ResultStream;
import mistmcp.mcp.UpstreamReply;

/// How one POST to a server ended.
sealed interface Posted {
    /// With what is all here.
    sealed interface Whole extends Posted {}

    /// What is all here; where only small answers make sense, a large one makes none.
    default Whole whole() {
        return switch (this) {
            case Whole here -> here;
            case Flowing flowing -> {
                flowing.stream().drop();
                yield new Broken(Failures.garbage("the server's answer is too large"));
            }
        };
    }

    /// With the answer that was waited for.
    ///
    /// @param session the MCP session that the server opened with it
    record Good(Envelope.Success answer, Optional<String> session) implements Whole {}

    /// With a large result that is still on its way.
    ///
    /// @param members those of its members that are known by now
    record Flowing(ResultStream stream, Map<String, RawJson> members) implements Posted {
        /// Copies the map.
        public Flowing {
            members = Map.copyOf(members);
        }
    }

    /// With a JSON-RPC error.
    record Bad(int status, Envelope.Fault fault) implements Whole {}

    /// With an HTTP status that says it all, and no message.
    record Status(int status) implements Whole {}

    /// With nothing that can be used.
    record Broken(UpstreamReply.Failed failed) implements Whole {}
}

package mistmcp.mcp.server;

import mistmcp.mcp.McpRequest;

/// Lets one HTTP request in: made anew for each, by whoever routes it here. Refusals are thrown as
/// [mistmcp.http.HttpProblem] and leave as `application/problem+json`; nothing runs then.
///
/// @param <C> who calls, as the process knows it
public interface Admission<C> {
    /// Who calls. Asked once the request is read and found well-formed, before anything is done for it.
    C admit(McpRequest request);

    /// A stable key of the caller: what it began under this key (MCP session, question, call to cancel),
    /// nobody else can touch. Asked also for messages that are no requests.
    String key();

    /// Whether the proof that the request came with still holds. Asked now and then while a stream that it
    /// opened stays open, and before each message on it.
    default boolean holds() {
        return true;
    }
}

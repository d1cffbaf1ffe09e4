package mistmcp.gateway.model;

import mistmcp.json.JsonObject;

/// Where a model's work happens: the chat makes the calls, shows them, and counts them. For one answer, one
/// thread.
public interface Desk {
    /// Shows a piece of the answer as it comes; all pieces together are the reply's text.
    void text(String delta);

    /// Makes one tool call. `commit` and `confirmation` are cut out: a model can ask for a plan, never
    /// approve one. When the answer's calls are used up, the result says so and nothing is sent.
    ToolReply call(String tool, JsonObject arguments) throws InterruptedException;

    /// Whether the caller has gone or stopped the answer.
    boolean cancelled();
}

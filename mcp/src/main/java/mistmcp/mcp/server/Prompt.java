package mistmcp.mcp.server;

import mistmcp.json.JsonObject;
import mistmcp.mcp.Exchange;

/// One prompt that a server of ours serves.
///
/// @param <C> who calls, as the process knows it
public interface Prompt<C> {
    /// How it is listed: `{name, title, description, arguments: [{name, description, required}]}`.
    JsonObject definition();

    /// The result of `prompts/get`: `{description, messages}`.
    JsonObject get(C caller, JsonObject arguments) throws InterruptedException;

    /// The same for a prompt that asks its caller for something first.
    default JsonObject get(C caller, JsonObject arguments, Exchange exchange) throws InterruptedException {
        return get(caller, arguments);
    }
}

package mistmcp.mcp.server;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import mistmcp.json.JsonObject;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.McpReply;
import mistmcp.mcp.McpRequest;
import mistmcp.mcp.ParamHeaders;

/// What a server offers, behind the wire. The wire answers `initialize`, `ping`, `server/discover`,
/// `logging/setLevel` and all that belongs to MCP sessions; everything else comes here.
///
/// @param <C> who calls, as the process knows it
public interface McpService<C> {
    /// `{name, title, version}` of this server.
    JsonObject serverInfo();

    /// How to use this server, for the model of this caller; empty for nothing to say.
    String instructions(C caller);

    /// The capabilities that this caller may use, as `{"tools": {"listChanged": true}}`.
    JsonObject capabilities(C caller);

    /// The arguments of a tool that a modern caller sends as headers too; nothing for a tool that marks none,
    /// or that this caller may not use.
    default ParamHeaders paramHeaders(C caller, String tool) {
        return ParamHeaders.NONE;
    }

    /// A mark of what this caller is shown of a kind of list (`tools`, `resources`, `prompts`) now: the same
    /// mark for the same list. A listener is told of a change when its mark is another one; without a mark,
    /// of each change.
    default Optional<String> listMark(C caller, String kind) {
        return Optional.empty();
    }

    /// Lets a caller hear of changes to resources, or not; an answer for each. Asked when a subscription
    /// begins.
    ///
    /// @param request the `subscriptions/listen` or `resources/subscribe` that asks for it
    default Map<String, Subscribed> subscribe(C caller, McpRequest request, Set<String> uris)
            throws InterruptedException {
        var all = new HashMap<String, Subscribed>();
        uris.forEach(uri -> all.put(uri, Subscribed.Honoured.FREELY));
        return all;
    }

    /// Whether a caller who subscribed to a resource may hear of this change of it; asked right before it is
    /// told.
    ///
    /// @param source who says that it has changed, as [McpHttp#resourceUpdated(String, String)] was told
    default boolean hears(C caller, String uri, String source) {
        return true;
    }

    /// Answers one request: `tools/list`, `tools/call`, `resources/list`, `resources/templates/list`,
    /// `resources/read`, `prompts/list`, `prompts/get`, `completion/complete`. A method that is not offered
    /// is answered with -32601.
    McpReply handle(C caller, McpRequest request, Exchange exchange) throws InterruptedException;
}

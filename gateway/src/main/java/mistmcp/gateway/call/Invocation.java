package mistmcp.gateway.call;

import java.util.Optional;
import mistmcp.json.JsonObject;
import mistmcp.json.RawJson;
import mistmcp.mcp.RequestMeta;

/// One call that a principal asks for: a tool, a resource or a prompt, or suggestions for one of the latter
/// two.
///
/// @param kind      what is called
/// @param upstream  the upstream that the endpoint is bound to (`/mcp/{server}`); empty for the merged
///                  endpoint
/// @param name      the name on the wire (with prefix on the merged endpoint), or the URI
/// @param arguments the arguments as they stood, `commit` and `confirmation` still among them; absent counts
///                  as `{}`
/// @param params    the whole `params` object, when the call came over MCP
/// @param meta      what travels beside
/// @param via       the way in, for the audit
public record Invocation(
        Kind kind,
        Optional<String> upstream,
        String name,
        Optional<RawJson> arguments,
        RawJson params,
        RequestMeta meta,
        Via via) {
    /// What is called.
    public enum Kind {
        TOOL,
        RESOURCE,
        PROMPT,
        /// Suggestions for a variable of a resource template; judged as reading it.
        RESOURCE_COMPLETION,
        /// Suggestions for an argument of a prompt; judged as getting it.
        PROMPT_COMPLETION;

        /// Whether suggestions are asked for, and not the thing itself.
        public boolean completion() {
            return this == RESOURCE_COMPLETION || this == PROMPT_COMPLETION;
        }
    }

    /// The way in.
    ///
    /// @param channel   `mcp`, `chat` or `page`
    /// @param requestId the correlation id of the HTTP request
    /// @param client    `name/version` of the client by its own account; empty when unknown
    /// @param thread    the chat; empty outside chats
    /// @param from      the address that the call came from, where it is known
    public record Via(String channel, String requestId, String client, Optional<String> thread, Optional<String> from) {
        /// A way in whose address is not known.
        public Via(String channel, String requestId, String client, Optional<String> thread) {
            this(channel, requestId, client, thread, Optional.empty());
        }
    }

    /// The same call with other arguments.
    Invocation withArguments(RawJson others) {
        return new Invocation(kind, upstream, name, Optional.of(others), RawJson.EMPTY_OBJECT, meta, via);
    }

    /// The same call, made for somebody who can be asked these things.
    ///
    /// @param capabilities as an MCP client declares them
    public Invocation declaring(JsonObject capabilities) {
        var declared =
                new RequestMeta(meta.progressToken(), meta.trace(), meta.clientInfo(), capabilities, meta.logLevel());
        return new Invocation(kind, upstream, name, arguments, params, declared, via);
    }

    /// A tool call that did not come over MCP.
    public static Invocation tool(String name, RawJson arguments, Via via) {
        return new Invocation(
                Kind.TOOL, Optional.empty(), name, Optional.of(arguments), RawJson.EMPTY_OBJECT, RequestMeta.NONE, via);
    }
}

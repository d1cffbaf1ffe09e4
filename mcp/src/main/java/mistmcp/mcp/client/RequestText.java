package mistmcp.mcp.client;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonSpans;
import mistmcp.json.JsonString;
import mistmcp.json.RawJson;
import mistmcp.jsonrpc.Messages;
import mistmcp.mcp.HeaderText;
import mistmcp.mcp.MetaKeys;
import mistmcp.mcp.RequestMeta;
import mistmcp.mcp.Revision;

/// Writes our requests for the era of the server. The params stay to the byte as they were handed in; only
/// `_meta` is ours. Stateless.
final class RequestText {
    private RequestText() {}

    /// A request of the modern era; `more` are members that a retry adds.
    static byte[] modern(UpstreamRequest request, RawJson id, ClientOptions options, Map<String, RawJson> more) {
        var meta = beside(request.meta(), id)
                .with(MetaKeys.PROTOCOL_VERSION, Revision.V2026_07_28.text())
                .with(MetaKeys.CLIENT_INFO, options.clientInfo())
                .with(MetaKeys.CLIENT_CAPABILITIES, relayable(request, options))
                .withPresent(MetaKeys.LOG_LEVEL, request.meta().logLevel());
        var set = new LinkedHashMap<>(more);
        set.put("_meta", RawJson.of(meta));
        return Messages.request(id, request.method(), JsonSpans.set(request.params(), set));
    }

    /// A request of the legacy era.
    static byte[] legacy(UpstreamRequest request, RawJson id) {
        var meta = beside(request.meta(), id);
        var params =
                meta.isEmpty() ? request.params() : JsonSpans.set(request.params(), Map.of("_meta", RawJson.of(meta)));
        return Messages.request(id, request.method(), params);
    }

    /// The headers of a modern request.
    static Map<String, String> modernHeaders(String method, Optional<String> target) {
        var headers = new LinkedHashMap<String, String>();
        headers.put("MCP-Protocol-Version", Revision.V2026_07_28.text());
        headers.put("Mcp-Method", method);
        switch (method) {
            case "tools/call", "prompts/get", "resources/read" ->
                target.ifPresent(name -> headers.put("Mcp-Name", HeaderText.encode(name)));
            default -> {
                // The other methods have no name.
            }
        }
        return headers;
    }

    /// The legacy handshake's first message.
    static byte[] initialize(RawJson id, JsonObject capabilities, ClientOptions options) {
        return Messages.request(
                id,
                "initialize",
                RawJson.of(JsonObject.of(
                        "protocolVersion", Revision.V2025_11_25.text(),
                        "capabilities", capabilities,
                        "clientInfo", options.clientInfo())));
    }

    /// The cancel of a legacy request, and on stdio of any.
    static byte[] cancelled(RawJson id) {
        var params = new LinkedHashMap<String, RawJson>();
        params.put("requestId", id);
        params.put("reason", RawJson.of(new JsonString("the caller has gone or cancelled")));
        return Messages.notification("notifications/cancelled", JsonSpans.join(params));
    }

    /// Progress comes back under the id of our request: callers choose their tokens without knowing of one
    /// another.
    private static JsonObject beside(RequestMeta meta, RawJson id) {
        return meta.progressToken().isPresent()
                ? meta.trace().with(MetaKeys.PROGRESS_TOKEN, id.parse(mistmcp.json.JsonLimits.TRUSTED))
                : meta.trace();
    }

    /// All that the operator lets a server ask, whoever calls: for a connection that all callers share.
    static JsonObject relayable(ClientOptions options) {
        var declared = JsonObject.EMPTY;
        for (var name : new TreeSet<>(options.relay())) {
            declared = declared.with(name, JsonObject.EMPTY);
        }
        return declared;
    }

    /// What the server may ask: what the operator lets through and the caller can be asked, and of that only
    /// what we know. A list is fetched for all callers, and some servers leave out what they could not ask
    /// for.
    static JsonObject relayable(UpstreamRequest request, ClientOptions options) {
        return request.method().endsWith("/list") ? relayable(options) : relayable(request.meta(), options);
    }

    private static JsonObject relayable(RequestMeta meta, ClientOptions options) {
        var declared = JsonObject.EMPTY;
        for (var name : new TreeSet<>(options.relay())) {
            var caller = meta.clientCapabilities().object(name);
            if (caller.isPresent()) {
                var parts = JsonObject.EMPTY;
                for (var part : new String[] {"form", "url", "tools", "context"}) {
                    parts = parts.withPresent(part, caller.get().object(part).map(_ -> JsonObject.EMPTY));
                }
                declared = declared.with(name, parts);
            }
        }
        return declared;
    }
}

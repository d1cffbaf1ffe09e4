package mistmcp.mcp.client;

import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import mistmcp.http.OutboundRequest;
import mistmcp.json.RawJson;
import mistmcp.mcp.Revision;
import mistmcp.mcp.oauth.Bearer;

/// One message to a server over Streamable HTTP.
///
/// @param method     the HTTP method
/// @param body       the JSON-RPC message; nothing but for POST
/// @param id         the id of a request; else an empty object, which no answer bears
/// @param configured headers that the operator or the gateway sets
/// @param computed   headers that the protocol asks for; they win over configured ones of the same name
@SuppressWarnings("ArrayRecordComponent") // never compared
record HttpMessage(
        String method, byte[] body, RawJson id, Map<String, String> configured, Map<String, String> computed) {

    /// A request.
    static HttpMessage request(byte[] body, RawJson id, Map<String, String> configured, Map<String, String> computed) {
        return new HttpMessage("POST", body, id, configured, computed);
    }

    /// A notification, or our answer to a request of the server.
    static HttpMessage notice(byte[] body, Map<String, String> configured, Map<String, String> computed) {
        return new HttpMessage("POST", body, RawJson.EMPTY_OBJECT, configured, computed);
    }

    /// The wish for a stream of what the server says by itself (legacy).
    static HttpMessage get(Map<String, String> configured, Map<String, String> computed) {
        return new HttpMessage("GET", new byte[0], RawJson.EMPTY_OBJECT, configured, computed);
    }

    /// The end of an MCP session.
    static HttpMessage delete(Map<String, String> configured, Map<String, String> computed) {
        return new HttpMessage("DELETE", new byte[0], RawJson.EMPTY_OBJECT, configured, computed);
    }

    /// The wish for the rest of a stream that ended before this request's answer.
    HttpMessage resumed(String lastEventId) {
        var more = new LinkedHashMap<>(computed);
        more.put("Last-Event-ID", lastEventId);
        return new HttpMessage("GET", new byte[0], id, configured, more);
    }

    boolean modern() {
        return Revision.V2026_07_28.text().equals(computed.get("MCP-Protocol-Version"));
    }

    /// As it goes out.
    OutboundRequest to(URI uri, Optional<Bearer> bearer, Duration deadline, Duration silence) {
        var headers = new LinkedHashMap<>(configured);
        var ours = new LinkedHashMap<>(computed);
        ours.put("Accept", method.equals("GET") ? "text/event-stream" : "application/json, text/event-stream");
        boolean posted = method.equals("POST");
        if (posted) {
            ours.put("Content-Type", "application/json");
        }
        bearer.ifPresent(token -> ours.put("Authorization", token.header()));
        headers.keySet().removeIf(name -> named(ours.keySet(), name));
        headers.putAll(ours);
        return new OutboundRequest(
                method, uri, headers, posted ? Optional.of(body) : Optional.empty(), atLeastOneMs(deadline), silence);
    }

    private static boolean named(Set<String> names, String name) {
        for (var one : names) {
            if (one.equalsIgnoreCase(name)) {
                return true;
            }
        }
        return false;
    }

    private static Duration atLeastOneMs(Duration deadline) {
        return deadline.toMillis() < 1 ? Duration.ofMillis(1) : deadline;
    }
}

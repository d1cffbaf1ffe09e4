package mistmcp.mcp.server;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import mistmcp.http.HttpClient;
import mistmcp.http.InboundResponse;
import mistmcp.http.OutboundRequest;

/// Speaks to an endpoint by hand, in either era.
final class Caller implements AutoCloseable {
    private static final String MODERN_META =
            "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{}}";

    private final HttpClient http = new HttpClient(Duration.ofSeconds(5), 32);
    private final URI uri;

    Caller(URI uri) {
        this.uri = uri;
    }

    /// What came back.
    record Reply(int status, String text, Map<String, String> headers) {
        String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    /// A request of 2026-07-28 with the headers that belong to it; `params` without braces.
    Reply modern(String method, String params, String... changed) throws IOException {
        var headers = new LinkedHashMap<String, String>();
        headers.put("MCP-Protocol-Version", "2026-07-28");
        headers.put("Mcp-Method", method);
        return send("POST", Optional.of(message(method, params)), with(headers, changed));
    }

    /// The body of such a request.
    static String message(String method, String params) {
        return "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"" + method + "\",\"params\":{" + params
                + (params.isEmpty() ? "" : ",") + MODERN_META + "}}";
    }

    /// Any body by POST.
    Reply post(String body, String... headers) throws IOException {
        return send("POST", Optional.of(body), with(new LinkedHashMap<>(), headers));
    }

    /// Another method, without a body.
    Reply plain(String method, String... headers) throws IOException {
        return send(method, Optional.empty(), with(new LinkedHashMap<>(), headers));
    }

    /// The handshake; the session's id.
    String initialize(String version, String... headers) throws IOException {
        var reply = post(hello(version), headers);
        return reply.header("Mcp-Session-Id");
    }

    static String hello(String version) {
        return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"" + version
                + "\",\"capabilities\":{\"elicitation\":{}},\"clientInfo\":{\"name\":\"c\",\"version\":\"1\"}}}";
    }

    /// The response as it comes, for streams.
    InboundResponse open(String method, Optional<String> body, Map<String, String> headers) throws IOException {
        var all = new LinkedHashMap<>(headers);
        all.putIfAbsent("Accept", "application/json, text/event-stream");
        if (body.isPresent()) {
            all.putIfAbsent("Content-Type", "application/json");
        }
        return http.send(new OutboundRequest(
                method,
                uri,
                all,
                body.map(text -> text.getBytes(StandardCharsets.UTF_8)),
                Duration.ofSeconds(20),
                Duration.ofSeconds(20)));
    }

    private Reply send(String method, Optional<String> body, Map<String, String> headers) throws IOException {
        try (var response = open(method, body, headers)) {
            var kept = new LinkedHashMap<String, String>();
            for (var name : new String[] {"Content-Type", "Mcp-Session-Id", "X-Accel-Buffering", "Allow"}) {
                response.header(name).ifPresent(value -> kept.put(name, value));
            }
            return new Reply(response.status(), new String(response.body(1 << 20), StandardCharsets.UTF_8), kept);
        }
    }

    private static Map<String, String> with(Map<String, String> headers, String... changed) {
        for (int i = 0; i < changed.length; i += 2) {
            headers.put(changed[i], changed[i + 1]);
        }
        headers.values().removeIf(String::isEmpty);
        return headers;
    }

    @Override
    public void close() {
        http.close();
    }
}

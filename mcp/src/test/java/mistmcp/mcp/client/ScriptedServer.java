package mistmcp.mcp.client;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import mistmcp.http.HttpRequest;
import mistmcp.http.HttpResponse;
import mistmcp.http.HttpServer;
import mistmcp.http.Route;
import mistmcp.http.ServerSettings;
import mistmcp.json.Json;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonObject;

/// A server that answers as a test says, and writes down what it was sent.
final class ScriptedServer implements AutoCloseable {
    private static final List<String> HEADERS = List.of(
            "Accept",
            "Authorization",
            "Caller",
            "Last-Event-ID",
            "MCP-Protocol-Version",
            "Mcp-Method",
            "Mcp-Name",
            "Mcp-Param-Region",
            "Mcp-Session-Id");

    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    /// How a request is answered.
    interface Script {
        /// Answers one.
        void answer(Seen seen, HttpResponse response) throws IOException, InterruptedException;
    }

    /// One request.
    ///
    /// @param method  of HTTP
    /// @param message the body; empty for none
    /// @param headers those that count, by their names
    record Seen(String method, JsonObject message, Map<String, String> headers) {
        String rpc() {
            return message.string("method").orElse(method);
        }

        JsonObject params() {
            return message.object("params").orElse(JsonObject.EMPTY);
        }

        String id() {
            return message.get("id").map(Object::toString).orElse("null");
        }

        String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    ScriptedServer(Script script) {
        server = HttpServer.start(
                ServerSettings.loopback(0),
                Stream.of("POST", "GET", "DELETE")
                        .map(method -> new Route(
                                method, "/mcp", 1 << 20, (request, response) -> answer(script, request, response)))
                        .toList());
    }

    private void answer(Script script, HttpRequest request, HttpResponse response)
            throws IOException, InterruptedException {
        var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        HEADERS.forEach(name -> {
            var all = request.headers(name);
            if (!all.isEmpty()) {
                headers.put(name, String.join("|", all));
            }
        });
        var body = request.method().equals("POST") ? request.body() : new byte[0];
        var message = body.length == 0 ? JsonObject.EMPTY : Json.parseObject(body, JsonLimits.REQUEST);
        var one = new Seen(request.method(), message, headers);
        seen.add(one);
        script.answer(one, response);
    }

    List<Seen> seen() {
        return List.copyOf(seen);
    }

    List<String> methods() {
        return seen.stream().map(Seen::rpc).toList();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.port() + "/mcp");
    }

    static void json(HttpResponse response, int status, String text) throws IOException {
        response.send(status, "application/json", text.getBytes(StandardCharsets.UTF_8));
    }

    static void result(HttpResponse response, Seen asked, String result) throws IOException {
        json(response, 200, "{\"jsonrpc\":\"2.0\",\"id\":" + asked.id() + ",\"result\":" + result + "}");
    }

    static void error(HttpResponse response, int status, Seen asked, int code, String message) throws IOException {
        json(
                response,
                status,
                "{\"jsonrpc\":\"2.0\",\"id\":" + asked.id() + ",\"error\":{\"code\":" + code + ",\"message\":\""
                        + message + "\"}}");
    }

    @Override
    public void close() {
        server.close();
    }
}

package mistmcp.mcp.server;

import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import mistmcp.http.HttpRequest;
import mistmcp.http.HttpServer;
import mistmcp.http.Route;
import mistmcp.http.ServerSettings;
import mistmcp.json.JsonObject;
import mistmcp.mcp.McpRequest;

/// A real endpoint on a free port. Who calls stands in the header `Caller`.
public final class Endpoint implements AutoCloseable {
    private final McpHttp<String> mcp;
    private final HttpServer server;
    private final Set<String> expired = ConcurrentHashMap.newKeySet();

    /// Serves a service at `/mcp`.
    public Endpoint(McpService<String> service, McpOptions options) {
        mcp = new McpHttp<>(service, options);
        server = HttpServer.start(
                ServerSettings.loopback(0),
                Stream.of("POST", "GET", "DELETE")
                        .map(method -> new Route(
                                method,
                                "/mcp",
                                options.limits().maxBytes(),
                                (request, response) -> mcp.serve(request, response, new ByHeader(request, expired))))
                        .toList());
    }

    /// Serves tools, a resource and a prompt.
    @SafeVarargs
    @SuppressWarnings("varargs") // only read
    public static Endpoint of(McpOptions options, Tool<String>... tools) {
        return new Endpoint(box(tools), options);
    }

    /// A service of tools, a resource and a prompt.
    @SafeVarargs
    @SuppressWarnings("varargs") // only read
    public static Toolbox<String> box(Tool<String>... tools) {
        return new Toolbox<>(new Toolbox.Contents<>(
                JsonObject.of("name", "test", "version", "1"),
                "be kind",
                List.of(tools),
                List.of(Tools.note()),
                List.of(Tools.greet()),
                100_000));
    }

    /// The endpoint itself.
    public McpHttp<String> mcp() {
        return mcp;
    }

    /// From here on the proof of a caller does not hold any more; new requests are let in all the same.
    public void expire(String caller) {
        expired.add(caller);
    }

    /// Where it listens.
    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.port() + "/mcp");
    }

    @Override
    public void close() {
        mcp.close();
        server.close();
    }

    private record ByHeader(HttpRequest request, Set<String> expired) implements Admission<String> {
        @Override
        public String admit(McpRequest call) {
            return key();
        }

        @Override
        public String key() {
            return request.header("Caller").orElse("nobody");
        }

        @Override
        public boolean holds() {
            return !expired.contains(key());
        }
    }
}

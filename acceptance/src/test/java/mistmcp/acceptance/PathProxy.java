package mistmcp.acceptance;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A proxy before a gateway, on a port of its own, that has it below a path and cuts the path off, as
/// docs/deployment.md says. Whatever else a browser asks it for is answered 404, and kept.
final class PathProxy implements AutoCloseable {
    private static final Set<String> BETWEEN_TWO =
            Set.of("connection", "content-length", "transfer-encoding", "keep-alive", "host", "expect");

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<String> strayed = new CopyOnWriteArrayList<>();
    private final String path;
    private final int gateway;

    private PathProxy(HttpServer server, String path, int gateway) {
        this.server = server;
        this.path = path;
        this.gateway = gateway;
    }

    /// Starts one.
    ///
    /// @param path    as `/mist`
    /// @param gateway the port of the gateway, which need not be there yet
    static PathProxy start(String path, int gateway) {
        try {
            var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            var proxy = new PathProxy(server, path, gateway);
            server.createContext("/", proxy::stray);
            server.createContext(path + "/", proxy::pass);
            server.setExecutor(proxy.threads);
            server.start();
            return proxy;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private String origin() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /// Where the gateway is for a browser.
    String url() {
        return "http://" + origin() + path;
    }

    /// What was asked for beside the path.
    List<String> strayed() {
        return List.copyOf(strayed);
    }

    private void stray(HttpExchange exchange) throws IOException {
        strayed.add(exchange.getRequestURI().toString());
        exchange.sendResponseHeaders(404, -1);
        exchange.close();
    }

    private void pass(HttpExchange exchange) throws IOException {
        var headers = new LinkedHashMap<String, String>();
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (!BETWEEN_TWO.contains(name.toLowerCase(Locale.ROOT))) {
                headers.put(name, String.join("; ", values));
            }
        });
        headers.put("Host", origin());
        headers.put("X-Forwarded-For", "127.0.0.1");
        headers.put("X-Forwarded-Proto", "http");
        headers.put("X-Forwarded-Host", origin());
        var body = exchange.getRequestBody().readAllBytes();
        var reply = RawHttp.send(
                gateway,
                exchange.getRequestMethod(),
                exchange.getRequestURI().toString().substring(path.length()),
                headers,
                body.length == 0 && exchange.getRequestMethod().equals("GET") ? Optional.empty() : Optional.of(body));
        for (var header : reply.headers()) {
            if (!BETWEEN_TWO.contains(header.getKey().toLowerCase(Locale.ROOT))) {
                exchange.getResponseHeaders().add(header.getKey(), header.getValue());
            }
        }
        exchange.sendResponseHeaders(reply.status(), reply.bytes().length == 0 ? -1 : reply.bytes().length);
        exchange.getResponseBody().write(reply.bytes());
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}

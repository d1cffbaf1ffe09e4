package mistmcp.rw;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import mistmcp.assertion.AssertionKey;
import mistmcp.http.HttpHandler;
import mistmcp.http.HttpServer;
import mistmcp.http.Route;
import mistmcp.http.ServerSettings;
import mistmcp.json.JsonLimits;
import mistmcp.mcp.server.AssertionAdmission;
import mistmcp.mcp.server.McpHttp;
import mistmcp.mcp.server.McpOptions;
import mistmcp.rw.tool.Caller;
import mistmcp.settings.InvalidSettings;

/// The write server, listening on loopback: `POST /mcp` for the gateway, `GET /healthz`.
final class RwServer implements AutoCloseable {
    /// The name that assertions for this server carry.
    static final String NAME = "mist-rw";

    private static final int MAX_REQUEST_BYTES = 1 << 20;

    /// More commits than this within the life of an assertion are not let in.
    private static final int MOST_COMMITS = 10_000;

    private final WriteService service;
    private final McpHttp<Caller> mcp;
    private final HttpServer http;

    private RwServer(WriteService service, McpHttp<Caller> mcp, HttpServer http) {
        this.service = service;
        this.mcp = mcp;
        this.http = http;
    }

    /// Checks the token, binds and starts.
    ///
    /// @throws InvalidSettings         when there is no service key, or the token cannot be used
    /// @throws HttpServer.PortTaken    when the port is in use
    static RwServer start(RwSettings settings, InstantSource clock) throws InterruptedException {
        var secret =
                settings.serviceKey().orElseThrow(() -> new InvalidSettings(List.of("`SERVICE_KEY_RW` is missing")));
        var key = new AssertionKey(secret, clock);
        var commits = new TakenIds(clock, MOST_COMMITS);
        var service = WriteService.start(settings.mist(), clock);
        try {
            var mcp = new McpHttp<>(service.mcp(), McpOptions.STATELESS.withLimits(JsonLimits.REQUEST));
            HttpHandler serve = (request, response) -> mcp.serve(
                    request, response, new CallerAdmission(new AssertionAdmission(key, NAME, request), commits));
            var routes = Stream.concat(
                            Stream.of("POST", "GET", "DELETE")
                                    .map(method -> new Route(method, "/mcp", MAX_REQUEST_BYTES, serve)),
                            Stream.of(new Route(
                                    "GET", "/healthz", (_, response) -> response.json(200, service.health()))))
                    .toList();
            var http = HttpServer.start(
                    new ServerSettings(
                            "127.0.0.1",
                            settings.port(),
                            java.util.Set.of(),
                            Duration.ofSeconds(30),
                            // A write that is under way is waited for: its outcome would be unknown otherwise.
                            Duration.ofSeconds(30)),
                    routes);
            return new RwServer(service, mcp, http);
        } catch (RuntimeException failed) {
            service.close();
            throw failed;
        }
    }

    /// The port that is bound.
    int port() {
        return http.port();
    }

    @Override
    public void close() {
        mcp.close();
        http.close();
        service.close();
    }
}

package mistmcp.gateway.api;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import mistmcp.gateway.call.CallGate;
import mistmcp.gateway.call.Listings;
import mistmcp.gateway.identity.Principal;
import mistmcp.http.HttpProblem;
import mistmcp.http.HttpRequest;
import mistmcp.http.HttpResponse;
import mistmcp.http.Route;
import mistmcp.mcp.McpRequest;
import mistmcp.mcp.server.Admission;
import mistmcp.mcp.server.McpHttp;
import mistmcp.mcp.server.McpOptions;

/// `/mcp` for all upstreams and `/mcp/{server}` for one: signs the caller in, then hands the body to the wire.
/// Nothing of a body is read before the caller is known.
public final class McpEndpoint implements AutoCloseable {
    private static final int MAX_BODY = 1 << 20;

    private final Function<HttpRequest, Principal> caller;
    private final McpHttp<GatewayService.Caller> merged;
    private final Map<String, McpHttp<GatewayService.Caller>> single = new LinkedHashMap<>();

    /// Endpoints over a gate.
    ///
    /// @param caller       who calls, by bearer token only: throws [HttpProblem] with the challenge
    /// @param upstreams    the names for `/mcp/{server}`
    /// @param instructions what a model is told about the gateway
    public McpEndpoint(
            CallGate gate,
            Listings listings,
            Function<HttpRequest, Principal> caller,
            List<String> upstreams,
            String version,
            String instructions) {
        this.caller = caller;
        this.merged = new McpHttp<>(
                new GatewayService(gate, listings, Optional.empty(), version, instructions), McpOptions.SESSIONS);
        for (var name : upstreams) {
            single.put(
                    name,
                    new McpHttp<>(
                            new GatewayService(gate, listings, Optional.of(name), version, instructions),
                            McpOptions.SESSIONS));
        }
    }

    /// The routes.
    public List<Route> routes() {
        return List.of(
                new Route("POST", "/mcp", MAX_BODY, this::all),
                new Route("GET", "/mcp", this::all),
                new Route("DELETE", "/mcp", this::all),
                new Route("POST", "/mcp/{server}", MAX_BODY, this::one),
                new Route("GET", "/mcp/{server}", this::one),
                new Route("DELETE", "/mcp/{server}", this::one));
    }

    /// Tells listening clients that tools have come, gone or changed.
    public void toolsChanged() {
        merged.listChanged("tools");
        single.values().forEach(endpoint -> endpoint.listChanged("tools"));
    }

    /// Tells listening clients that lists of one upstream are not what they were: those of the merged endpoint, and of
    /// its own.
    ///
    /// @param kinds `tools`, `resources`, `prompts`
    public void listsChanged(String upstream, Set<String> kinds) {
        for (var kind : kinds) {
            merged.listChanged(kind);
            Optional.ofNullable(single.get(upstream)).ifPresent(endpoint -> endpoint.listChanged(kind));
        }
    }

    private void all(HttpRequest request, HttpResponse response) throws IOException, InterruptedException {
        merged.serve(request, response, admission(request));
    }

    private void one(HttpRequest request, HttpResponse response) throws IOException, InterruptedException {
        var admission = admission(request);
        var endpoint = single.get(request.pathParameter("server"));
        if (endpoint == null) {
            throw new HttpProblem(404, "unknown_server", "there is no MCP server of that name");
        }
        endpoint.serve(request, response, admission);
    }

    private Admission<GatewayService.Caller> admission(HttpRequest request) {
        var known = new GatewayService.Caller(caller.apply(request), request);
        return new Admission<>() {
            @Override
            public GatewayService.Caller admit(McpRequest ignored) {
                return known;
            }

            @Override
            public String key() {
                return known.principal().key();
            }
        };
    }

    @Override
    public void close() {
        merged.close();
        single.values().forEach(McpHttp::close);
    }
}

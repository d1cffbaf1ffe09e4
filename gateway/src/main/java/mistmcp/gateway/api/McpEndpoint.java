package mistmcp.gateway.api;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

/// `/mcp` for all upstreams and `/mcp/{server}` for one: signs the caller in, then hands the body to the
/// wire. Nothing of a body is read before the caller is known.
public final class McpEndpoint implements AutoCloseable {
    private static final int MAX_BODY = 1 << 20;

    private final SignIn signIn;
    private final McpHttp<GatewayService.Caller> merged;
    private final Map<String, McpHttp<GatewayService.Caller>> single = new LinkedHashMap<>();

    /// Who calls, by bearer token only.
    public interface SignIn {
        /// The caller.
        ///
        /// @throws HttpProblem with the challenge
        Principal caller(HttpRequest request);

        /// Whether the proof that a request came with still holds; nothing is recorded of it.
        boolean holds(HttpRequest request);
    }

    /// Endpoints over a gate.
    ///
    /// @param upstreams    the names for `/mcp/{server}`
    /// @param instructions what a model is told about the gateway
    public McpEndpoint(
            CallGate gate,
            Listings listings,
            SignIn signIn,
            List<String> upstreams,
            String version,
            String instructions) {
        this.signIn = signIn;
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

    /// Tells each listening client which of its lists another policy has changed.
    public void policyChanged() {
        for (var kind : List.of("tools", "resources", "prompts")) {
            merged.listChanged(kind);
            single.values().forEach(endpoint -> endpoint.listChanged(kind));
        }
    }

    /// Tells listening clients that lists of one upstream are not what they were: those of the merged
    /// endpoint, and of its own.
    ///
    /// @param kinds `tools`, `resources`, `prompts`
    public void listsChanged(String upstream, Set<String> kinds) {
        for (var kind : kinds) {
            merged.listChanged(kind);
            Optional.ofNullable(single.get(upstream)).ifPresent(endpoint -> endpoint.listChanged(kind));
        }
    }

    /// Tells those who subscribed to it, and may hear of it, that a resource of an upstream has changed.
    public void resourceUpdated(String upstream, String uri) {
        merged.resourceUpdated(uri, upstream);
        Optional.ofNullable(single.get(upstream)).ifPresent(endpoint -> endpoint.resourceUpdated(uri, upstream));
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
        var known = new GatewayService.Caller(signIn.caller(request), request);
        return new Admission<>() {
            @Override
            public GatewayService.Caller admit(McpRequest ignored) {
                return known;
            }

            @Override
            public String key() {
                return known.principal().key();
            }

            @Override
            public boolean holds() {
                return signIn.holds(request);
            }
        };
    }

    /// Ends the streams of those who listen, as the protocol has it. Call it before the HTTP server is
    /// closed.
    public void endStreams() {
        merged.endStreams();
        single.values().forEach(McpHttp::endStreams);
    }

    @Override
    public void close() {
        merged.close();
        single.values().forEach(McpHttp::close);
    }
}

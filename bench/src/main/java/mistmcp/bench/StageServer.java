package mistmcp.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import mistmcp.gateway.auth.AuthSettings;
import mistmcp.gateway.auth.Authenticator;
import mistmcp.gateway.auth.BrowserSessions;
import mistmcp.gateway.auth.Callers;
import mistmcp.gateway.auth.DevKeyring;
import mistmcp.gateway.identity.Principal;
import mistmcp.gateway.policy.KnownItems;
import mistmcp.gateway.policy.Mode;
import mistmcp.gateway.policy.Policy;
import mistmcp.gateway.policy.Question;
import mistmcp.gateway.policy.Reach;
import mistmcp.gateway.upstream.CatalogTool;
import mistmcp.gateway.upstream.Connections;
import mistmcp.gateway.upstream.Home;
import mistmcp.gateway.upstream.Sending;
import mistmcp.gateway.upstream.UpstreamSettings;
import mistmcp.gateway.upstream.Upstreams;
import mistmcp.http.HttpClient;
import mistmcp.http.HttpRequest;
import mistmcp.http.HttpServer;
import mistmcp.http.Route;
import mistmcp.http.ServerSettings;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonSpans;
import mistmcp.json.RawJson;
import mistmcp.mcp.McpRequest;
import mistmcp.mcp.RequestMeta;
import mistmcp.mcp.UpstreamReply;
import mistmcp.mcp.client.ClientOptions;
import mistmcp.mcp.client.HttpMcpClient;
import mistmcp.mcp.client.UpstreamRequest;
import mistmcp.mcp.server.Admission;
import mistmcp.mcp.server.McpHttp;
import mistmcp.mcp.server.McpOptions;
import mistmcp.mcp.server.McpService;
import mistmcp.mcp.server.McpStdio;
import mistmcp.settings.Env;

/// A process that is the gateway up to some stage, made of the gateway's own parts; or the upstream of them
/// all.
final class StageServer {
    private static final int MAX_BODY = 1 << 20;
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private StageServer() {}

    /// How far a stage goes; each does what those before it do.
    enum Stage {
        /// The wire on both sides and nothing between: what a pass-through of ours costs.
        RELAY,
        /// The bearer token is checked as the gateway does.
        JWT,
        /// The tool is found, the policy decides, the sites named are held against the caller's, the service
        /// assertion is signed.
        POLICY
    }

    /// Serves the upstream until standard input ends.
    static void upstream() throws IOException {
        await(new EchoService(), McpOptions.STATELESS, _ -> Optional.empty());
    }

    /// Serves the upstream on standard input and output.
    static void stdioUpstream() throws IOException, InterruptedException {
        new McpStdio<>(new EchoService(), McpOptions.STATELESS, Optional.<Principal>empty())
                .serve(System.in, System.out);
    }

    /// Serves a stage until standard input ends.
    ///
    /// @param settings the gateway's own settings, for its keys, its policy and its upstream
    static void stage(Stage stage, Map<String, String> settings) throws IOException, InterruptedException {
        switch (stage) {
            case RELAY -> await(relay(settings), McpOptions.SESSIONS, _ -> Optional.empty());
            case JWT -> await(relay(settings), McpOptions.SESSIONS, bearer(settings));
            case POLICY -> await(judged(settings), McpOptions.SESSIONS, bearer(settings));
        }
    }

    private static ForwardingService relay(Map<String, String> settings) {
        var uri = URI.create(settings.getOrDefault("MIST_RO_URL", ""));
        var client = new HttpMcpClient(
                new HttpClient(Duration.ofSeconds(3), 256),
                uri,
                ClientOptions.of(JsonObject.of("name", "bench-stage", "version", "1")));
        return new ForwardingService((caller, request, exchange) -> client.send(
                new UpstreamRequest(
                        request.method(),
                        request.target(),
                        bare(request),
                        RequestMeta.NONE,
                        caller.map(Principal::key).orElse("anybody"),
                        Map.of(),
                        DEADLINE),
                exchange));
    }

    private static RawJson bare(McpRequest request) {
        var params = new LinkedHashMap<>(JsonSpans.members(request.params(), JsonLimits.REQUEST));
        params.remove("_meta");
        return JsonSpans.join(params);
    }

    private static ForwardingService judged(Map<String, String> settings) throws IOException, InterruptedException {
        var configured = UpstreamSettings.read(Env.of(settings));
        var upstreams = new Upstreams(
                configured,
                new Connections("bench", new Home("http://127.0.0.1", Path.of("absent")), InstantSource.system()),
                InstantSource.system());
        upstreams.start(Duration.ofSeconds(20), _ -> {}, (_, _) -> {});
        var policy = Policy.read(
                Files.readAllBytes(Path.of(settings.getOrDefault("POLICY_PATH", ""))),
                new KnownItems(upstreams.items(), upstreams.silent()));
        return new ForwardingService((caller, request, exchange) -> {
            var principal = caller.orElseThrow();
            var tool = upstreams
                    .tool(request.target().orElse(""), Optional.empty())
                    .orElseThrow();
            var decision = policy.decide(question(principal, tool, sites(request)));
            return decision.allowed()
                    ? upstreams.send(tool.upstream(), sending(principal, tool, request), exchange)
                    : new UpstreamReply.Failed(decision.rule(), "denied", false);
        });
    }

    private static Question question(Principal principal, CatalogTool tool, Set<String> sites) {
        return new Question(
                principal.role(),
                principal.sites(),
                tool.upstream(),
                tool.name(),
                true,
                false,
                tool.writes(),
                Reach.FILTERED,
                sites,
                false,
                false);
    }

    private static Set<String> sites(McpRequest request) {
        var sites = new HashSet<String>();
        if (request.arguments().isPresent()
                && request.arguments().get().parse(JsonLimits.REQUEST) instanceof JsonObject arguments) {
            arguments.string("site_id").ifPresent(sites::add);
        }
        return sites;
    }

    private static Sending sending(Principal principal, CatalogTool tool, McpRequest request) {
        return new Sending(
                request.method(),
                Optional.of(tool.name()),
                bare(request),
                request.arguments(),
                request.meta(),
                principal.key(),
                principal.role().text(),
                principal.sites().ids(),
                Mode.READ.text(),
                Optional.empty(),
                DEADLINE);
    }

    private static Function<HttpRequest, Optional<Principal>> bearer(Map<String, String> settings) {
        var clock = InstantSource.system();
        if (!(AuthSettings.read(Env.of(settings)) instanceof AuthSettings.Dev dev)) {
            throw new IllegalStateException("the stages run in DEV mode");
        }
        var authenticator = new Authenticator(dev, DevKeyring.open(dev.keys(), clock), clock);
        var callers = new Callers(authenticator, new BrowserSessions(dev.address(), clock), _ -> {});
        return request -> Optional.of(callers.bearer(request));
    }

    private static void await(
            McpService<Optional<Principal>> service,
            McpOptions options,
            Function<HttpRequest, Optional<Principal>> caller)
            throws IOException {
        var mcp = new McpHttp<>(service, options);
        var route = new Route(
                "POST",
                "/mcp",
                MAX_BODY,
                (request, response) -> mcp.serve(request, response, new Known(caller.apply(request))));
        try (var server = HttpServer.start(ServerSettings.loopback(0), List.of(route))) {
            System.out.println(JsonObject.of("ready", true, "port", server.port()));
            System.out.flush();
            while (System.in.read() >= 0) {
                // Only the end of the input counts: whoever started this process is gone then.
            }
        }
    }

    private record Known(Optional<Principal> caller) implements Admission<Optional<Principal>> {
        @Override
        public Optional<Principal> admit(McpRequest request) {
            return caller;
        }

        @Override
        public String key() {
            return caller.map(Principal::key).orElse("anybody");
        }
    }
}

package mistmcp.gateway.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import mistmcp.gateway.audit.AuditLog;
import mistmcp.gateway.audit.AuditSettings;
import mistmcp.gateway.auth.OperatorAccess;
import mistmcp.gateway.call.CallGate;
import mistmcp.gateway.call.CallLimits;
import mistmcp.gateway.call.Dispatch;
import mistmcp.gateway.call.Judge;
import mistmcp.gateway.call.Listings;
import mistmcp.gateway.call.PlanCalls;
import mistmcp.gateway.call.WriteSwitch;
import mistmcp.gateway.change.Changes;
import mistmcp.gateway.chat.Chat;
import mistmcp.gateway.chat.ChatSettings;
import mistmcp.gateway.chat.GateCalls;
import mistmcp.gateway.identity.Principal;
import mistmcp.gateway.identity.Role;
import mistmcp.gateway.identity.SiteScope;
import mistmcp.gateway.model.planner.Planner;
import mistmcp.gateway.pin.ToolPins;
import mistmcp.gateway.policy.KnownItems;
import mistmcp.gateway.policy.Policy;
import mistmcp.gateway.store.Database;
import mistmcp.gateway.store.DatabaseSettings;
import mistmcp.gateway.store.PinRows;
import mistmcp.gateway.store.PlanRows;
import mistmcp.gateway.store.Threads;
import mistmcp.gateway.upstream.Connections;
import mistmcp.gateway.upstream.Home;
import mistmcp.gateway.upstream.UpstreamSettings;
import mistmcp.gateway.upstream.Upstreams;
import mistmcp.http.HttpProblem;
import mistmcp.http.HttpRequest;
import mistmcp.http.HttpServer;
import mistmcp.http.ServerSettings;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.metrics.Metrics;
import mistmcp.settings.Secret;

/// The gate behind its MCP endpoint and the chat, over upstreams that a test runs; who calls stands in the header
/// `X-Caller`, as a subject whose role is ReadWrite unless its name begins with `reader`, and that has all
/// sites unless its name begins with `local`.
final class RunningGate implements AutoCloseable {
    final AuditLog audit;
    final Changes changes;
    final Listings listings;
    final PlanCalls planCalls;
    final WriteSwitch writes = new WriteSwitch(true);
    final Upstreams upstreams;
    final ToolPins pins;

    private final Database database;
    private final Connections connections =
            new Connections("test", new Home("http://127.0.0.1:8000", Path.of("absent")), InstantSource.system());
    private final McpEndpoint mcp;
    private final HttpServer server;
    private final Secret token;
    /// The time by which calls are limited stands still unless a test moves it.
    final AtomicLong nanos = new AtomicLong();
    private final Set<String> expired = ConcurrentHashMap.newKeySet();
    private volatile Policy policy;

    RunningGate(Path directory, String level, UpstreamSettings.Configured... configured) throws InterruptedException {
        this(directory, level, "1", configured);
    }

    /// A gate of some release of the product.
    RunningGate(Path directory, String level, String release, UpstreamSettings.Configured... configured)
            throws InterruptedException {
        var clock = InstantSource.system();
        database = Database.open(DatabaseSettings.file(directory.resolve("gateway.db")));
        audit = AuditLog.open(AuditSettings.in(directory.resolve("audit")), clock);
        upstreams = new Upstreams(new UpstreamSettings(List.of(configured)), connections, clock);
        policy = Policy.read(policy(level), KnownItems.UNHEARD);
        var dispatch = new Dispatch(upstreams);
        changes = new Changes(new PlanRows(database), dispatch, audit, clock, "http://localhost/ui/plans/");
        pins = new ToolPins(new PinRows(database), audit, clock, release);
        var judge = new Judge(upstreams, () -> policy, pins, changes, writes);
        var gate = new CallGate(
                upstreams, dispatch, judge, changes, writes, audit, new Metrics(), new CallLimits(nanos::get));
        listings = new Listings(upstreams, judge, pins);
        planCalls = new PlanCalls(gate, changes, upstreams);
        mcp = new McpEndpoint(gate, listings, new ByHeader(expired), upstreams.names(), "test", "");
        upstreams.onUpdate(mcp::resourceUpdated);
        upstreams.start(Duration.ofSeconds(20), judge::seen, (name, kinds) -> mcp.listsChanged(name, kinds));
        var operator = new OperatorAccess();
        token = publish(operator, directory.resolve("run.json"));
        var planner = new Planner();
        var chat = new Chat(
                new GateCalls(gate, planCalls, listings, changes),
                planner,
                planner,
                new Threads(database),
                new ChatSettings(""),
                writes::enabled,
                clock);
        var routes = new ArrayList<>(new ChatEndpoints(chat, RunningGate::caller).routes());
        routes.addAll(mcp.routes());
        routes.addAll(new ToolEndpoints(listings, RunningGate::caller).routes());
        routes.addAll(new PinEndpoints(
                        pins,
                        operator,
                        RunningGate::browser,
                        who -> who.subject().startsWith("sec"),
                        mcp::toolsChanged)
                .routes());
        server = HttpServer.start(ServerSettings.loopback(0), routes);
    }

    /// A third-party upstream as the configuration would have it; its tools write unless their names begin
    /// with `get_`.
    static UpstreamSettings.Configured stranger(FakeUpstream upstream, UpstreamSettings.Era era, String... relay) {
        return stranger("net", upstream, era, relay);
    }

    /// One of another name.
    static UpstreamSettings.Configured stranger(
            String name, FakeUpstream upstream, UpstreamSettings.Era era, String... relay) {
        return configured(name, upstream, era, Set.of(relay), true);
    }

    /// One for which sites matter, and which cannot filter by them.
    static UpstreamSettings.Configured unfiltered(FakeUpstream upstream, UpstreamSettings.Era era) {
        return configured("net", upstream, era, Set.of(), false);
    }

    private static UpstreamSettings.Configured configured(
            String name, FakeUpstream upstream, UpstreamSettings.Era era, Set<String> relay, boolean withoutSites) {
        return new UpstreamSettings.Configured(
                name,
                new UpstreamSettings.Transport.Http(upstream.uri()),
                "",
                List.of("get_*"),
                UpstreamSettings.Preview.ARGUMENTS,
                era,
                relay,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                withoutSites);
    }

    /// Another policy is in force from here on.
    void policy(byte[] text) {
        policy = Policy.read(text, KnownItems.UNHEARD);
    }

    static Principal principal(String subject) {
        var role = subject.startsWith("reader") ? Role.READ_ONLY : Role.READ_WRITE;
        return new Principal(
                "https://issuer.example",
                subject,
                Optional.empty(),
                role,
                new Principal.RoleSource("roles", role.text()),
                subject.startsWith("local")
                        ? new SiteScope(List.of("5e0d6c1a-0000-4000-8000-000000000001"))
                        : SiteScope.ALL,
                Optional.empty(),
                Map.of(),
                Instant.MAX);
    }

    /// From here on the proof of a caller does not hold; new requests are let in all the same.
    void expire(String subject) {
        expired.add(subject);
    }

    /// In place of a token.
    private record ByHeader(Set<String> expired) implements McpEndpoint.SignIn {
        @Override
        public Principal caller(HttpRequest request) {
            return RunningGate.caller(request);
        }

        @Override
        public boolean holds(HttpRequest request) {
            return !expired.contains(request.header("X-Caller").orElse("nobody"));
        }
    }

    private static Principal caller(HttpRequest request) {
        return principal(request.header("X-Caller").orElse("nobody"));
    }

    /// A person in a browser, in place of the cookie that the real one carries.
    private static Principal browser(HttpRequest request) {
        return request.header("X-Browser")
                .map(RunningGate::principal)
                .orElseThrow(() -> new HttpProblem(403, "browser_session_required", "a person in a browser does this"));
    }

    private static Secret publish(OperatorAccess operator, Path runFile) {
        try {
            operator.publish(runFile, JsonObject.EMPTY);
            return new Secret(Json.parseObject(Files.readString(runFile))
                    .string("operatorToken")
                    .orElseThrow());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// One request beside MCP: its status and body.
    Reply http(String method, String path, Map<String, String> headers, JsonObject body) {
        var request = java.net.http.HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .header("Content-Type", "application/json")
                .method(
                        method,
                        method.equals("GET") ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(Json.bytes(body)));
        headers.forEach(request::header);
        try (var client = java.net.http.HttpClient.newHttpClient()) {
            var response = client.send(request.build(), BodyHandlers.ofString());
            return new Reply(response.statusCode(), Json.parseObject(response.body()));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new AssertionError(stopped);
        }
    }

    /// What came back beside MCP.
    record Reply(int status, JsonObject body) {}

    /// The operator's proof.
    Map<String, String> operator() {
        return Map.of(OperatorAccess.HEADER, token.reveal());
    }

    private static byte[] policy(String level) {
        return policy(level, "net/*", "net/resource:*://*", "net/prompt:*");
    }

    /// A policy that allows ReadWrite these.
    static byte[] policy(String level, String... patterns) {
        var allowed = JsonArray.of((Object[]) patterns);
        return Json.bytes(JsonObject.of(
                "version",
                1,
                "roles",
                JsonObject.of(
                        "ReadOnly", JsonObject.of("allow", JsonArray.of("net/get_*"), "deny", JsonArray.EMPTY),
                        "ReadWrite", JsonObject.of("allow", allowed, "deny", JsonArray.EMPTY)),
                "confirm",
                level,
                "grants",
                JsonObject.EMPTY));
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.port() + "/mcp");
    }

    WireCaller modern(String name) {
        return new WireCaller(uri(), name, true);
    }

    WireCaller legacy(String name) {
        return new WireCaller(uri(), name, false);
    }

    List<JsonObject> records(String event) {
        var records = new ArrayList<JsonObject>();
        for (long i = 0; i < audit.size(); i++) {
            audit.read(i)
                    .filter(record ->
                            record.string("event").filter(event::equals).isPresent())
                    .ifPresent(records::add);
        }
        return records;
    }

    /// Waits until something holds; a test that waits in vain fails.
    static void eventually(BooleanSupplier holds) throws InterruptedException {
        for (int i = 0; i < 600; i++) {
            if (holds.getAsBoolean()) {
                return;
            }
            Thread.sleep(50);
        }
        throw new AssertionError("it never came to be");
    }

    @Override
    public void close() {
        mcp.close();
        server.close();
        upstreams.close();
        connections.close();
        audit.close();
        database.close();
    }
}

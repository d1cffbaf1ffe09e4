package mistmcp.gateway.api;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import mistmcp.gateway.audit.AuditLog;
import mistmcp.gateway.audit.AuditSettings;
import mistmcp.gateway.call.CallGate;
import mistmcp.gateway.call.Dispatch;
import mistmcp.gateway.call.Judge;
import mistmcp.gateway.call.Listings;
import mistmcp.gateway.call.PlanCalls;
import mistmcp.gateway.call.WriteSwitch;
import mistmcp.gateway.change.Changes;
import mistmcp.gateway.identity.Principal;
import mistmcp.gateway.identity.Role;
import mistmcp.gateway.identity.SiteScope;
import mistmcp.gateway.policy.KnownItems;
import mistmcp.gateway.policy.Policy;
import mistmcp.gateway.store.Database;
import mistmcp.gateway.store.DatabaseSettings;
import mistmcp.gateway.store.PlanRows;
import mistmcp.gateway.upstream.Connections;
import mistmcp.gateway.upstream.UpstreamSettings;
import mistmcp.gateway.upstream.Upstreams;
import mistmcp.http.HttpServer;
import mistmcp.http.ServerSettings;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.metrics.Metrics;

/// The gate behind its MCP endpoint, over upstreams that a test runs; who calls stands in the header `X-Caller`, as
/// a subject whose role is ReadWrite unless its name begins with `reader`.
final class RunningGate implements AutoCloseable {
    final AuditLog audit;
    final Changes changes;
    final Listings listings;
    final PlanCalls planCalls;
    final WriteSwitch writes = new WriteSwitch(true);
    final Upstreams upstreams;

    private final Database database;
    private final Connections connections = new Connections("test");
    private final McpEndpoint mcp;
    private final HttpServer server;

    RunningGate(Path directory, String level, UpstreamSettings.Configured... configured) throws InterruptedException {
        var clock = InstantSource.system();
        database = Database.open(DatabaseSettings.file(directory.resolve("gateway.db")));
        audit = AuditLog.open(AuditSettings.in(directory.resolve("audit")), clock);
        upstreams = new Upstreams(new UpstreamSettings(List.of(configured)), connections, clock);
        var policy = Policy.read(policy(level), KnownItems.UNHEARD);
        var dispatch = new Dispatch(upstreams);
        changes = new Changes(new PlanRows(database), dispatch, audit, clock, "http://localhost/ui/plans/");
        var judge = new Judge(upstreams, () -> policy, changes, writes);
        var gate = new CallGate(upstreams, dispatch, judge, changes, writes, audit, new Metrics());
        listings = new Listings(upstreams, judge);
        planCalls = new PlanCalls(gate, changes, upstreams);
        mcp = new McpEndpoint(
                gate,
                listings,
                request -> principal(request.header("X-Caller").orElse("nobody")),
                upstreams.names(),
                "test",
                "");
        upstreams.start(Duration.ofSeconds(20), _ -> mcp.toolsChanged());
        server = HttpServer.start(ServerSettings.loopback(0), mcp.routes());
    }

    /// A third-party upstream as the configuration would have it; its tools write unless their names begin with
    /// `get_`.
    static UpstreamSettings.Configured stranger(FakeUpstream upstream, UpstreamSettings.Era era, String... relay) {
        return new UpstreamSettings.Configured(
                "net",
                new UpstreamSettings.Transport.Http(upstream.uri()),
                "",
                List.of("get_*"),
                UpstreamSettings.Preview.ARGUMENTS,
                era,
                Set.of(relay),
                Optional.empty(),
                Optional.empty(),
                true);
    }

    static Principal principal(String subject) {
        var role = subject.startsWith("reader") ? Role.READ_ONLY : Role.READ_WRITE;
        return new Principal(
                "https://issuer.example",
                subject,
                Optional.empty(),
                role,
                new Principal.RoleSource("roles", role.text()),
                SiteScope.ALL,
                Optional.empty(),
                Map.of(),
                Instant.MAX);
    }

    private static byte[] policy(String level) {
        var allowed = JsonArray.of("net/*", "net/resource:*://*", "net/prompt:*");
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

package mistmcp.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import mistmcp.gateway.api.AuditEndpoints;
import mistmcp.gateway.api.AuthEndpoints;
import mistmcp.gateway.api.ChatEndpoints;
import mistmcp.gateway.api.GatewayFacts;
import mistmcp.gateway.api.HealthEndpoints;
import mistmcp.gateway.api.McpEndpoint;
import mistmcp.gateway.api.OperatorEndpoints;
import mistmcp.gateway.api.PageEndpoints;
import mistmcp.gateway.api.PinEndpoints;
import mistmcp.gateway.api.PlanEndpoints;
import mistmcp.gateway.api.PolicyEndpoints;
import mistmcp.gateway.api.ToolEndpoints;
import mistmcp.gateway.api.UpstreamEndpoints;
import mistmcp.gateway.audit.AuditLog;
import mistmcp.gateway.audit.AuditRecord;
import mistmcp.gateway.audit.AuditSearch;
import mistmcp.gateway.audit.Event;
import mistmcp.gateway.auth.AuthSettings;
import mistmcp.gateway.auth.Authenticator;
import mistmcp.gateway.auth.BrowserSessions;
import mistmcp.gateway.auth.BrowserTickets;
import mistmcp.gateway.auth.Callers;
import mistmcp.gateway.auth.DevKeyring;
import mistmcp.gateway.auth.DevMint;
import mistmcp.gateway.auth.DevSignIn;
import mistmcp.gateway.auth.JwksStore;
import mistmcp.gateway.auth.KeySource;
import mistmcp.gateway.auth.OidcSignIn;
import mistmcp.gateway.auth.OperatorAccess;
import mistmcp.gateway.call.CallGate;
import mistmcp.gateway.call.Dispatch;
import mistmcp.gateway.call.Judge;
import mistmcp.gateway.call.Listings;
import mistmcp.gateway.call.PlanCalls;
import mistmcp.gateway.call.UpstreamAccess;
import mistmcp.gateway.call.WriteSwitch;
import mistmcp.gateway.change.Approver;
import mistmcp.gateway.change.Changes;
import mistmcp.gateway.chat.Chat;
import mistmcp.gateway.chat.GateCalls;
import mistmcp.gateway.identity.Principal;
import mistmcp.gateway.model.Model;
import mistmcp.gateway.model.ModelSettings;
import mistmcp.gateway.model.planner.Planner;
import mistmcp.gateway.pin.ToolPins;
import mistmcp.gateway.policy.KnownItems;
import mistmcp.gateway.policy.PolicyInForce;
import mistmcp.gateway.store.Database;
import mistmcp.gateway.store.PinRows;
import mistmcp.gateway.store.PlanRows;
import mistmcp.gateway.store.Threads;
import mistmcp.gateway.upstream.Connections;
import mistmcp.gateway.upstream.Home;
import mistmcp.gateway.upstream.Upstreams;
import mistmcp.http.HttpClient;
import mistmcp.http.HttpRequest;
import mistmcp.http.HttpServer;
import mistmcp.http.Route;
import mistmcp.http.ServerSettings;
import mistmcp.json.JsonObject;
import mistmcp.metrics.Metrics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The running gateway: its objects, built by hand, started in order and closed in the reverse.
public final class Gateway implements AutoCloseable {
    /// The version, as told to MCP peers.
    public static final String VERSION = "0.1.0";

    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
    private static final Duration FIRST_LISTS = Duration.ofSeconds(15);

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final GatewaySettings settings;
    private final InstantSource clock;
    private HttpServer server;

    /// Something outside that keeps the gateway from starting.
    public static final class CannotStart extends RuntimeException {
        private static final long serialVersionUID = 1;

        CannotStart(String message) {
            super(message);
        }

        CannotStart(String message, Throwable cause) {
            super(message, cause);
        }
    }

    @SuppressWarnings("NullAway.Init") // the server is there once start has returned
    private Gateway(GatewaySettings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /// Starts all parts; what was started is closed again when one cannot.
    public static Gateway start(GatewaySettings settings, InstantSource clock) throws InterruptedException {
        var gateway = new Gateway(settings, clock);
        try {
            gateway.build();
            return gateway;
        } catch (RuntimeException | InterruptedException failed) {
            gateway.close();
            throw failed;
        }
    }

    /// The port that is bound.
    public int port() {
        return server.port();
    }

    /// How the gateway is reached.
    public String url() {
        return settings.publicUrl().orElseGet(() -> here(server.port()));
    }

    private void build() throws InterruptedException {
        privateDirectory(settings.dataDir());
        var database = keep(Database.open(settings.database()));
        var audit = keep(AuditLog.open(settings.audit(), clock));
        var journal = new SignInRecords(audit, clock);
        var provider = provider();
        var keys = keep(keys());
        var authenticator = new Authenticator(settings.auth(), keys, clock);
        var browsers = new BrowserSessions(settings.auth().address(), clock);
        var callers = new Callers(authenticator, browsers, journal);
        var operator = new OperatorAccess();
        var writes = new WriteSwitch(settings.writeEnabled());

        var metrics = new Metrics();
        var connections = keep(
                new Connections(VERSION, new Home(pagesAt(), settings.dataDir().resolve("upstreams")), clock));
        var upstreams = keep(new Upstreams(settings.upstreams(), connections, clock));
        var policy = PolicyInForce.start(this::policyFile, () -> known(upstreams));
        var dispatch = new Dispatch(upstreams);
        var changes = new Changes(new PlanRows(database), dispatch, audit, clock, pagesAt() + "/ui/plans/");
        var pins = new ToolPins(new PinRows(database), audit, clock, VERSION);
        var judge = new Judge(upstreams, policy::policy, pins, changes, writes);
        var gate = new CallGate(upstreams, dispatch, judge, changes, writes, audit, metrics);
        var listings = new Listings(upstreams, judge, pins);
        var planCalls = new PlanCalls(gate, changes, upstreams);
        var mcp = keep(new McpEndpoint(
                gate,
                listings,
                signIn(callers),
                upstreams.names(),
                VERSION,
                settings.chat().instructions()));
        var policyWatch = keep(new PolicyWatch(settings.policyPath(), policy, audit, mcp::policyChanged));
        var access = new UpstreamAccess(upstreams, audit);
        upstreams.onUpdate(mcp::resourceUpdated);
        upstreams.start(FIRST_LISTS, judge::seen, (name, kinds) -> {
            policyWatch.reload();
            mcp.listsChanged(name, kinds);
        });
        policyWatch.start();
        policy.policy().warnings().forEach(warning -> LOG.warn("policy: {}", warning));
        changes.recover();

        var planner = new Planner();
        var model = model(planner);
        var facts = new GatewayFacts(
                () -> writes.enabled() && !changes.unrecorded(), settings.simulated(), settings.mistHost(), model.id());
        var chat = new Chat(
                new GateCalls(gate, planCalls, listings, changes),
                model,
                planner,
                new Threads(database),
                settings.chat(),
                facts.writeEnabled(),
                clock);
        Function<HttpRequest, Principal> any = callers::any;
        Function<HttpRequest, Approver> human = request -> {
            var session = callers.browser(request);
            return new Approver(
                    session.principal(), Optional.of(session.provenAt().orElse(Instant.EPOCH)));
        };
        var routes = new ArrayList<Route>();
        routes.addAll(new ChatEndpoints(chat, any).routes());
        routes.addAll(mcp.routes());
        routes.addAll(new AuthEndpoints(
                        settings.auth(),
                        facts,
                        callers,
                        browsers,
                        journal,
                        dev(keys, operator, browsers, journal),
                        oidc(authenticator, browsers, provider, journal))
                .routes());
        routes.addAll(new PlanEndpoints(changes, planCalls, any, human).routes());
        routes.addAll(new ToolEndpoints(listings, any).routes());
        routes.addAll(new PinEndpoints(
                        pins,
                        operator,
                        request -> human.apply(request).principal(),
                        principal -> policy.policy().grants(principal, "pin"),
                        mcp::toolsChanged)
                .routes());
        routes.addAll(new AuditEndpoints(new AuditSearch(audit), policy, any).routes());
        routes.addAll(new PolicyEndpoints(policy, any, judge::why).routes());
        routes.addAll(new UpstreamEndpoints(access, operator, new BrowserTickets(clock), pagesAt()).routes());
        routes.addAll(new OperatorEndpoints(operator, writes, audit).routes());
        routes.addAll(new HealthEndpoints(
                        checks(keys, policy, audit, upstreams, changes),
                        Map.of(
                                "keys", () -> keys.health().note(),
                                "certificate", () -> server.certificateFault()),
                        () -> keys.health().toJson(clock.instant()),
                        metrics::text,
                        operator)
                .routes());
        routes.addAll(new PageEndpoints(settings.outside().path()).routes());

        server = keep(HttpServer.start(
                new ServerSettings(
                        settings.bindHost(),
                        settings.port(),
                        publicHosts(),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(10),
                        settings.outside()),
                routes));
        opened.push(mcp::endStreams);
        levels(metrics, keys);
        audit.write(AuditRecord.of(Event.BOOT)
                .system()
                .policy(policy.policy().hash())
                .detail(JsonObject.of(
                        "version", VERSION, "authMode", settings.auth().mode())));
        publish(operator);
    }

    private static McpEndpoint.SignIn signIn(Callers callers) {
        return new McpEndpoint.SignIn() {
            @Override
            public Principal caller(HttpRequest request) {
                return callers.bearer(request);
            }

            @Override
            public boolean holds(HttpRequest request) {
                return callers.holds(request);
            }
        };
    }

    /// The way to the identity provider; there is one in OIDC mode only.
    private Optional<HttpClient> provider() {
        return switch (settings.auth()) {
            case AuthSettings.Dev _ -> Optional.empty();
            case AuthSettings.Oidc _ -> Optional.of(keep(new HttpClient(Duration.ofSeconds(3), 16, settings.egress())));
        };
    }

    private void levels(Metrics metrics, KeySource keys) {
        metrics.level(
                Metrics.Level.KEYS_AGE,
                () -> keys.health().age(clock.instant()).map(Gateway::seconds).orElse(Double.NaN));
        metrics.level(Metrics.Level.KEYS_FAILURES, () -> keys.health().failures());
        metrics.level(Metrics.Level.KEYS_FETCHES, () -> keys.health().fetches());
        metrics.level(Metrics.Level.KEYS_UNKNOWN, () -> keys.health().unknownKeys());
        metrics.level(
                Metrics.Level.CERTIFICATE_LEFT,
                () -> server.certificateEnd()
                        .map(end -> seconds(Duration.between(clock.instant(), end)))
                        .orElse(Double.NaN));
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1_000.0;
    }

    /// The keys are fetched on connections of their own: people who sign in cannot keep them waiting.
    private KeySource keys() {
        return switch (settings.auth()) {
            case AuthSettings.Dev dev -> DevKeyring.open(dev.keys(), clock);
            case AuthSettings.Oidc oidc ->
                JwksStore.open(oidc, keep(new HttpClient(Duration.ofSeconds(3), 2, settings.egress())), clock);
        };
    }

    private Optional<OidcSignIn> oidc(
            Authenticator authenticator,
            BrowserSessions browsers,
            Optional<HttpClient> provider,
            SignInRecords journal) {
        return settings.auth() instanceof AuthSettings.Oidc oidc
                ? oidc.clientId()
                        .map(id -> new OidcSignIn(
                                oidc, id, authenticator, browsers, provider.orElseThrow(), journal, clock))
                : Optional.empty();
    }

    private Optional<AuthEndpoints.Dev> dev(
            KeySource keys, OperatorAccess operator, BrowserSessions browsers, SignInRecords journal) {
        if (!(settings.auth() instanceof AuthSettings.Dev dev) || !(keys instanceof DevKeyring ring)) {
            return Optional.empty();
        }
        var mint = new DevMint(dev, ring, settings.simulated(), clock);
        return Optional.of(new AuthEndpoints.Dev(new DevSignIn(mint, operator, browsers, journal, clock), ring::jwks));
    }

    private Model model(Planner planner) {
        if (settings.model() instanceof ModelSettings.Planner) {
            return planner;
        }
        throw new CannotStart(
                "`MODEL_PROVIDER` can only be `planner` in this version: other models come with a later one");
    }

    private static Map<String, Supplier<Optional<String>>> checks(
            KeySource keys, PolicyInForce policy, AuditLog audit, Upstreams upstreams, Changes changes) {
        var checks = new LinkedHashMap<String, Supplier<Optional<String>>>();
        checks.put("keys", () -> keys.health().usable() ? Optional.empty() : Optional.of("no key can check a token"));
        checks.put("policy", () -> policy.faults().stream().findFirst());
        checks.put("audit", () -> {
            var health = audit.health();
            return health.reads() && health.writes() ? Optional.empty() : Optional.of(health.reason());
        });
        checks.put(
                "changes",
                () -> changes.unrecorded()
                        ? Optional.of("the end of a change could not be recorded: read only until the next start")
                        : Optional.empty());
        for (var name : upstreams.names()) {
            checks.put("upstream:" + name, () -> upstreams.health().getOrDefault(name, Optional.empty()));
        }
        return checks;
    }

    private static KnownItems known(Upstreams upstreams) {
        return new KnownItems(upstreams.items(), upstreams.silent());
    }

    private byte[] policyFile() {
        try {
            return Files.readAllBytes(settings.policyPath());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /// The address of the pages. With port 0 it is known once the server runs, so such a gateway names its
    /// host only.
    private String pagesAt() {
        return settings.publicUrl().orElseGet(() -> here(settings.port()));
    }

    private String here(int port) {
        var host = settings.host();
        var written = host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
        return (settings.outside().tls().isPresent() ? "https://" : "http://") + written + ":" + port;
    }

    private Set<String> publicHosts() {
        return settings.publicUrl()
                .map(url -> java.net.URI.create(url).getHost().toLowerCase(Locale.ROOT))
                .map(Set::of)
                .orElse(Set.of());
    }

    private void publish(OperatorAccess operator) {
        var runFile = settings.dataDir().resolve("run").resolve("gateway.json");
        try {
            Files.createDirectories(runFile.toAbsolutePath().getParent());
            operator.publish(
                    runFile,
                    JsonObject.of(
                            "url",
                            url(),
                            "port",
                            server.plainPort(),
                            "pid",
                            ProcessHandle.current().pid()));
        } catch (IOException unwritable) {
            throw new CannotStart("the run file `" + runFile + "` cannot be written", unwritable);
        }
        opened.push(() -> operator.withdraw(runFile));
    }

    private static void privateDirectory(Path directory) {
        try {
            Files.createDirectories(directory);
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        } catch (IOException | UnsupportedOperationException unwritable) {
            throw new CannotStart("the data directory `" + directory + "` cannot be made private", unwritable);
        }
    }

    private <T extends AutoCloseable> T keep(T part) {
        opened.push(part);
        return part;
    }

    /// Stops taking calls, lets those in flight end, then closes what they used, the audit log near the end.
    @Override
    public void close() {
        for (var part : List.copyOf(opened)) {
            try {
                part.close();
            } catch (Exception failed) {
                LOG.warn("a part did not close in order", failed);
            }
        }
        opened.clear();
    }
}

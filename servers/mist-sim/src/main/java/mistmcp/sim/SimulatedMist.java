package mistmcp.sim;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import mistmcp.http.HttpServer;
import mistmcp.http.Route;
import mistmcp.http.ServerSettings;
import mistmcp.json.JsonObject;
import mistmcp.settings.Secret;
import mistmcp.sim.api.Cloud;
import mistmcp.sim.api.MistApi;
import mistmcp.sim.api.Quirks;

/// A simulated Mist cloud on a loopback port: stateful, with the quirks of Mist and faults on demand. Safe
/// for several threads.
public final class SimulatedMist implements AutoCloseable {
    private static final int MOST_BODY_BYTES = 4 << 20;

    private final SimSettings settings;
    private final Seed seed;
    private final Cloud cloud;
    private final MistApi api;
    private final Budget budget;
    private final Journal journal = new Journal();
    private final Faults faults = new Faults();
    private final HttpServer server;

    private SimulatedMist(SimSettings settings) {
        this.settings = settings;
        this.seed = Seed.of(settings.seed(), settings.rename());
        var quirks = Quirks.without(settings.quirksOff());
        this.cloud = new Cloud(settings.clock(), quirks);
        cloud.load(seed.rows(settings.clock().instant()));
        this.api = new MistApi(cloud);
        this.budget = new Budget(settings.hourlyBudget(), settings.clock());
        var edge = new Edge(settings, quirks, cloud, api, budget, journal, faults);
        var routes = new ArrayList<Route>();
        Stream.of("GET", "POST", "PUT", "DELETE", "PATCH")
                .forEach(method -> routes.add(new Route(method, "/api/<rest>", MOST_BODY_BYTES, edge)));
        settings.controlToken().ifPresent(token -> routes.addAll(new Control(this, token).routes()));
        this.server = HttpServer.start(ServerSettings.loopback(settings.port()), routes);
    }

    /// Reads the seed, binds and starts.
    ///
    /// @throws UnusableSeed when the seed cannot be read
    public static SimulatedMist start(SimSettings settings) {
        return new SimulatedMist(settings);
    }

    /// The base address, such as `http://127.0.0.1:41234`; Mist's paths follow it.
    public URI baseUri() {
        return URI.create("http://127.0.0.1:" + port());
    }

    /// The port.
    public int port() {
        return server.port();
    }

    /// The id of the organisation.
    public String orgId() {
        return cloud.orgId();
    }

    /// The token that may only read.
    public Secret readToken() {
        return settings.readToken();
    }

    /// The token that may write.
    public Secret writeToken() {
        return settings.writeToken();
    }

    /// What came in.
    public Journal journal() {
        return journal;
    }

    /// What shall go wrong.
    public Faults faults() {
        return faults;
    }

    /// The state, to look at and to change behind everybody's back.
    public Cloud state() {
        return cloud;
    }

    /// The ids of the operations there are.
    public List<String> operations() {
        return api.operations().stream().map(operation -> operation.id()).toList();
    }

    /// What a test of another process needs to know.
    JsonObject info() {
        return JsonObject.of("port", port(), "orgId", orgId(), "operations", operations());
    }

    /// Back to the seed: state, journal, faults and budgets. Ages count from now again.
    public void reset() {
        faults.clear();
        cloud.load(seed.rows(settings.clock().instant()));
        budget.reset();
        journal.clear();
    }

    @Override
    public void close() {
        server.close();
    }
}

package mistmcp.rw;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import mistmcp.assertion.Assertion;
import mistmcp.assertion.AssertionKey;
import mistmcp.http.HttpClient;
import mistmcp.http.OutboundRequest;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonValue;
import mistmcp.json.RawJson;
import mistmcp.mcp.server.AssertionAdmission;
import mistmcp.settings.Env;
import mistmcp.settings.Secret;
import mistmcp.sim.Journal;
import mistmcp.sim.SimSettings;
import mistmcp.sim.SimulatedMist;
import mistmcp.sim.api.Quirk;

/// A write server on a simulated Mist, called as the gateway calls it.
final class RunningRw implements AutoCloseable {
    private static final String KEY = "a-service-key-for-tests-0123456789abcdef";

    final SimulatedMist mist;
    private final RwServer server;
    private final HttpClient http = new HttpClient(Duration.ofSeconds(5), 8);
    private final AssertionKey key = new AssertionKey(new Secret(KEY), InstantSource.system());

    /// An answer of the server: an MCP result or error, or a refusal before that.
    record Answer(int status, JsonObject body) {
        JsonObject result() {
            return body.object("result").orElse(JsonObject.EMPTY);
        }

        boolean isError() {
            return result().bool("isError").orElse(false);
        }

        JsonObject structured() {
            return result().object("structuredContent").orElse(JsonObject.EMPTY);
        }

        String code() {
            return structured().string("code").or(() -> body.string("code")).orElse("");
        }
    }

    /// One on a cloud as it is in the beginning, for a field of a test.
    static RunningRw fresh() {
        try {
            return new RunningRw(SimSettings.fresh());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new AssertionError(stopped);
        }
    }

    RunningRw(SimSettings settings) throws InterruptedException {
        this(settings, SimulatedMist::writeToken);
    }

    RunningRw(SimSettings settings, java.util.function.Function<SimulatedMist, Secret> token)
            throws InterruptedException {
        mist = SimulatedMist.start(quirks(settings));
        var values = new HashMap<String, String>();
        values.put("MIST_API_BASE", mist.baseUri().toString());
        values.put("MIST_ORG_ID", mist.orgId());
        values.put("MIST_TOKEN_RW", token.apply(mist).reveal());
        values.put("SERVICE_KEY_RW", KEY);
        var env = Env.of(values);
        var read = RwSettings.read(env, false);
        env.check();
        server = RwServer.start(read, InstantSource.system());
        mist.journal().clear();
    }

    /// The settings less the quirk that the system property `sim.quirks.off` names: so it can be tried that a
    /// quirk's test fails without it.
    private static SimSettings quirks(SimSettings settings) {
        var off = System.getProperty("sim.quirks.off", "");
        return off.isEmpty() ? settings : settings.without(Quirk.valueOf(off));
    }

    int port() {
        return server.port();
    }

    /// A dry run by somebody with all sites.
    Answer plan(String tool, JsonObject arguments) throws IOException {
        return tool(tool, arguments, assertion -> assertion);
    }

    /// A commit of a plan by somebody with all sites.
    Answer commit(String tool, JsonObject arguments, JsonObject plan) throws IOException {
        return tool(tool, arguments, committing(plan));
    }

    /// Makes an assertion one of a commit of this plan.
    static UnaryOperator<Assertion> committing(JsonObject plan) {
        return assertion -> with(assertion, "commit", assertion.role(), assertion.sites(), Optional.of(plan));
    }

    /// An assertion with some things changed.
    static Assertion with(Assertion one, String mode, String role, List<String> sites, Optional<JsonObject> plan) {
        return new Assertion(
                one.audience(),
                one.principal(),
                role,
                sites,
                mode,
                one.method(),
                one.target(),
                one.argumentsDigest(),
                one.id(),
                one.expiresAt(),
                plan.map(shown -> new Assertion.Commit(
                        "pl_" + one.id().substring(0, 8),
                        shown.string("changeDigest").orElse(""),
                        shown.string("beforeHash").orElse(""))));
    }

    /// A call of a tool with an assertion that starts as a dry run by somebody with all sites.
    Answer tool(String tool, JsonObject arguments, UnaryOperator<Assertion> change) throws IOException {
        return call("tools/call", tool, JsonObject.of("name", tool, "arguments", arguments), change);
    }

    /// Any call with an assertion that starts as a dry run by somebody with all sites.
    Answer call(String method, String target, JsonObject params, UnaryOperator<Assertion> change) throws IOException {
        return send(method, params, key.sign(change.apply(assertion(method, target, params))));
    }

    /// The assertion that a call starts with.
    Assertion assertion(String method, String target, JsonObject params) {
        return new Assertion(
                "mist-rw",
                "https://issuer.example|anna",
                "ReadWrite",
                List.of("*"),
                "dry_run",
                method,
                target,
                AssertionAdmission.digest(params.get("arguments").map(RawJson::of)),
                key.newId(),
                key.expiry(),
                Optional.empty());
    }

    /// Signs as another key would.
    static String signedByAnother(Assertion assertion) {
        return new AssertionKey(new Secret(KEY.replace('0', '9')), InstantSource.system()).sign(assertion);
    }

    Answer send(String method, JsonObject params, String token) throws IOException {
        var message = JsonObject.of("jsonrpc", "2.0", "id", 1, "method", method, "params", params);
        var request = new OutboundRequest(
                "POST",
                URI.create("http://127.0.0.1:" + port() + "/mcp"),
                Map.of(
                        "Content-Type",
                        "application/json",
                        "Accept",
                        "application/json",
                        "MCP-Protocol-Version",
                        "2025-11-25",
                        Assertion.HEADER,
                        token),
                Optional.of(Json.bytes(message)),
                Duration.ofSeconds(60),
                Duration.ofSeconds(60));
        try (var response = http.send(request)) {
            return new Answer(response.status(), Json.parseObject(response.body(8 << 20), JsonLimits.TRUSTED));
        }
    }

    /// The writes that reached Mist.
    List<Journal.Entry> writes() {
        return mist.journal().writes();
    }

    /// What the simulated cloud holds at a pointer.
    JsonValue held(String pointer) {
        return mist.state().at(pointer).orElse(mistmcp.json.JsonNull.NULL);
    }

    /// The id of a site.
    String site(String name) {
        return idOf("sites", name);
    }

    /// The id of a device.
    String device(String name) {
        return idOf("devices", name);
    }

    private String idOf(String table, String name) {
        return ((JsonObject) held("/" + table))
                .members().values().stream()
                        .map(JsonObject.class::cast)
                        .filter(row -> row.string("name").equals(Optional.of(name)))
                        .flatMap(row -> row.string("id").stream())
                        .findFirst()
                        .orElseThrow();
    }

    /// The alarms of the simulated cloud.
    List<JsonObject> alarms() {
        return JsonArray.ofAll(((JsonObject) held("/alarms")).members().values())
                .objects();
    }

    @Override
    public void close() {
        http.close();
        server.close();
        mist.close();
    }
}

package mistmcp.ro;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonObject;
import mistmcp.json.RawJson;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.McpReply;
import mistmcp.mcp.McpRequest;
import mistmcp.mcp.RequestMeta;
import mistmcp.mcp.Revision;
import mistmcp.mist.MistApi;
import mistmcp.mist.MistSettings;
import mistmcp.mist.SiteScope;
import mistmcp.settings.Env;
import mistmcp.sim.SimSettings;
import mistmcp.sim.SimulatedMist;
import mistmcp.sim.api.Quirk;

/// The read server's tools over a simulated Mist, called as the wire would call them.
public final class RoFixture implements AutoCloseable {
    private final SimulatedMist mist;
    private final MistApi api;
    private final MistRo server;

    /// A fixture over a simulator of these settings.
    public RoFixture(SimSettings settings) {
        mist = SimulatedMist.start(settings);
        api = new MistApi(settings(mist), Clock.systemUTC());
        server = new MistRo(api);
    }

    /// A fixture over the seed with all quirks, less those that the system property `sim.quirks.off` names:
    /// so it can be tried that a quirk's test fails without it.
    public static RoFixture fresh() {
        return new RoFixture(quirks(SimSettings.fresh()));
    }

    /// The settings less the quirks of `sim.quirks.off`.
    public static SimSettings quirks(SimSettings settings) {
        var off = System.getProperty("sim.quirks.off", "");
        return off.isEmpty() ? settings : settings.without(Quirk.valueOf(off));
    }

    /// The settings for a simulator, with its read token.
    public static MistSettings settings(SimulatedMist mist) {
        return MistSettings.read(
                Env.of(Map.of(
                        "MIST_API_BASE",
                        mist.baseUri().toString(),
                        "MIST_ORG_ID",
                        mist.orgId(),
                        "MIST_TOKEN_RO",
                        mist.readToken().reveal())),
                "MIST_TOKEN_RO");
    }

    public SimulatedMist mist() {
        return mist;
    }

    public MistApi api() {
        return api;
    }

    public MistRo server() {
        return server;
    }

    /// The whole result of a call by a caller of all sites.
    public JsonObject result(String tool, Object... arguments) throws InterruptedException {
        return result(SiteScope.ALL, tool, arguments);
    }

    /// The whole result of a call.
    public JsonObject result(SiteScope scope, String tool, Object... arguments) throws InterruptedException {
        return reply(scope, "tools/call", tool, JsonObject.of(arguments));
    }

    /// The structured content of a call by a caller of all sites.
    public JsonObject call(String tool, Object... arguments) throws InterruptedException {
        return call(SiteScope.ALL, tool, arguments);
    }

    /// The structured content of a call.
    public JsonObject call(SiteScope scope, String tool, Object... arguments) throws InterruptedException {
        return result(scope, tool, arguments).object("structuredContent").orElseThrow();
    }

    /// The rows of a call by a caller of all sites.
    public List<JsonObject> rows(String member, String tool, Object... arguments) throws InterruptedException {
        return rows(SiteScope.ALL, member, tool, arguments);
    }

    /// The rows of a call.
    public List<JsonObject> rows(SiteScope scope, String member, String tool, Object... arguments)
            throws InterruptedException {
        return call(scope, tool, arguments)
                .array(member)
                .orElse(JsonArray.EMPTY)
                .objects();
    }

    /// The answer to any request.
    public JsonObject reply(SiteScope scope, String method, String target, JsonObject arguments)
            throws InterruptedException {
        var request = new McpRequest(
                Revision.V2025_11_25,
                method,
                Optional.of(target),
                RawJson.EMPTY_OBJECT,
                Optional.of(RawJson.of(arguments)),
                RequestMeta.NONE);
        return switch (server.toolbox().handle(scope, request, Exchange.SILENT).whole()) {
            case McpReply.Result result -> (JsonObject) result.body().parse(JsonLimits.TRUSTED);
            case McpReply.Failure failure -> JsonObject.of("error", failure.code(), "message", failure.message());
        };
    }

    /// The id of the site of a name.
    public String siteId(String name) throws InterruptedException {
        return rows("sites", "list_sites", "limit", 100).stream()
                .filter(row -> row.string("siteName").filter(name::equals).isPresent())
                .map(row -> row.string("siteId").orElseThrow())
                .findFirst()
                .orElseThrow();
    }

    /// A scope of sites by their names.
    public SiteScope scopeOf(String... names) throws InterruptedException {
        var ids = new java.util.ArrayList<String>();
        for (var name : names) {
            ids.add(siteId(name));
        }
        return SiteScope.of(ids);
    }

    @Override
    public void close() {
        server.close();
        mist.close();
    }
}

package mistmcp.ro.tool;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.ToolDefinition;
import mistmcp.mcp.server.Tool;
import mistmcp.mcp.server.ToolResult;
import mistmcp.mist.Operations;
import mistmcp.mist.SiteId;
import mistmcp.mist.SiteScope;
import mistmcp.mist.TokenRights;
import mistmcp.mist.UntrustedText;

/// What this server's Mist token may do, and what the caller can see through it. Personal data of the token's
/// owner is left out.
public final class Whoami implements Tool<SiteScope> {
    private static final int MOST_SITES = 25;
    private static final ToolDefinition DEFINITION = Schemas.one(
            "whoami",
            "Who am I at Mist",
            "The Mist organisation, the rights (role) of the server's token, and the sites that you can see.",
            JsonObject.EMPTY,
            List.of(),
            JsonObject.of("organisation", JsonObject.of("type", "object")));

    private final Reader reader;

    /// A tool that reads through a reader.
    public Whoami(Reader reader) {
        this.reader = reader;
    }

    @Override
    public ToolDefinition definition() {
        return DEFINITION;
    }

    @Override
    public ToolResult call(SiteScope scope, JsonObject arguments, Exchange exchange) throws InterruptedException {
        return reader.run(DEFINITION.name(), scope, arguments, Whoami::answer);
    }

    private static ToolResult answer(ReadCall call) throws InterruptedException {
        var reading = call.reading();
        var self = reading.object(Operations.getSelf());
        var org = reading.object(Operations.getOrg(call.org()));
        var rights = new ArrayList<JsonObject>();
        for (var privilege : self.array("privileges").orElse(JsonArray.EMPTY).objects()) {
            boolean ours =
                    privilege.string("org_id").map(call.org().value()::equals).orElse(!privilege.has("site_id"));
            var site = privilege.string("site_id").flatMap(SiteId::of);
            if (ours && site.map(reading.scope()::covers).orElse(true)) {
                rights.add(Row.of(privilege)
                        .take("scope", "scope")
                        .take("role", "role")
                        .set("siteId", site.map(SiteId::value))
                        .set("siteName", site.isPresent() ? call.siteName(site.get()) : Optional.empty())
                        .done());
            }
        }
        var sites = reading.sites();
        return ReadCall.answer(
                JsonObject.of(
                        "organisation",
                        JsonObject.of(
                                "id",
                                call.org().value(),
                                "name",
                                UntrustedText.clean(org.string("name").orElse(""))),
                        "access",
                        TokenRights.of(self, call.org()).canWrite() ? "read and write" : "read only",
                        "token",
                        JsonObject.of("rights", rights),
                        "sites",
                        sites.stream()
                                .limit(MOST_SITES)
                                .map(site -> JsonObject.of(
                                        "id", site.id().value(), "name", UntrustedText.clean(site.name())))
                                .toList(),
                        "sitesInScope",
                        sites.size(),
                        "allSites",
                        reading.scope().all(),
                        "callsLeftThisHour",
                        reading.callsLeft()),
                List.of());
    }
}

package mistmcp.ro.tool;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import mistmcp.json.Json;
import mistmcp.json.JsonNumber;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonValue;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.ToolDefinition;
import mistmcp.mcp.server.Tool;
import mistmcp.mcp.server.ToolResult;
import mistmcp.mist.Operations;
import mistmcp.mist.SiteId;
import mistmcp.mist.SiteScope;

/// The service levels of the sites, worst first.
public final class SleSummary implements Tool<SiteScope> {
    private static final ToolDefinition DEFINITION = Schemas.list(
            "sle_summary",
            "Service levels",
            "Service levels (user experience, 0 to 1) of sites by metric, worst site first.",
            "sites",
            JsonObject.of(
                    "sle",
                    Schemas.choice("default: wifi", "wifi", "wired", "wan"),
                    "site",
                    Schemas.SITE,
                    "since",
                    Schemas.SINCE));

    private final Reader reader;

    /// A tool that reads through a reader.
    public SleSummary(Reader reader) {
        this.reader = reader;
    }

    @Override
    public ToolDefinition definition() {
        return DEFINITION;
    }

    @Override
    public ToolResult call(SiteScope scope, JsonObject arguments, Exchange exchange) throws InterruptedException {
        return reader.run(DEFINITION.name(), scope, arguments, SleSummary::answer);
    }

    private static ToolResult answer(ReadCall call) throws InterruptedException {
        var since = call.text("since", "7d");
        var sle = call.text("sle", "wifi");
        var site = call.site();
        var rows = new ArrayList<JsonObject>();
        for (var one :
                call.reading().all(Operations.getOrgSitesSle(call.org(), sle).with("duration", since))) {
            var id = Names.siteOf(one);
            boolean wanted = id.filter(call.reading().scope()::covers).isPresent()
                    && (site.isEmpty() || id.equals(site.map(named -> named.id())));
            if (wanted) {
                rows.add(row(call, one, id.get()));
            }
        }
        rows.sort(Comparator.comparingDouble(row -> row.number("lowest").orElse(2.0)));
        return call.listed("sites", call.slice(rows), JsonObject.of("sle", sle, "since", since), List.of());
    }

    private static JsonObject row(ReadCall call, JsonObject site, SiteId id) throws InterruptedException {
        var levels = rounded(site.without("site_id", "num_aps", "num_clients", "num_switches", "num_gateways"));
        var lowest = levels.members().entrySet().stream()
                .filter(level -> level.getValue() instanceof JsonNumber)
                .min(Comparator.comparingDouble(level -> ((JsonNumber) level.getValue()).asDouble()));
        var row = Row.of(levels)
                .set("siteName", call.siteName(id))
                .set("lowest", lowest.map(level -> level.getValue()))
                .set("lowestMetric", lowest.map(level -> level.getKey()));
        levels.names().forEach(name -> row.take(name, name));
        return row.set("siteId", id.value()).done();
    }

    /// Levels to a ten-thousandth: more digits are the noise of the division that made them.
    private static JsonObject rounded(JsonObject levels) {
        var rounded = new LinkedHashMap<String, JsonValue>();
        levels.members()
                .forEach((name, level) -> rounded.put(
                        name,
                        level instanceof JsonNumber number
                                ? Json.of(Math.round(number.asDouble() * 10_000) / 10_000.0)
                                : level));
        return new JsonObject(rounded);
    }
}

package mistmcp.ro.tool;

import java.util.Comparator;
import java.util.List;
import mistmcp.json.JsonObject;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.ToolDefinition;
import mistmcp.mcp.server.Tool;
import mistmcp.mcp.server.ToolResult;
import mistmcp.mist.SiteScope;

/// The sites with how many devices and clients each has.
public final class ListSites implements Tool<SiteScope> {
    private static final ToolDefinition DEFINITION = Schemas.list(
            "list_sites",
            "List sites",
            "List sites with device and client counts.",
            "sites",
            JsonObject.of(
                    "name",
                    Schemas.text("part of the name"),
                    "country",
                    JsonObject.of("type", "string", "description", "ISO code, as DE", "maxLength", 2),
                    "empty",
                    Schemas.flag("only sites without (true) or with (false) devices")));

    private final Reader reader;

    /// A tool that reads through a reader.
    public ListSites(Reader reader) {
        this.reader = reader;
    }

    @Override
    public ToolDefinition definition() {
        return DEFINITION;
    }

    @Override
    public ToolResult call(SiteScope scope, JsonObject arguments, Exchange exchange) throws InterruptedException {
        return reader.run(DEFINITION.name(), scope, arguments, ListSites::answer);
    }

    private static ToolResult answer(ReadCall call) throws InterruptedException {
        var rows = SiteStats.read(call).stream()
                .filter(site -> call.text("name")
                        .map(part -> Find.contains(site.string("name").orElse(""), part))
                        .orElse(true))
                .filter(site -> call.text("country")
                        .map(code -> code.equalsIgnoreCase(
                                site.string("country_code").orElse("")))
                        .orElse(true))
                .filter(site -> call.bool("empty")
                        .map(empty -> empty == (SiteStats.count(site, "num_devices") == 0))
                        .orElse(true))
                .map(ListSites::row)
                .sorted(Comparator.comparing(row -> row.string("siteName").orElse("")))
                .toList();
        return call.listed("sites", call.slice(rows), JsonObject.EMPTY, List.of("/sites/*/address"));
    }

    private static JsonObject row(JsonObject site) {
        return Row.of(site)
                .take("siteName", "name")
                .take("siteId", "id")
                .take("country", "country_code")
                .take("timezone", "timezone")
                .take("address", "address")
                .set("devices", SiteStats.count(site, "num_devices"))
                .set("connected", SiteStats.count(site, "num_devices_connected"))
                .set("aps", SiteStats.count(site, "num_ap"))
                .set("switches", SiteStats.count(site, "num_switch"))
                .set("gateways", SiteStats.count(site, "num_gateway"))
                .set("clients", SiteStats.count(site, "num_clients"))
                .done();
    }
}

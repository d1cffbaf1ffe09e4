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
import mistmcp.mist.SiteScope;

/// The WLANs of a site with their security; no key or secret is shown.
public final class ListWlans implements Tool<SiteScope> {
    private static final ToolDefinition DEFINITION = Schemas.requiring(
            Schemas.list(
                    "list_wlans",
                    "List WLANs",
                    "The WLANs (SSIDs) of a site with security, VLAN and whether each is open.",
                    "wlans",
                    JsonObject.of("site", Schemas.SITE)),
            "site");

    private final Reader reader;

    /// A tool that reads through a reader.
    public ListWlans(Reader reader) {
        this.reader = reader;
    }

    @Override
    public ToolDefinition definition() {
        return DEFINITION;
    }

    @Override
    public ToolResult call(SiteScope scope, JsonObject arguments, Exchange exchange) throws InterruptedException {
        return reader.run(DEFINITION.name(), scope, arguments, ListWlans::answer);
    }

    private static ToolResult answer(ReadCall call) throws InterruptedException {
        var site = call.site().orElseThrow(() -> new Refusal("invalid_arguments", "`site` is empty"));
        var rows = new ArrayList<JsonObject>();
        for (var wlan :
                call.reading().get(Operations.listSiteWlansDerived(site.id())).rows()) {
            rows.add(row(wlan));
        }
        return call.listed("wlans", call.slice(rows), JsonObject.EMPTY, List.of());
    }

    private static JsonObject row(JsonObject wlan) {
        var auth = wlan.object("auth").orElse(JsonObject.EMPTY);
        var security = auth.string("type").orElse("open");
        boolean portal =
                wlan.object("portal").flatMap(one -> one.bool("enabled")).orElse(false);
        return Row.of(wlan)
                .take("ssid", "ssid")
                .take("enabled", "enabled")
                .set("security", security)
                .set("open", security.equals("open"))
                .set("guestPortal", portal)
                .take("hidden", "hide_ssid")
                .take("isolation", "isolation")
                .take("vlan", "vlan_id")
                .set("bands", bands(wlan))
                .take("wlanId", "id")
                .done();
    }

    private static Optional<String> bands(JsonObject wlan) {
        return wlan.array("bands").map(JsonArray::strings).map(list -> String.join(", ", list));
    }
}

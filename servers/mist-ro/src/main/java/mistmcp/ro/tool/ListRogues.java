package mistmcp.ro.tool;

import java.util.ArrayList;
import java.util.List;
import mistmcp.json.JsonObject;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.ToolDefinition;
import mistmcp.mcp.server.Tool;
import mistmcp.mcp.server.ToolResult;
import mistmcp.mist.Operations;
import mistmcp.mist.SiteScope;

/// Foreign access points heard at a site. Mist tells one kind at a time: all kinds are asked for.
public final class ListRogues implements Tool<SiteScope> {
    private static final List<String> TYPES = List.of("honeypot", "spoof", "lan", "others");
    private static final ToolDefinition DEFINITION = Schemas.requiring(
            Schemas.list(
                    "list_rogues",
                    "List rogue APs",
                    "Rogue, honeypot and neighbouring access points heard at a site.",
                    "rogues",
                    JsonObject.of(
                            "site",
                            Schemas.SITE,
                            "type",
                            Schemas.choice("", "honeypot", "spoof", "lan", "others"),
                            "since",
                            Schemas.SINCE)),
            "site");

    private final Reader reader;

    /// A tool that reads through a reader.
    public ListRogues(Reader reader) {
        this.reader = reader;
    }

    @Override
    public ToolDefinition definition() {
        return DEFINITION;
    }

    @Override
    public ToolResult call(SiteScope scope, JsonObject arguments, Exchange exchange) throws InterruptedException {
        return reader.run(DEFINITION.name(), scope, arguments, ListRogues::answer);
    }

    private static ToolResult answer(ReadCall call) throws InterruptedException {
        var site = call.site().orElseThrow(() -> new Refusal("invalid_arguments", "`site` is empty"));
        var since = call.text("since", "1d");
        var names = call.names();
        var rows = new ArrayList<JsonObject>();
        for (var type : call.text("type").map(List::of).orElse(TYPES)) {
            var get = Operations.listSiteRogueAPs(site.id(), type)
                    .with("duration", since)
                    .with("limit", 1000);
            for (var rogue : call.reading().get(get).rows()) {
                rows.add(Row.of(rogue)
                        .set("type", type)
                        .take("ssid", "ssid")
                        .mac("bssid", "bssid")
                        .take("channel", "channel")
                        .take("rssi", "avg_rssi")
                        .take("timesHeard", "times_heard")
                        .take("seenOnLan", "seen_on_lan")
                        .set("heardBy", names.device(Row.mac(rogue, "ap_mac")))
                        .done());
            }
        }
        return call.listed("rogues", call.slice(rows), JsonObject.of("since", since), List.of("/rogues/*/ssid"));
    }
}

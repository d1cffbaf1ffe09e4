package mistmcp.ro.tool;

import java.util.ArrayList;
import java.util.List;
import mistmcp.json.JsonObject;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.ToolDefinition;
import mistmcp.mcp.server.Tool;
import mistmcp.mcp.server.ToolResult;
import mistmcp.mist.Mac;
import mistmcp.mist.SiteScope;

/// Wireless and wired clients: who is connected where.
public final class SearchClients implements Tool<SiteScope> {
    private static final ToolDefinition DEFINITION = Schemas.list(
            "search_clients",
            "Search clients",
            "Search wireless and wired clients (users' devices); tells the AP or switch port each is connected to.",
            "clients",
            JsonObject.of(
                    "kind",
                    Schemas.choice("", "all", "wireless", "wired"),
                    "mac",
                    JsonObject.of("type", "string", "description", "client MAC", "x-mist-entity", "mac"),
                    "hostname",
                    Schemas.text("part of the host name").with("x-mist-entity", "client"),
                    "ip",
                    JsonObject.of("type", "string", "maxLength", 45),
                    "ssid",
                    JsonObject.of("type", "string", "maxLength", 32),
                    "device",
                    Schemas.DEVICE,
                    "port",
                    JsonObject.of("type", "string", "maxLength", 32),
                    "site",
                    Schemas.SITE,
                    "since",
                    Schemas.SINCE));
    private static final List<String> UNTRUSTED = List.of(
            "/clients/*/hostname",
            "/clients/*/username",
            "/clients/*/ssid",
            "/clients/*/os",
            "/clients/*/manufacturer",
            "/clients/*/model");

    private final Reader reader;

    /// A tool that reads through a reader.
    public SearchClients(Reader reader) {
        this.reader = reader;
    }

    @Override
    public ToolDefinition definition() {
        return DEFINITION;
    }

    @Override
    public ToolResult call(SiteScope scope, JsonObject arguments, Exchange exchange) throws InterruptedException {
        return reader.run(DEFINITION.name(), scope, arguments, SearchClients::answer);
    }

    private static ToolResult answer(ReadCall call) throws InterruptedException {
        var mac = call.text("mac")
                .map(text ->
                        Mac.of(text).orElseThrow(() -> new Refusal("invalid_arguments", "`mac` is not a MAC address")));
        var device = call.device();
        var wanted = new ClientSearch.Wanted(
                mac,
                call.text("ip"),
                call.text("hostname"),
                call.text("ssid"),
                device,
                call.text("port"),
                call.text("since", "1d"));
        var kind = call.text("kind", "all");
        boolean onSwitch = device.filter(found -> found.type().equals("switch")).isPresent()
                || wanted.port().isPresent();
        boolean onAp = device.filter(found -> found.type().equals("ap")).isPresent()
                || wanted.ssid().isPresent();
        var names = call.names();
        var sources = new ArrayList<Walk.Source>();
        if (!kind.equals("wired") && !onSwitch) {
            sources.addAll(ClientSearch.wireless(call, wanted, names));
        }
        if (!kind.equals("wireless") && !onAp) {
            sources.addAll(ClientSearch.wired(call, wanted, names));
        }
        var listed = new Walk(call.reading(), sources, Walk.Paging.SEARCH, false).take(call.position(), call.limit());
        return call.listed("clients", listed, JsonObject.of("since", wanted.since()), UNTRUSTED);
    }
}

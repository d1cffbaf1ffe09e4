package mistmcp.ro.tool;

import java.util.List;
import java.util.Optional;
import mistmcp.json.JsonObject;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.ToolDefinition;
import mistmcp.mcp.server.Tool;
import mistmcp.mcp.server.ToolResult;
import mistmcp.mist.Operations;
import mistmcp.mist.SiteId;
import mistmcp.mist.SiteScope;

/// The devices with their status. Mist lists only access points unless told otherwise: the type is always
/// sent.
public final class ListDevices implements Tool<SiteScope> {
    private static final ToolDefinition DEFINITION = Schemas.list(
            "list_devices",
            "List devices",
            "List access points, switches and gateways with status, address and firmware version.",
            "devices",
            JsonObject.of(
                    "site",
                    Schemas.SITE,
                    "type",
                    Schemas.choice("", "all", "ap", "switch", "gateway"),
                    "status",
                    Schemas.choice("", "connected", "disconnected"),
                    "name",
                    Schemas.text("part of the name"),
                    "model",
                    Schemas.text("part of the model")));

    private final Reader reader;

    /// A tool that reads through a reader.
    public ListDevices(Reader reader) {
        this.reader = reader;
    }

    @Override
    public ToolDefinition definition() {
        return DEFINITION;
    }

    @Override
    public ToolResult call(SiteScope scope, JsonObject arguments, Exchange exchange) throws InterruptedException {
        return reader.run(DEFINITION.name(), scope, arguments, ListDevices::answer);
    }

    private static ToolResult answer(ReadCall call) throws InterruptedException {
        var type = call.text("type", "all");
        var status = call.text("status");
        var name = call.text("name");
        var model = call.text("model");
        var names = call.names();
        var sources = call.sources(
                org -> Operations.listOrgDevicesStats(org, type).withPresent("status", status),
                site -> Operations.listSiteDevicesStats(site, type).withPresent("status", status),
                device -> Optional.of(device)
                        .filter(one -> has(one, "name", name) && has(one, "model", model))
                        .filter(one -> status.isEmpty() || status.equals(one.string("status")))
                        .map(one -> row(one, names)));
        var listed = new Walk(call.reading(), sources, Walk.Paging.NUMBERED, name.isPresent() || model.isPresent())
                .take(call.position(), call.limit());
        return call.listed("devices", listed, JsonObject.EMPTY, List.of());
    }

    private static boolean has(JsonObject device, String member, Optional<String> part) {
        return part.map(wanted -> Find.contains(device.string(member).orElse(""), wanted))
                .orElse(true);
    }

    static JsonObject row(JsonObject device, Names names) {
        return Row.of(device)
                .takeFirst("name", "name", "hostname", "mac")
                .take("type", "type")
                .take("status", "status")
                .set("siteName", names.site(Names.siteOf(device)))
                .take("model", "model")
                .take("ip", "ip")
                .mac("mac", "mac")
                .take("version", "version")
                .take("uptimeSeconds", "uptime")
                .time("lastSeen", "last_seen")
                .take("clients", "num_clients")
                .set("siteId", Names.siteOf(device).map(SiteId::value))
                .take("deviceId", "id")
                .done();
    }
}

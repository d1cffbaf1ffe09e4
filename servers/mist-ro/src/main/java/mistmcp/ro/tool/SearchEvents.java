package mistmcp.ro.tool;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import mistmcp.json.JsonObject;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.ToolDefinition;
import mistmcp.mcp.server.Tool;
import mistmcp.mcp.server.ToolResult;
import mistmcp.mist.MistGet;
import mistmcp.mist.Operations;
import mistmcp.mist.SiteScope;

/// Events of devices: restarts, disconnects, configuration. For the organisation Mist tells one type of
/// device at a time, access points when none is named: all types are asked for.
public final class SearchEvents implements Tool<SiteScope> {
    private static final List<String> TYPES = List.of("ap", "switch", "gateway");
    private static final ToolDefinition DEFINITION = Schemas.list(
            "search_events",
            "Search device events",
            "Events of APs, switches and gateways, such as restarts, disconnects and configuration changes.",
            "events",
            JsonObject.of(
                    "site",
                    Schemas.SITE,
                    "device",
                    Schemas.DEVICE,
                    "device_type",
                    Schemas.choice("", "ap", "switch", "gateway"),
                    "type",
                    Schemas.text("event type or part, as `RESTARTED`"),
                    "since",
                    Schemas.SINCE));

    private final Reader reader;

    /// A tool that reads through a reader.
    public SearchEvents(Reader reader) {
        this.reader = reader;
    }

    @Override
    public ToolDefinition definition() {
        return DEFINITION;
    }

    @Override
    public ToolResult call(SiteScope scope, JsonObject arguments, Exchange exchange) throws InterruptedException {
        return reader.run(DEFINITION.name(), scope, arguments, SearchEvents::answer);
    }

    private static ToolResult answer(ReadCall call) throws InterruptedException {
        var since = call.text("since", "1d");
        var device = call.device();
        var mac = device.map(found -> found.mac().digits());
        var deviceType = call.text("device_type").or(() -> device.map(found -> found.type()));
        var part = call.text("type");
        var names = call.names();
        java.util.function.Function<JsonObject, Optional<JsonObject>> row = event -> Optional.of(event)
                .filter(one ->
                        part.isEmpty() || Find.contains(one.string("type").orElse(""), part.get()))
                .filter(one -> deviceType.isEmpty() || isOf(one, deviceType.get()))
                .filter(one -> mac.isEmpty()
                        || Row.mac(one, "mac")
                                .or(() -> Row.mac(one, "ap"))
                                .map(found -> found.digits())
                                .equals(mac))
                .map(one -> row(one, names));
        var sources = new ArrayList<Walk.Source>();
        var walk = call.sitesToWalk();
        if (walk.isPresent()) {
            for (var site : walk.get()) {
                sources.add(new Walk.Source(with(Operations.searchSiteDeviceEvents(site.id()), mac, since), row));
            }
        } else {
            for (var type : deviceType.map(List::of).orElse(TYPES)) {
                sources.add(new Walk.Source(with(Operations.searchOrgDeviceEvents(call.org(), type), mac, since), row));
            }
        }
        boolean filtered = part.isPresent() || (walk.isPresent() && deviceType.isPresent());
        var listed =
                new Walk(call.reading(), sources, Walk.Paging.SEARCH, filtered).take(call.position(), call.limit());
        return call.listed(
                "events", listed, JsonObject.of("since", since), List.of("/events/*/text", "/events/*/reason"));
    }

    private static MistGet with(MistGet get, Optional<String> mac, String since) {
        return get.withPresent("mac", mac).with("duration", since);
    }

    /// Events of a site do not all name the type of their device; the type of the event begins with it then.
    private static boolean isOf(JsonObject event, String deviceType) {
        var prefix = switch (deviceType) {
            case "switch" -> "SW_";
            case "gateway" -> "GW_";
            default -> "AP_";
        };
        return event.string("device_type")
                .map(deviceType::equals)
                .orElse(event.string("type").orElse("").startsWith(prefix));
    }

    private static JsonObject row(JsonObject event, Names names) {
        return Row.of(event)
                .time("time", "timestamp")
                .take("type", "type")
                .take("deviceType", "device_type")
                .set("device", names.device(Row.mac(event, "mac").or(() -> Row.mac(event, "ap"))))
                .set("siteName", names.site(Names.siteOf(event)))
                .take("port", "port_id")
                .take("text", "text")
                .take("reason", "reason")
                .take("version", "version")
                .done();
    }
}

package mistmcp.ro.tool;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import mistmcp.json.JsonObject;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.ToolDefinition;
import mistmcp.mcp.server.Tool;
import mistmcp.mcp.server.ToolResult;
import mistmcp.mist.Device;
import mistmcp.mist.MistGet;
import mistmcp.mist.Operations;
import mistmcp.mist.PortNames;
import mistmcp.mist.SiteId;
import mistmcp.mist.SiteScope;

/// The ports of switches: link, speed, neighbour, power, profile; and for one switch what is plugged into
/// each.
public final class ListSwitchPorts implements Tool<SiteScope> {
    private static final int MOST_PORTS = 2_000;
    private static final int MOST_CLIENTS = 1_000;
    private static final ToolDefinition DEFINITION = Schemas.list(
            "list_switch_ports",
            "List switch ports",
            "Switch ports: link, speed, neighbour, PoE, port profile; with `device`, also the client on each port.",
            "ports",
            JsonObject.of(
                    "device",
                    Schemas.DEVICE,
                    "site",
                    Schemas.SITE,
                    "port",
                    Schemas.text("one port, as `ge-0/0/7`"),
                    "up",
                    Schemas.flag("link state")));
    private static final List<String> UNTRUSTED =
            List.of("/ports/*/neighbor", "/ports/*/neighborPort", "/ports/*/client", "/ports/*/transceiver");

    private final Reader reader;

    /// A tool that reads through a reader.
    public ListSwitchPorts(Reader reader) {
        this.reader = reader;
    }

    @Override
    public ToolDefinition definition() {
        return DEFINITION;
    }

    @Override
    public ToolResult call(SiteScope scope, JsonObject arguments, Exchange exchange) throws InterruptedException {
        return reader.run(DEFINITION.name(), scope, arguments, ListSwitchPorts::answer);
    }

    private static ToolResult answer(ReadCall call) throws InterruptedException {
        var device = call.device();
        if (device.filter(found -> !found.type().equals("switch")).isPresent()) {
            throw new Refusal("not_a_switch", "this device is not a switch; only switches have switch ports");
        }
        var names = call.names();
        var clients = device.isPresent() ? clients(call, device.get()) : Map.<String, Clients>of();
        var port = call.text("port");
        var up = call.bool("up");
        Function<JsonObject, Optional<JsonObject>> row = object -> Optional.of(object)
                .filter(one -> port.isEmpty() || port.equals(one.string("port_id")))
                .filter(one -> up.isEmpty() || up.equals(one.bool("up")))
                .filter(one -> device.isEmpty()
                        || Row.mac(one, "mac").equals(Optional.of(device.get().mac())))
                .map(one -> row(one, names, clients));
        var listed = device.isPresent() && device.get().site().isPresent()
                ? call.slice(ofOne(call, device.get(), device.get().site().get(), row))
                : new Walk(
                                call.reading(),
                                call.sources(
                                        org -> filtered(call, Operations.searchOrgSwOrGwPorts(org, "switch")),
                                        site -> filtered(call, Operations.searchSiteSwOrGwPorts(site, "switch")),
                                        row),
                                Walk.Paging.SEARCH,
                                false)
                        .take(call.position(), call.limit());
        return call.listed("ports", listed, JsonObject.EMPTY, UNTRUSTED);
    }

    /// The ports of one switch in the order of their numbers.
    private static List<JsonObject> ofOne(
            ReadCall call, Device device, SiteId site, Function<JsonObject, Optional<JsonObject>> row)
            throws InterruptedException {
        var get = filtered(call, Operations.searchSiteSwOrGwPorts(site, "switch"))
                .with("mac", device.mac().digits());
        return call.reading().found(get, MOST_PORTS).stream()
                .flatMap(object -> row.apply(object).stream())
                .sorted(Comparator.comparing(
                        (JsonObject one) -> PortNames.sortKey(one.string("port").orElse(""))))
                .toList();
    }

    private static MistGet filtered(ReadCall call, MistGet get) {
        return get.withPresent("port_id", call.text("port"))
                .withPresent("up", call.bool("up").map(String::valueOf));
    }

    /// The clients that were last seen on a port.
    private record Clients(String newest, int count) {}

    private static Map<String, Clients> clients(ReadCall call, Device device) throws InterruptedException {
        var byPort = new HashMap<String, Clients>();
        if (device.site().isEmpty()) {
            return byPort;
        }
        var search = Operations.searchSiteWiredClients(device.site().get())
                .with("device_mac", device.mac().digits())
                .with("duration", "1d");
        for (var client : call.reading().found(search, MOST_CLIENTS)) {
            newest(client, device)
                    .ifPresent(port -> byPort.merge(
                            port,
                            new Clients(label(client), 1),
                            (old, one) -> new Clients(old.newest(), old.count() + 1)));
        }
        return byPort;
    }

    /// The port of this switch that a client was last seen on: Mist lists devices and ports side by side,
    /// newest last.
    private static Optional<String> newest(JsonObject client, Device device) {
        return Row.mac(client, "device_mac")
                .filter(device.mac()::equals)
                .flatMap(_ -> Row.of(client).take("port", "port_id").done().string("port"));
    }

    private static String label(JsonObject client) {
        var row = Row.of(client).take("name", "dhcp_hostname").mac("mac", "mac").done();
        return row.string("name").map(name -> name + " ").orElse("")
                + row.string("mac").orElse("");
    }

    private static JsonObject row(JsonObject port, Names names, Map<String, Clients> clients) {
        var on = Optional.ofNullable(clients.get(port.string("port_id").orElse("")));
        return Row.of(port)
                .set("device", names.device(Row.mac(port, "mac")))
                .take("port", "port_id")
                .take("up", "up")
                .take("speedMbps", "speed")
                .take("profile", "port_usage")
                .take("disabled", "disabled")
                .take("uplink", "uplink")
                .take("neighbor", "neighbor_system_name")
                .take("neighborPort", "neighbor_port_desc")
                .mac("neighborMac", "neighbor_mac")
                .set("client", on.map(Clients::newest))
                .set("clientCount", on.map(Clients::count))
                .take("macCount", "mac_count")
                .take("poeOn", "poe_on")
                .take("powerWatts", "power_draw")
                .take("authState", "auth_state")
                .take("stpState", "stp_state")
                .take("transceiver", "xcvr_model")
                .set("siteName", names.site(Names.siteOf(port)))
                .done();
    }
}

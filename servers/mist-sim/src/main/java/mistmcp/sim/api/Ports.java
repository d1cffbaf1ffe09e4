package mistmcp.sim.api;

import java.util.List;
import java.util.Optional;
import mistmcp.json.JsonObject;

/// The ports of switches and gateways: link, neighbour, power. What the configuration decides (usage, shut
/// down, power over Ethernet) is worked out from it, so that a write shows here at once.
final class Ports {
    private static final String[] SEARCHABLE = {
        "auth_state",
        "full_duplex",
        "mac",
        "neighbor_mac",
        "neighbor_port_desc",
        "neighbor_system_name",
        "poe_disabled",
        "poe_mode",
        "poe_on",
        "poe_priority",
        "port_id",
        "port_mac",
        "speed",
        "stp_state",
        "stp_role",
        "up",
        "xcvr_part_number"
    };

    private final Cloud cloud;
    private final Endpoint at;

    Ports(Cloud cloud, Endpoint at) {
        this.cloud = cloud;
        this.at = at;
    }

    List<Operation> operations() {
        return List.of(
                Operation.get("searchOrgSwOrGwPorts", "/orgs/{org_id}/stats/ports/search", this::search),
                Operation.get("countOrgSwOrGwPorts", "/orgs/{org_id}/stats/ports/count", this::count),
                Operation.get(
                        "searchSiteSwOrGwPorts",
                        "/sites/{site_id}/stats/ports/search",
                        at.site((call, _) -> search(call))),
                Operation.get(
                        "countSiteSwOrGwPorts",
                        "/sites/{site_id}/stats/ports/count",
                        at.site((call, _) -> count(call))));
    }

    private Answer search(Call call) {
        var type = call.query("device_type").filter(wanted -> !wanted.equals("all"));
        var rows = rows(call).stream()
                .filter(row -> type.isEmpty() || row.string("type").equals(type))
                .toList();
        return at.listing(call).search(at.filtered(call, rows, SEARCHABLE));
    }

    private Answer count(Call call) {
        return at.listing(call).countBy(at.filtered(call, at.filtered(call, rows(call), SEARCHABLE), "site_id"), "mac");
    }

    private List<JsonObject> rows(Call call) {
        var siteId = Optional.ofNullable(call.parts().get("site_id"));
        var settings = new PortSetting(cloud);
        return cloud.rows(Table.DEVICES).stream()
                .filter(device -> Cloud.siteOf(device).isPresent()
                        && (siteId.isEmpty() || Cloud.siteOf(device).equals(siteId)))
                .flatMap(device -> cloud.rows(Table.PORTS).stream()
                        .filter(port -> port.string("mac").equals(device.string("mac")))
                        .map(port -> live(device, port, settings)))
                .toList();
    }

    private JsonObject live(JsonObject device, JsonObject port, PortSetting settings) {
        var setting = settings.of(device, port.string("port_id").orElseThrow());
        boolean disabled = settings.disabled(device, setting);
        boolean poeDisabled = setting.bool("poe_disabled").orElse(false);
        var row = port.with("org_id", cloud.orgId())
                .withPresent("site_id", Cloud.siteOf(device))
                .withPresent("type", device.string("type"))
                .withPresent("port_usage", setting.string("usage"))
                .with("disabled", disabled)
                .with("poe_disabled", poeDisabled)
                .without("timestamp");
        if (disabled) {
            row = row.with("up", false)
                    .with("active", false)
                    .with("stp_state", "disabled")
                    .without("neighbor_mac", "neighbor_system_name", "neighbor_port_desc");
        }
        return disabled || poeDisabled ? row.with("poe_on", false).without("power_draw") : row;
    }
}

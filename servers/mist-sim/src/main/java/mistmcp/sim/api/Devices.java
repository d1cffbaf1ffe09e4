package mistmcp.sim.api;

import java.util.List;
import java.util.Optional;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonString;

/// Devices: configuration, local port overrides, search, inventory, statistics.
final class Devices {
    private static final String[] SEARCHABLE = {
        "hostname",
        "mac",
        "model",
        "version",
        "ip",
        "ext_ip",
        "site_id",
        "last_hostname",
        "last_config_status",
        "lldp_system_name",
        "lldp_system_desc",
        "lldp_port_id",
        "lldp_mgmt_addr"
    };

    private final Cloud cloud;
    private final Endpoint at;
    private final DeviceRows shown;

    Devices(Cloud cloud, Endpoint at) {
        this.cloud = cloud;
        this.at = at;
        this.shown = new DeviceRows(cloud);
    }

    List<Operation> operations() {
        return List.of(
                Operation.get("listOrgDevices", "/orgs/{org_id}/devices", _ -> names()),
                Operation.get("searchOrgDevices", "/orgs/{org_id}/devices/search", this::search),
                Operation.get(
                        "countOrgDevices",
                        "/orgs/{org_id}/devices/count",
                        call -> at.listing(call).countBy(found(call, "type"), "model")),
                Operation.get("listSiteDevices", "/sites/{site_id}/devices", at.site(this::list)),
                Operation.get(
                        "searchSiteDevices", "/sites/{site_id}/devices/search", at.site((call, _) -> search(call))),
                Operation.get(
                        "countSiteDevices",
                        "/sites/{site_id}/devices/count",
                        at.site((call, _) -> at.listing(call)
                                .countBy(
                                        at.filtered(
                                                call,
                                                assigned(call).stream()
                                                        .map(shown::found)
                                                        .toList(),
                                                SEARCHABLE),
                                        "model"))),
                Operation.get(
                        "getSiteDevice",
                        "/sites/{site_id}/devices/{device_id}",
                        at.device((_, device) -> Answer.ok(device(device)))),
                Operation.put("updateSiteDevice", "/sites/{site_id}/devices/{device_id}", at.device(this::update)),
                Operation.put(
                        "updateSiteLocalSwitchPortConfig",
                        "/sites/{site_id}/devices/{device_id}/local_port_config",
                        at.device(this::setLocal)),
                Operation.delete(
                        "deleteSiteLocalSwitchPortConfig",
                        "/sites/{site_id}/devices/{device_id}/local_port_config",
                        at.device(this::clearLocal)),
                Operation.get("listOrgDevicesStats", "/orgs/{org_id}/stats/devices", this::stats),
                Operation.get(
                        "listSiteDevicesStats", "/sites/{site_id}/stats/devices", at.site((call, _) -> stats(call))),
                Operation.get(
                        "getSiteDeviceStats",
                        "/sites/{site_id}/stats/devices/{device_id}",
                        at.device((_, device) -> Answer.ok(shown.stats(device)))),
                Operation.get("listOrgAvailableDeviceVersions", "/orgs/{org_id}/devices/versions", this::versions),
                Operation.get(
                        "listSiteAvailableDeviceVersions",
                        "/sites/{site_id}/devices/versions",
                        at.site((call, _) -> versions(call))));
    }

    private Answer names() {
        return Answer.ok(JsonObject.of(
                "results",
                JsonArray.ofAll(cloud.rows(Table.DEVICES).stream()
                        .filter(device -> Cloud.siteOf(device).isPresent())
                        .map(device -> JsonObject.of("mac", device.string("mac"), "name", device.string("name")))
                        .toList())));
    }

    /// The devices with a site: all, or those of the site in the path.
    private List<JsonObject> assigned(Call call) {
        return at.rows(Table.DEVICES, Optional.ofNullable(call.parts().get("site_id"))).stream()
                .filter(device -> Cloud.siteOf(device).isPresent())
                .toList();
    }

    private List<JsonObject> found(Call call, String parameter) {
        var rows = at.ofType(call, parameter, "type", assigned(call)).stream()
                .map(shown::found)
                .toList();
        return at.filtered(call, rows, SEARCHABLE);
    }

    private Answer search(Call call) {
        return at.listing(call).search(found(call, "type"));
    }

    private Answer list(Call call, JsonObject site) {
        var rows = at.ofType(call, "type", "type", at.rows(Table.DEVICES, site.string("id"))).stream()
                .map(this::device)
                .toList();
        return at.listing(call).page(at.filtered(call, rows, "name"));
    }

    /// The configuration of a device, with its local overrides.
    private JsonObject device(JsonObject device) {
        return device.without("magic")
                .withPresent(
                        "local_port_config",
                        cloud.row(Table.LOCAL_PORT_CONFIG, device.string("id").orElseThrow())
                                .flatMap(row -> row.object("ports")));
    }

    private Answer update(Call call, JsonObject device) {
        var sent = call.object();
        if (sent.isEmpty()) {
            return Answer.detail(400, "the body must be an object with at least one attribute");
        }
        if (sent.has("port_config") && device.string("type").equals(Optional.of("switch"))) {
            var fault = portFault(sent.object("port_config").orElse(JsonObject.EMPTY));
            if (fault.isPresent()) {
                return Answer.detail(400, "port_config: " + fault.get());
            }
        }
        var after = cloud.touched(Update.apply(device, sent.without("local_port_config"), cloud.quirks()));
        cloud.put(Table.DEVICES, after);
        audit(call, device, after, "Update Device");
        return Answer.changed(device(after));
    }

    private Answer setLocal(Call call, JsonObject device) {
        var sent = call.object();
        var fault = portFault(sent);
        if (fault.isPresent()) {
            return Answer.detail(400, "local_port_config: " + fault.get());
        }
        var id = device.string("id").orElseThrow();
        var before = cloud.row(Table.LOCAL_PORT_CONFIG, id)
                .flatMap(row -> row.object("ports"))
                .orElse(JsonObject.EMPTY);
        var after = cloud.quirks().has(Quirk.LOCAL_PORT_CONFIG_REPLACED) ? sent : before.withAll(sent);
        cloud.put(Table.LOCAL_PORT_CONFIG, JsonObject.of("id", id, "ports", after));
        audit(call, before, after, "Update Local Port Config of Device", device);
        return at.changed();
    }

    private Answer clearLocal(Call call, JsonObject device) {
        var id = device.string("id").orElseThrow();
        var before = cloud.row(Table.LOCAL_PORT_CONFIG, id).orElse(JsonObject.EMPTY);
        cloud.remove(Table.LOCAL_PORT_CONFIG, id);
        audit(call, before, JsonObject.EMPTY, "Delete Local Port Config of Device", device);
        return at.changed();
    }

    /// The document requires `usage` for each port.
    private static Optional<String> portFault(JsonObject ports) {
        return ports.members().entrySet().stream()
                .filter(entry -> !(entry.getValue() instanceof JsonObject port
                        && port.get("usage").orElse(null) instanceof JsonString))
                .map(entry -> "usage is required for " + entry.getKey())
                .findFirst();
    }

    private void audit(Call call, JsonObject before, JsonObject after, String verb) {
        audit(call, before, after, verb, after);
    }

    private void audit(Call call, JsonObject before, JsonObject after, String verb, JsonObject device) {
        cloud.audit(
                call.caller(),
                verb + " \"" + device.string("name").orElse("") + "\"",
                Cloud.siteOf(device),
                before,
                after);
    }

    private Answer stats(Call call) {
        var rows = at.ofType(call, "type", "type", assigned(call)).stream()
                .map(shown::stats)
                .toList();
        var status = call.query("status").filter(wanted -> !wanted.equals("all"));
        var some = rows.stream()
                .filter(row -> status.isEmpty() || row.string("status").equals(status))
                .toList();
        return at.listing(call).page(at.filtered(call, some, "site_id", "mac"));
    }

    private Answer versions(Call call) {
        var rows = at.ofType(call, "type", "type", cloud.rows(Table.DEVICE_VERSIONS));
        return at.listing(call)
                .all(at.filtered(call, rows, "model").stream()
                        .map(row -> row.without("type"))
                        .toList());
    }
}

package mistmcp.sim.api;

import java.util.ArrayList;
import java.util.List;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;

/// Who the token belongs to, and the organisation as a whole.
final class Organisation {
    private final Cloud cloud;
    private final Endpoint at;
    private final DeviceRows devices;

    Organisation(Cloud cloud, Endpoint at) {
        this.cloud = cloud;
        this.at = at;
        this.devices = new DeviceRows(cloud);
    }

    List<Operation> operations() {
        return List.of(
                Operation.get("getSelf", "/self", this::self),
                Operation.get("getOrg", "/orgs/{org_id}", _ -> Answer.ok(cloud.org())),
                Operation.get("getOrgStats", "/orgs/{org_id}/stats", _ -> stats()),
                Operation.get("getOrgSettings", "/orgs/{org_id}/setting", at.row(Table.ORG_SETTING, "org_id")),
                Operation.get("listOrgSiteGroups", "/orgs/{org_id}/sitegroups", at.page(Table.SITE_GROUPS)),
                Operation.get(
                        "listOrgTickets",
                        "/orgs/{org_id}/tickets",
                        call -> at.listing(call).all(cloud.rows(Table.TICKETS))));
    }

    private Answer self(Call call) {
        var privilege = JsonObject.of(
                "scope",
                "org",
                "role",
                call.caller().role(),
                "org_id",
                cloud.orgId(),
                "org_name",
                cloud.org().string("name"),
                "name",
                cloud.org().string("name"));
        if (cloud.quirks().has(Quirk.OPEN_ENUMS)) {
            privilege = privilege.with("views", List.of("org_admin"));
        }
        return Answer.ok(
                JsonObject.of("name", call.caller().name(), "tags", List.of(), "privileges", JsonArray.of(privilege)));
    }

    private Answer stats() {
        var assigned = new ArrayList<JsonObject>();
        long connected = 0;
        for (var device : cloud.rows(Table.DEVICES)) {
            if (Cloud.siteOf(device).isPresent()) {
                assigned.add(device);
                connected += devices.connected(device) ? 1 : 0;
            }
        }
        var org = cloud.org();
        return Answer.ok(JsonObject.of(
                "id",
                cloud.orgId(),
                "name",
                org.string("name"),
                "msp_id",
                org.get("msp_id"),
                "alarmtemplate_id",
                org.get("alarmtemplate_id"),
                "allow_mist",
                org.bool("allow_mist").orElse(true),
                "created_time",
                org.get("created_time"),
                "modified_time",
                org.get("modified_time"),
                "session_expiry",
                1440,
                "num_sites",
                cloud.rows(Table.SITES).size(),
                "num_inventory",
                cloud.rows(Table.DEVICES).size(),
                "num_devices",
                assigned.size(),
                "num_devices_connected",
                connected,
                "num_devices_disconnected",
                assigned.size() - connected,
                "sle",
                JsonArray.EMPTY));
    }
}

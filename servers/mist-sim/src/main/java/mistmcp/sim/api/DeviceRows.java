package mistmcp.sim.api;

import java.util.List;
import java.util.Optional;
import mistmcp.json.JsonObject;

/// Devices and their statistics put together, as inventory, search and statistics show them.
final class DeviceRows {
    private final Cloud cloud;

    DeviceRows(Cloud cloud) {
        this.cloud = cloud;
    }

    /// What the devices report about themselves, with the names that their configuration gives them.
    JsonObject stats(JsonObject device) {
        var own = JsonObject.EMPTY;
        for (var name : List.of("id", "mac", "serial", "model", "type", "name", "org_id", "site_id", "notes")) {
            own = own.withPresent(name, device.get(name));
        }
        own = own.withPresent("created_time", device.get("created_time"))
                .withPresent("modified_time", device.get("modified_time"));
        own = device.string("type").equals(Optional.of("ap")) ? own : own.without("notes");
        return raw(device).without("last_disconnected").withAll(own);
    }

    boolean connected(JsonObject device) {
        return raw(device).string("status").equals(Optional.of("connected"));
    }

    /// A device of the inventory.
    JsonObject inventory(JsonObject device) {
        var row = JsonObject.EMPTY;
        for (var name :
                List.of("id", "mac", "serial", "model", "type", "name", "org_id", "created_time", "modified_time")) {
            row = row.withPresent(name, device.get(name));
        }
        return row.with("site_id", device.string("site_id").orElse(""))
                .with("hostname", device.string("name").orElse(""))
                .with("sku", device.string("model").orElse(""))
                .with("magic", device.string("magic").orElse(""))
                .with("hw_rev", "A1")
                .with("adopted", false)
                .with("connected", connected(device))
                .withPresent("last_disconnected", raw(device).get("last_disconnected"))
                .withPresent("vc_mac", device.get("vc_mac"))
                .withPresent("deployment_ring", device.get("deployment_ring"));
    }

    /// A device as the inventory search shows it.
    JsonObject inventoryFound(JsonObject device) {
        var row = inventory(device);
        return JsonObject.EMPTY
                .withPresent("mac", row.get("mac"))
                .withPresent("model", row.get("model"))
                .withPresent("name", row.get("name"))
                .withPresent("org_id", row.get("org_id"))
                .withPresent("serial", row.get("serial"))
                .withPresent("site_id", Cloud.siteOf(device))
                .withPresent("sku", row.get("sku"))
                .withPresent("magic", row.get("magic"))
                .withPresent("type", row.get("type"))
                .withPresent("version", raw(device).get("version"))
                .with("status", raw(device).string("status").orElse("disconnected"));
    }

    /// A device as the device search shows it.
    JsonObject found(JsonObject device) {
        var raw = raw(device);
        var row = JsonObject.EMPTY
                .withPresent("type", device.get("type"))
                .withPresent("mac", device.get("mac"))
                .withPresent("model", device.get("model"))
                .withPresent("org_id", device.get("org_id"))
                .withPresent("site_id", device.get("site_id"))
                .with("hostname", List.of(device.string("name").orElse("")))
                .with("last_hostname", device.string("name").orElse(""))
                .withPresent("ip", raw.get("ip"))
                .withPresent("ext_ip", raw.get("ext_ip"))
                .withPresent("version", raw.get("version"))
                .withPresent("uptime", raw.get("uptime"))
                .withPresent("timestamp", raw.get("last_seen"));
        if (!device.string("type").equals(Optional.of("ap"))) {
            return row.with("managed", true)
                    .with("mist_configured", true)
                    .with("last_config_status", raw.string("config_status").orElse("CONFIGURED"))
                    .withPresent("role", device.get("role"))
                    .withPresent("deployment_ring", device.get("deployment_ring"));
        }
        var lldp = raw.object("lldp_stat").orElse(JsonObject.EMPTY);
        return row.without("type")
                .withPresent("lldp_system_name", lldp.get("system_name"))
                .withPresent("lldp_system_desc", lldp.get("system_desc"))
                .withPresent("lldp_port_id", lldp.get("port_id"))
                .withPresent("lldp_port_desc", lldp.get("port_desc"))
                .withPresent("lldp_mgmt_addr", lldp.get("mgmt_addr"))
                .with("power_constrained", false)
                .with("power_opmode", "802.3at")
                .with("mxtunnel_status", "down")
                .with("wlans", List.of())
                .withPresent("deployment_ring", device.get("deployment_ring"));
    }

    private JsonObject raw(JsonObject device) {
        return device.string("id")
                .flatMap(id -> cloud.row(Table.DEVICE_STATS, id))
                .orElse(JsonObject.EMPTY);
    }
}

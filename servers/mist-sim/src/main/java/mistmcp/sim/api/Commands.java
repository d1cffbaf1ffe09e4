package mistmcp.sim.api;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;

/// Commands to devices. They leave a device event and an audit line; nothing else of the state follows them,
/// but bouncing a port moves the time of its last flap and restarting a device resets its uptime.
final class Commands {
    private final Cloud cloud;
    private final Endpoint at;

    Commands(Cloud cloud, Endpoint at) {
        this.cloud = cloud;
        this.at = at;
    }

    List<Operation> operations() {
        return List.of(
                Operation.post("bounceDevicePort", path("bounce_port"), at.device(this::bounce)),
                Operation.post(
                        "cableTestFromSwitch",
                        path("cable_test"),
                        at.device((call, device) -> call.object().string("port").isPresent()
                                ? session(call, device, "Cable Test")
                                : Answer.detail(400, "port is required"))),
                Operation.post("restartSiteDevice", path("restart"), at.device((call, device) -> {
                    restart(call, device);
                    return at.changed();
                })),
                Operation.post(
                        "restartSiteMultipleDevices",
                        "/sites/{site_id}/devices/restart",
                        at.site(this::restartSeveral)),
                Operation.post("pollSiteSwitchStats", path("poll_stats"), at.device((_, _) -> at.changed())),
                Operation.post(
                        "clearBpduErrorsFromPortsOnSwitch",
                        path("clear_bpdu_error"),
                        at.device((call, device) -> ports(call, device, "Clear BPDU Error"))),
                Operation.post(
                        "clearAllLearnedMacsFromPortOnSwitch",
                        path("clear_macs"),
                        at.device((call, device) -> ports(call, device, "Clear MACs"))),
                Operation.post(
                        "clearSiteDeviceDot1xSession",
                        path("clear_dot1x"),
                        at.device((call, device) -> session(call, device, "Clear 802.1X"))),
                Operation.post(
                        "startSiteLocateDevice",
                        path("locate"),
                        at.device((call, device) -> done(call, device, "Locate"))),
                Operation.post(
                        "stopSiteLocateDevice",
                        path("unlocate"),
                        at.device((call, device) -> done(call, device, "Unlocate"))));
    }

    private static String path(String command) {
        return "/sites/{site_id}/devices/{device_id}/" + command;
    }

    private Answer bounce(Call call, JsonObject device) {
        var ports = call.object().array("ports").map(JsonArray::strings).orElse(List.of());
        if (ports.isEmpty() || ports.stream().anyMatch(port -> port.matches("(vme|ae|irb).*"))) {
            return Answer.detail(400, "ports is required and takes physical ports only");
        }
        for (var port : ports) {
            cloud.row(Table.PORTS, device.string("mac").orElse("") + " " + port)
                    .ifPresent(row -> cloud.put(Table.PORTS, row.with("last_flapped", cloud.now())));
        }
        return done(call, device, "Bounce Ports " + String.join(", ", ports) + " of");
    }

    private Answer ports(Call call, JsonObject device, String verb) {
        return call.object().array("ports").filter(ports -> !ports.isEmpty()).isPresent()
                ? done(call, device, verb)
                : Answer.detail(400, "ports is required");
    }

    private Answer restartSeveral(Call call, JsonObject site) {
        var ids = call.object().array("device_ids").map(JsonArray::strings).orElse(List.of());
        if (ids.isEmpty()) {
            return Answer.detail(400, "device_ids is required");
        }
        ids.stream()
                .flatMap(id -> cloud.row(Table.DEVICES, id).stream())
                .filter(device -> device.string("site_id").equals(site.string("id")))
                .forEach(device -> restart(call, device));
        return at.changed();
    }

    private void restart(Call call, JsonObject device) {
        cloud.row(Table.DEVICE_STATS, device.string("id").orElseThrow())
                .ifPresent(stats -> cloud.put(Table.DEVICE_STATS, stats.with("uptime", 0)));
        var type = device.string("type").orElse("ap");
        var event = switch (type) {
            case "switch" -> "SW_RESTARTED";
            case "gateway" -> "GW_RESTARTED";
            default -> "AP_RESTARTED";
        };
        cloud.put(
                Table.DEVICE_EVENTS,
                JsonObject.of(
                                "org_id",
                                cloud.orgId(),
                                "timestamp",
                                cloud.now(),
                                "type",
                                event,
                                "device_type",
                                type,
                                "reason",
                                "restarted by an administrator")
                        .withPresent("site_id", device.get("site_id"))
                        .withPresent("mac", device.get("mac"))
                        .withPresent("model", device.get("model"))
                        .withPresent("device_name", device.get("name")));
        done(call, device, "Restart");
    }

    private Answer done(Call call, JsonObject device, String verb) {
        cloud.audit(
                call.caller(),
                verb + " Device \"" + device.string("name").orElse("") + "\"",
                Cloud.siteOf(device),
                JsonObject.EMPTY,
                call.object());
        return at.changed();
    }

    private Answer session(Call call, JsonObject device, String verb) {
        done(call, device, verb);
        var id = UUID.nameUUIDFromBytes((verb + cloud.now()).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        return Answer.changed(JsonObject.of("session", Optional.of(id.toString())));
    }
}

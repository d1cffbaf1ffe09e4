package mistmcp.sim.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;

/// What the organisation owns, with and without a site.
final class Inventory {
    private final Cloud cloud;
    private final Endpoint at;
    private final DeviceRows shown;

    Inventory(Cloud cloud, Endpoint at) {
        this.cloud = cloud;
        this.at = at;
        this.shown = new DeviceRows(cloud);
    }

    List<Operation> operations() {
        return List.of(
                Operation.get("getOrgInventory", "/orgs/{org_id}/inventory", this::list),
                Operation.put("updateOrgInventoryAssignment", "/orgs/{org_id}/inventory", this::assign),
                Operation.get(
                        "searchOrgInventory",
                        "/orgs/{org_id}/inventory/search",
                        call -> at.listing(call).search(found(call))),
                Operation.get(
                        "countOrgInventory",
                        "/orgs/{org_id}/inventory/count",
                        call -> at.listing(call).countBy(found(call), "model")));
    }

    private Answer list(Call call) {
        boolean unassigned = !call.query("unassigned").equals(Optional.of("false"));
        var rows = cloud.rows(Table.DEVICES).stream()
                .filter(device -> unassigned || Cloud.siteOf(device).isPresent())
                .map(shown::inventory)
                .toList();
        return at.listing(call).page(at.filtered(call, rows, "serial", "model", "type", "mac", "site_id", "vc_mac"));
    }

    private List<JsonObject> found(Call call) {
        var rows = at.ofType(call, "type", "type", cloud.rows(Table.DEVICES)).stream()
                .map(shown::inventoryFound)
                .toList();
        return at.filtered(
                call, rows, "mac", "model", "name", "site_id", "serial", "magic", "sku", "version", "status", "text");
    }

    private Answer assign(Call call) {
        var sent = call.object();
        var op = sent.string("op").orElse("");
        var macs = sent.array("macs").map(JsonArray::strings).orElse(List.of());
        if (!List.of("assign", "unassign").contains(op)) {
            return Answer.detail(400, "op must be assign or unassign");
        }
        var site = sent.string("site_id").flatMap(id -> cloud.row(Table.SITES, id));
        if (op.equals("assign") && site.isEmpty()) {
            return Answer.detail(400, "site_id is required and must be a site of this org");
        }
        boolean keep = sent.bool("no_reassign").orElse(false);
        var done = new ArrayList<String>();
        var failed = new ArrayList<String>();
        var reasons = new ArrayList<String>();
        for (var mac : macs) {
            var device = cloud.rows(Table.DEVICES).stream()
                    .filter(row -> row.string("mac").equals(Optional.of(Macs.plain(mac))))
                    .findFirst();
            if (device.isEmpty()) {
                failed.add(mac);
                reasons.add("not in the inventory");
            } else if (op.equals("assign") && keep && Cloud.siteOf(device.get()).isPresent()) {
                failed.add(mac);
                reasons.add("assigned to a site already");
            } else {
                move(
                        call,
                        device.get(),
                        op.equals("assign") ? site.flatMap(found -> found.string("id")) : Optional.empty());
                done.add(mac);
            }
        }
        var body = JsonObject.of("op", op, "success", done, "error", failed, "reason", reasons);
        return done.isEmpty() ? Answer.ok(body) : Answer.changed(body);
    }

    private void move(Call call, JsonObject device, Optional<String> siteId) {
        var after =
                cloud.touched(siteId.isPresent() ? device.with("site_id", siteId.get()) : device.without("site_id"));
        cloud.put(Table.DEVICES, after);
        cloud.audit(
                call.caller(),
                (siteId.isPresent() ? "Assign" : "Unassign") + " Device \""
                        + device.string("name").orElse("") + "\"",
                siteId.or(() -> Cloud.siteOf(device)),
                device,
                after);
    }
}

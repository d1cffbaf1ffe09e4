package mistmcp.sim.api;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;

/// Alarms: search, count, acknowledge one, several or all, and take that back.
final class Alarms {
    private static final int MOST_IDS = 1000;

    private final Cloud cloud;
    private final Endpoint at;

    Alarms(Cloud cloud, Endpoint at) {
        this.cloud = cloud;
        this.at = at;
    }

    List<Operation> operations() {
        return List.of(
                Operation.get(
                        "searchOrgAlarms",
                        "/orgs/{org_id}/alarms/search",
                        at.search(Table.ALARMS, "site_id", "group", "severity", "type", "ack_admin_name", "acked")),
                Operation.get("countOrgAlarms", "/orgs/{org_id}/alarms/count", at.count(Table.ALARMS, "type")),
                Operation.get(
                        "searchSiteAlarms",
                        "/sites/{site_id}/alarms/search",
                        at.search(Table.ALARMS, "group", "severity", "type", "ack_admin_name", "acked")),
                Operation.get(
                        "countSiteAlarms",
                        "/sites/{site_id}/alarms/count",
                        at.count(Table.ALARMS, "type", "ack_admin_name", "acked", "type", "severity", "group")),
                Operation.post("ackOrgMultipleAlarms", "/orgs/{org_id}/alarms/ack", call -> several(call, true)),
                Operation.post("unackOrgMultipleAlarms", "/orgs/{org_id}/alarms/unack", call -> several(call, false)),
                Operation.post("ackOrgAllAlarms", "/orgs/{org_id}/alarms/ack_all", call -> all(call, true)),
                Operation.post("unackOrgAllAlarms", "/orgs/{org_id}/alarms/unack_all", call -> all(call, false)),
                Operation.post("ackOrgAlarm", "/orgs/{org_id}/alarms/{alarm_id}/ack", call -> one(call, true)),
                Operation.post(
                        "AckSiteMultipleAlarms", "/sites/{site_id}/alarms/ack", atSite(call -> several(call, true))),
                Operation.post(
                        "unackSiteMultipleAlarms",
                        "/sites/{site_id}/alarms/unack",
                        atSite(call -> several(call, false))),
                Operation.post("ackSiteAllAlarms", "/sites/{site_id}/alarms/ack_all", atSite(call -> all(call, true))),
                Operation.post(
                        "unackSiteAllAlarms", "/sites/{site_id}/alarms/unack_all", atSite(call -> all(call, false))),
                Operation.post(
                        "ackSiteAlarm", "/sites/{site_id}/alarms/{alarm_id}/ack", atSite(call -> one(call, true))),
                Operation.post(
                        "unackSiteAlarm", "/sites/{site_id}/alarms/{alarm_id}/unack", atSite(call -> one(call, false))),
                Operation.post("suppressOrgAlarm", "/orgs/{org_id}/alarmtemplates/suppress", this::suppress));
    }

    private Function<Call, Answer> atSite(Function<Call, Answer> handler) {
        return at.site((call, _) -> handler.apply(call));
    }

    private List<JsonObject> alarms(Call call) {
        return at.rows(Table.ALARMS, Optional.ofNullable(call.parts().get("site_id")));
    }

    private Answer several(Call call, boolean ack) {
        var ids = call.object().array("alarm_ids").map(JsonArray::strings).orElse(List.of());
        if (ids.isEmpty()) {
            return Answer.detail(400, "alarm_ids is required");
        }
        if (ids.size() > MOST_IDS) {
            return Answer.detail(400, "alarm_ids has more than 1000 ids");
        }
        return set(
                call,
                ack,
                alarms(call).stream()
                        .filter(alarm -> ids.contains(alarm.string("id").orElse("")))
                        .toList());
    }

    private Answer one(Call call, boolean ack) {
        var id = call.part("alarm_id");
        var found = alarms(call).stream()
                .filter(alarm -> alarm.string("id").equals(Optional.of(id)))
                .toList();
        return found.isEmpty() ? at.missing(id) : set(call, ack, found);
    }

    private Answer all(Call call, boolean ack) {
        if (!cloud.quirks().has(Quirk.ACK_ALL)) {
            return at.missing("ack_all");
        }
        return set(call, ack, alarms(call));
    }

    private Answer set(Call call, boolean ack, List<JsonObject> alarms) {
        var note = call.object().string("note");
        for (var alarm : alarms) {
            var after = ack
                    ? alarm.with("acked", true)
                            .with("acked_time", cloud.now())
                            .with("ack_admin_name", call.caller().name())
                            .with("ack_admin_id", call.caller().adminId())
                    : alarm.with("acked", false).without("acked_time", "ack_admin_name", "ack_admin_id");
            cloud.put(Table.ALARMS, after.withPresent("note", note));
        }
        cloud.audit(
                call.caller(),
                (ack ? "Acknowledge " : "Unacknowledge ") + alarms.size() + " Alarms",
                Optional.ofNullable(call.parts().get("site_id")),
                JsonObject.EMPTY,
                call.object());
        return at.changed();
    }

    private Answer suppress(Call call) {
        cloud.put(Table.SUPPRESSIONS, call.object());
        cloud.audit(call.caller(), "Suppress Alarms", Optional.empty(), JsonObject.EMPTY, call.object());
        return at.changed();
    }
}

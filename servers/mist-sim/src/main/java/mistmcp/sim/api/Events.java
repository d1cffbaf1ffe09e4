package mistmcp.sim.api;

import java.util.List;
import mistmcp.json.JsonObject;

/// What devices and administrators did: device events, configuration history, audit log.
final class Events {
    private final Cloud cloud;
    private final Endpoint at;

    Events(Cloud cloud, Endpoint at) {
        this.cloud = cloud;
        this.at = at;
    }

    List<Operation> operations() {
        return List.of(
                Operation.get(
                        "searchOrgDeviceEvents",
                        "/orgs/{org_id}/devices/events/search",
                        call -> at.listing(call)
                                .search(at.listing(call)
                                        .within(at.filtered(
                                                call,
                                                at.ofType(
                                                        call,
                                                        "device_type",
                                                        "device_type",
                                                        cloud.rows(Table.DEVICE_EVENTS)),
                                                "mac",
                                                "model",
                                                "text",
                                                "type")))),
                Operation.get(
                        "countOrgDeviceEvents",
                        "/orgs/{org_id}/devices/events/count",
                        at.count(Table.DEVICE_EVENTS, "model", "site_id", "ap", "apfw", "model", "text", "type")),
                Operation.get(
                        "searchSiteDeviceEvents",
                        "/sites/{site_id}/devices/events/search",
                        at.search(Table.DEVICE_EVENTS, "mac", "model", "text", "type")),
                Operation.get(
                        "countSiteDeviceEvents",
                        "/sites/{site_id}/devices/events/count",
                        at.count(Table.DEVICE_EVENTS, "model", "model", "type", "type_code")),
                Operation.get(
                        "searchSiteDeviceConfigHistory",
                        "/sites/{site_id}/devices/config_history/search",
                        at.site((call, site) ->
                                history(call, "type", at.rows(Table.CONFIG_HISTORY, site.string("id"))))),
                Operation.get(
                        "searchSiteDeviceLastConfigs",
                        "/sites/{site_id}/devices/last_config/search",
                        at.site((call, site) ->
                                history(call, "device_type", at.rows(Table.CONFIG_HISTORY, site.string("id"))))),
                Operation.get(
                        "searchOrgDeviceLastConfigs",
                        "/orgs/{org_id}/devices/last_config/search",
                        call -> history(call, "device_type", cloud.rows(Table.CONFIG_HISTORY))),
                Operation.get("listOrgAuditLogs", "/orgs/{org_id}/logs/search", this::logs),
                Operation.get(
                        "countOrgAuditLogs",
                        "/orgs/{org_id}/logs/count",
                        at.count(Table.AUDIT_LOGS, "admin_name", "admin_id", "admin_name", "site_id", "message")));
    }

    private Answer history(Call call, String parameter, List<JsonObject> rows) {
        var some = at.filtered(call, at.ofType(call, parameter, "device_type", rows), "mac", "version", "name").stream()
                .map(row -> row.without("device_type", "mac", "site_id", "name"))
                .toList();
        return at.listing(call).search(at.listing(call).within(some));
    }

    /// The audit log is paged by number, and its answer is an object all the same.
    private Answer logs(Call call) {
        var rows = at.listing(call)
                .within(at.filtered(call, cloud.rows(Table.AUDIT_LOGS), "site_id", "admin_name", "message"));
        var answer = at.listing(call).numbered(rows.reversed());
        return answer.status() == 200 && answer.body().orElse(null) instanceof JsonObject body
                ? Answer.ok(body.without("page"))
                : answer;
    }
}

package mistmcp.sim.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonValue;

/// Service levels: how many of the users' minutes were good, by site and metric (0 to 1).
final class Sle {
    private static final int INTERVAL = 3600;
    private static final String METRIC = "/sites/{site_id}/sle/{scope}/{scope_id}/metric/{metric}/";

    private final Cloud cloud;
    private final Endpoint at;

    Sle(Cloud cloud, Endpoint at) {
        this.cloud = cloud;
        this.at = at;
    }

    List<Operation> operations() {
        return List.of(
                Operation.get("getOrgSitesSle", "/orgs/{org_id}/insights/sites-sle", this::sites),
                Operation.get(
                        "listSiteSlesMetrics",
                        "/sites/{site_id}/sle/{scope}/{scope_id}/metrics",
                        at.site((_, site) ->
                                Answer.ok(JsonObject.of("enabled", metrics(site), "supported", metrics(site))))),
                Operation.get("getSiteSleSummaryTrend", METRIC + "summary-trend", at.site(this::trend)),
                Operation.get("getSiteSleSummary", METRIC + "summary", at.site(this::summary)),
                Operation.get(
                        "listSiteSleImpactedAps",
                        METRIC + "impacted-aps",
                        at.site((call, site) -> impacted(call, "aps", devices(site, "ap", "ap_mac")))),
                Operation.get(
                        "listSiteSleImpactedSwitches",
                        METRIC + "impacted-switches",
                        at.site((call, site) -> impacted(call, "switches", devices(site, "switch", "switch_mac")))),
                Operation.get(
                        "listSiteSleImpactedWirelessClients",
                        METRIC + "impacted-users",
                        at.site((call, site) -> impacted(call, "users", users(site)))),
                Operation.get(
                        "listSiteSleImpactedWiredClients",
                        METRIC + "impacted-clients",
                        at.site((call, site) -> impacted(call, "clients", wired(site)))));
    }

    private Answer sites(Call call) {
        var kind = call.query("sle").orElse("wifi");
        var rows = new ArrayList<JsonObject>();
        for (var row : cloud.rows(Table.SLE)) {
            row.object(kind)
                    .ifPresent(values -> rows.add(
                            JsonObject.of("site_id", row.string("site_id")).withAll(values)));
        }
        var answer = at.listing(call).numbered(rows);
        return answer.body().isPresent() && answer.body().get() instanceof JsonObject body && answer.status() == 200
                ? Answer.ok(body.with("interval", INTERVAL))
                : answer;
    }

    private JsonObject values(JsonObject site) {
        var row = cloud.row(Table.SLE, site.string("id").orElseThrow()).orElse(JsonObject.EMPTY);
        var all = JsonObject.EMPTY;
        for (var kind : List.of("wifi", "wired", "wan")) {
            all = all.withAll(row.object(kind).orElse(JsonObject.EMPTY));
        }
        return all;
    }

    private List<String> metrics(JsonObject site) {
        return values(site).names().stream()
                .filter(name -> !name.startsWith("num_"))
                .toList();
    }

    private Answer trend(Call call, JsonObject site) {
        var level = values(site).number(call.part("metric"));
        if (level.isEmpty()) {
            return Answer.detail(400, "unknown metric");
        }
        return Answer.ok(period(call)
                .with("sle", samples(call.part("metric"), level.get()))
                .with("classifiers", JsonArray.of(classifier(level.get()))));
    }

    private Answer summary(Call call, JsonObject site) {
        var level = values(site).number(call.part("metric"));
        if (level.isEmpty()) {
            return Answer.detail(400, "unknown metric");
        }
        var aps = devices(site, "ap", "ap_mac").size();
        var impact = JsonObject.of(
                "num_aps",
                Math.min(1, aps),
                "num_users",
                2,
                "total_aps",
                aps,
                "total_users",
                users(site).size());
        return Answer.ok(period(call)
                .with("sle", samples(call.part("metric"), level.get()))
                .with("classifiers", JsonArray.of(classifier(level.get()).with("impact", impact)))
                .with("impact", impact)
                .with("events", JsonArray.EMPTY));
    }

    private JsonObject period(Call call) {
        var period = Period.of(call, cloud.instant());
        return JsonObject.of(
                "start", period.start().getEpochSecond(), "end", period.end().getEpochSecond());
    }

    private static JsonObject samples(String name, double level) {
        return JsonObject.of(
                "name",
                name,
                "x_label",
                "seconds",
                "y_label",
                "user-minutes",
                "interval",
                INTERVAL,
                "samples",
                JsonObject.of(
                        "total",
                        JsonArray.of(600, 600, 600),
                        "degraded",
                        JsonArray.of(600 * (1 - level), 600 * (1 - level), 600 * (1 - level)),
                        "value",
                        JsonArray.of(level, level, level)));
    }

    private static JsonObject classifier(double level) {
        return JsonObject.of(
                "name",
                "asymmetry-downlink",
                "x_label",
                "seconds",
                "y_label",
                "user-minutes",
                "interval",
                INTERVAL,
                "samples",
                JsonObject.of(
                        "total",
                        JsonArray.of(600),
                        "degraded",
                        JsonArray.of(600 * (1 - level)),
                        "duration",
                        JsonArray.of(600)));
    }

    private Answer impacted(Call call, String name, List<JsonObject> rows) {
        var shown = rows.stream().limit(3).map(row ->
                (JsonValue) row.with("degraded", 12).with("duration", 60).with("total", 600));
        return Answer.ok(period(call)
                .with("metric", call.part("metric"))
                .with("classifier", call.query("classifier").orElse(""))
                .with("failure", "")
                .with("limit", 100)
                .with("page", 1)
                .with("total_count", Math.min(3, rows.size()))
                .with(name, new JsonArray(shown.toList())));
    }

    private List<JsonObject> devices(JsonObject site, String type, String macField) {
        return at.rows(Table.DEVICES, site.string("id")).stream()
                .filter(device -> device.string("type").equals(Optional.of(type)))
                .map(device -> JsonObject.of(macField, device.string("mac"), "name", device.string("name")))
                .toList();
    }

    private List<JsonObject> users(JsonObject site) {
        return at.rows(Table.WIRELESS_CLIENTS, site.string("id")).stream()
                .map(client -> JsonObject.of(
                        "mac",
                        client.string("mac"),
                        "name",
                        client.string("last_hostname").orElse(""),
                        "ap_mac",
                        client.string("last_ap").orElse(""),
                        "ssid",
                        client.string("last_ssid").orElse("")))
                .toList();
    }

    private List<JsonObject> wired(JsonObject site) {
        return at.rows(Table.WIRED_CLIENTS, site.string("id")).stream()
                .map(client -> JsonObject.of(
                        "mac",
                        client.string("mac"),
                        "name",
                        client.string("dhcp_hostname").orElse("")))
                .toList();
    }
}

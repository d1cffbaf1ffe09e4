package mistmcp.sim.api;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import mistmcp.json.JsonObject;

/// Sites: list, search, statistics, creation, change, settings.
final class Sites {
    private final Cloud cloud;
    private final Endpoint at;
    private final DeviceRows devices;

    Sites(Cloud cloud, Endpoint at) {
        this.cloud = cloud;
        this.at = at;
        this.devices = new DeviceRows(cloud);
    }

    List<Operation> operations() {
        return List.of(
                Operation.get("listOrgSites", "/orgs/{org_id}/sites", at.page(Table.SITES)),
                Operation.post("createOrgSite", "/orgs/{org_id}/sites", this::create),
                Operation.get("searchOrgSites", "/orgs/{org_id}/sites/search", this::search),
                Operation.get(
                        "listOrgSiteStats",
                        "/orgs/{org_id}/stats/sites",
                        call -> at.listing(call)
                                .page(cloud.rows(Table.SITES).stream()
                                        .map(this::stats)
                                        .toList())),
                Operation.get("getSiteInfo", "/sites/{site_id}", at.site((_, site) -> Answer.ok(site))),
                Operation.put("updateSiteInfo", "/sites/{site_id}", at.site(this::update)),
                Operation.get("getSiteStats", "/sites/{site_id}/stats", at.site((_, site) -> Answer.ok(stats(site)))),
                Operation.get(
                        "getSiteSetting", "/sites/{site_id}/setting", at.site((_, site) -> Answer.ok(setting(site)))),
                Operation.put("updateSiteSettings", "/sites/{site_id}/setting", at.site(this::updateSetting)),
                Operation.get(
                        "getSiteSettingDerived",
                        "/sites/{site_id}/setting/derived",
                        at.site((_, site) -> Answer.ok(new DerivedSetting(cloud).of(site)))));
    }

    private Answer search(Call call) {
        var rows = cloud.rows(Table.SITES).stream()
                .map(site -> JsonObject.of(
                        "id",
                        site.string("id"),
                        "site_id",
                        site.string("id"),
                        "org_id",
                        cloud.orgId(),
                        "name",
                        site.string("name"),
                        "country_code",
                        site.string("country_code"),
                        "timezone",
                        site.string("timezone").orElse("UTC"),
                        "timestamp",
                        site.get("modified_time"),
                        "auto_upgrade_enabled",
                        false,
                        "auto_upgrade_version",
                        "",
                        "honeypot_enabled",
                        true,
                        "vna_enabled",
                        false,
                        "wifi_enabled",
                        true))
                .toList();
        return at.listing(call).search(at.filtered(call, rows, "id", "name", "country_code", "timezone"));
    }

    private JsonObject stats(JsonObject site) {
        var id = site.string("id");
        var own = at.rows(Table.DEVICES, id);
        var row = site.with("num_devices", own.size())
                .with("num_devices_connected", connected(own))
                .with("num_clients", at.rows(Table.WIRELESS_CLIENT_STATS, id).size());
        for (var type : List.of("ap", "switch", "gateway")) {
            var some = own.stream()
                    .filter(device -> device.string("type").equals(Optional.of(type)))
                    .toList();
            row = row.with("num_" + type, some.size()).with("num_" + type + "_connected", connected(some));
        }
        var place = site.object("latlng");
        return row.withPresent("lat", place.flatMap(point -> point.number("lat")))
                .withPresent("lng", place.flatMap(point -> point.number("lng")))
                .with("timezone", site.string("timezone").orElse("UTC"))
                .with("tzoffset", 60);
    }

    private long connected(List<JsonObject> some) {
        return some.stream().filter(devices::connected).count();
    }

    private Answer create(Call call) {
        var sent = call.object();
        if (sent.string("name").filter(name -> !name.isBlank()).isEmpty()) {
            return Answer.detail(400, "name is required");
        }
        var now = cloud.now();
        var id = UUID.nameUUIDFromBytes(("site " + sent.string("name").get() + " "
                                + cloud.rows(Table.SITES).size())
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .toString();
        var site = JsonObject.of("id", id, "org_id", cloud.orgId(), "timezone", "UTC")
                .withAll(Update.apply(JsonObject.EMPTY, sent, cloud.quirks()))
                .with("created_time", now)
                .with("modified_time", now);
        cloud.put(Table.SITES, site);
        cloud.put(
                Table.SITE_SETTINGS,
                JsonObject.of("site_id", id, "org_id", cloud.orgId(), "created_time", now, "modified_time", now));
        cloud.audit(
                call.caller(),
                "Create Site \"" + sent.string("name").get() + "\"",
                Optional.of(id),
                JsonObject.EMPTY,
                sent);
        return Answer.changed(site);
    }

    private Answer update(Call call, JsonObject site) {
        if (call.object().isEmpty()) {
            return Answer.detail(400, "the body must be an object with at least one attribute");
        }
        var after = cloud.touched(Update.apply(site, call.object(), cloud.quirks()));
        cloud.put(Table.SITES, after);
        cloud.audit(
                call.caller(),
                "Update Site \"" + site.string("name").orElse("") + "\"",
                site.string("id"),
                site,
                after);
        return Answer.changed(after);
    }

    private JsonObject setting(JsonObject site) {
        return cloud.row(Table.SITE_SETTINGS, site.string("id").orElseThrow())
                .orElseGet(() -> JsonObject.of("site_id", site.string("id"), "org_id", cloud.orgId()));
    }

    private Answer updateSetting(Call call, JsonObject site) {
        var before = setting(site);
        var after = cloud.touched(Update.apply(before, call.object(), cloud.quirks()));
        cloud.put(Table.SITE_SETTINGS, after);
        cloud.audit(
                call.caller(),
                "Update Site Setting \"" + site.string("name").orElse("") + "\"",
                site.string("id"),
                before,
                after);
        return Answer.changed(after);
    }
}

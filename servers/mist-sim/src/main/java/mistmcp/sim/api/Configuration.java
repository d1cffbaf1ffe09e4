package mistmcp.sim.api;

import java.util.List;
import java.util.Optional;
import mistmcp.json.JsonObject;

/// WLANs, templates, device profiles and the definitions of alarms and events.
final class Configuration {
    private final Cloud cloud;
    private final Endpoint at;

    Configuration(Cloud cloud, Endpoint at) {
        this.cloud = cloud;
        this.at = at;
    }

    List<Operation> operations() {
        return List.of(
                Operation.get(
                        "listOrgWlans",
                        "/orgs/{org_id}/wlans",
                        call -> at.listing(call).page(orgWlans())),
                Operation.get("listSiteWlans", "/sites/{site_id}/wlans", at.page(Table.WLANS)),
                Operation.get("listSiteWlansDerived", "/sites/{site_id}/wlans/derived", at.site(this::derived)),
                Operation.get(
                        "listOrgNetworkTemplates", "/orgs/{org_id}/networktemplates", at.page(Table.NETWORK_TEMPLATES)),
                Operation.get(
                        "getOrgNetworkTemplate",
                        "/orgs/{org_id}/networktemplates/{networktemplate_id}",
                        at.row(Table.NETWORK_TEMPLATES, "networktemplate_id")),
                Operation.get("listOrgTemplates", "/orgs/{org_id}/templates", at.page(Table.WLAN_TEMPLATES)),
                Operation.get("listOrgRfTemplates", "/orgs/{org_id}/rftemplates", at.page(Table.RF_TEMPLATES)),
                Operation.get("listOrgAlarmTemplates", "/orgs/{org_id}/alarmtemplates", at.page(Table.ALARM_TEMPLATES)),
                Operation.get(
                        "listOrgDeviceProfiles",
                        "/orgs/{org_id}/deviceprofiles",
                        call -> at.listing(call)
                                .page(at.ofType(call, "type", "type", cloud.rows(Table.DEVICE_PROFILES)))),
                Operation.get(
                        "listAlarmDefinitions",
                        "/const/alarm_defs",
                        call -> at.listing(call).all(cloud.rows(Table.ALARM_DEFINITIONS))),
                Operation.get(
                        "listDeviceEventsDefinitions",
                        "/const/device_events",
                        call -> at.listing(call).all(cloud.rows(Table.DEVICE_EVENT_DEFINITIONS))),
                Operation.get(
                        "listClientEventsDefinitions",
                        "/const/client_events",
                        call -> at.listing(call).all(cloud.rows(Table.CLIENT_EVENT_DEFINITIONS))),
                Operation.get("listSiteRogueAPs", "/sites/{site_id}/insights/rogues", at.site(this::rogues)),
                Operation.get(
                        "listSiteRogueClients",
                        "/sites/{site_id}/insights/rogues/clients",
                        at.site((call, site) -> rows(call, at.rows(Table.ROGUE_CLIENTS, site.string("id"))))));
    }

    private List<JsonObject> orgWlans() {
        return cloud.rows(Table.WLANS).stream()
                .filter(wlan -> Cloud.siteOf(wlan).isEmpty())
                .toList();
    }

    /// The WLANs of the organisation that apply here, and the site's own.
    private Answer derived(Call call, JsonObject site) {
        var rows = cloud.rows(Table.WLANS).stream()
                .filter(wlan ->
                        Cloud.siteOf(wlan).isEmpty() || Cloud.siteOf(wlan).equals(site.string("id")))
                .filter(wlan ->
                        call.query("wlan_id").isEmpty() || wlan.string("id").equals(call.query("wlan_id")))
                .toList();
        return at.listing(call).all(rows);
    }

    /// Foreign access points of one `type`; without it, those that are of no particular kind.
    private Answer rogues(Call call, JsonObject site) {
        var type = call.query("type").or(() -> Optional.of("others"));
        return rows(
                call,
                at.rows(Table.ROGUES, site.string("id")).stream()
                        .filter(rogue -> rogue.string("type").equals(type))
                        .map(rogue -> rogue.without("type"))
                        .toList());
    }

    private Answer rows(Call call, List<JsonObject> rows) {
        return at.listing(call)
                .searchWithoutTotal(at.listing(call).within(rows).stream()
                        .map(row -> row.without("site_id", "timestamp"))
                        .toList());
    }
}

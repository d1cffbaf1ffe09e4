package mistmcp.sim.api;

import java.util.List;
import java.util.function.Function;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;

/// Wireless, wired, NAC and WAN clients, guests, their sessions and events.
final class Clients {
    private static final String[] WIRELESS = {
        "site_id",
        "ap",
        "band",
        "device",
        "hostname",
        "ip",
        "mac",
        "model",
        "os",
        "psk_id",
        "psk_name",
        "ssid",
        "text",
        "username",
        "vlan"
    };
    private static final String[] WIRED = {
        "auth_state",
        "auth_method",
        "source",
        "site_id",
        "device_mac",
        "mac",
        "port_id",
        "vlan",
        "ip",
        "manufacture",
        "text",
        "dhcp_hostname",
        "dhcp_fqdn",
        "dhcp_client_identifier",
        "dhcp_vendor_class_identifier",
        "dhcp_request_params"
    };
    private static final String[] NAC = {
        "ap", "auth_type", "family", "hostname", "idp_id", "mac", "mfg", "model", "nacrule_name", "nacrule_id",
        "nacrule_matched", "nas_vendor", "nas_ip", "os", "ssid", "status", "text", "type", "usermac_label", "username",
        "vlan", "site_id"
    };
    private static final String[] NAC_EVENTS = {
        "type",
        "nacrule_id",
        "nacrule_matched",
        "auth_type",
        "vlan",
        "nas_vendor",
        "bssid",
        "idp_id",
        "idp_role",
        "idp_username",
        "resp_attrs",
        "ssid",
        "username",
        "site_id",
        "ap",
        "random_mac",
        "mac",
        "usermac_label",
        "text"
    };

    private final Cloud cloud;
    private final Endpoint at;

    Clients(Cloud cloud, Endpoint at) {
        this.cloud = cloud;
        this.at = at;
    }

    List<Operation> operations() {
        return List.of(
                Operation.get(
                        "searchOrgWirelessClients",
                        "/orgs/{org_id}/clients/search",
                        at.search(Table.WIRELESS_CLIENTS, WIRELESS)),
                Operation.get(
                        "countOrgWirelessClients",
                        "/orgs/{org_id}/clients/count",
                        at.count(
                                Table.WIRELESS_CLIENTS,
                                "device",
                                "mac",
                                "hostname",
                                "device",
                                "os",
                                "model",
                                "ap",
                                "vlan",
                                "ssid",
                                "ip")),
                Operation.get(
                        "searchSiteWirelessClients",
                        "/sites/{site_id}/clients/search",
                        at.search(Table.WIRELESS_CLIENTS, WIRELESS)),
                Operation.get(
                        "countSiteWirelessClients",
                        "/sites/{site_id}/clients/count",
                        at.count(
                                Table.WIRELESS_CLIENTS,
                                "device",
                                "ssid",
                                "ap",
                                "ip",
                                "vlan",
                                "hostname",
                                "os",
                                "model",
                                "device")),
                Operation.get(
                        "listSiteWirelessClientsStats",
                        "/sites/{site_id}/stats/clients",
                        at.site((call, site) ->
                                at.listing(call).all(at.rows(Table.WIRELESS_CLIENT_STATS, site.string("id"))))),
                Operation.get(
                        "getSiteWirelessClientStats",
                        "/sites/{site_id}/stats/clients/{client_mac}",
                        at.site((call, site) -> cloud.row(
                                        Table.WIRELESS_CLIENT_STATS, Macs.plain(call.part("client_mac")))
                                .filter(row -> row.string("site_id").equals(site.string("id")))
                                .map(Answer::ok)
                                .orElseGet(() -> at.missing(call.part("client_mac"))))),
                Operation.get(
                        "searchOrgWirelessClientSessions",
                        "/orgs/{org_id}/clients/sessions/search",
                        at.search(Table.WIRELESS_SESSIONS, sessions())),
                Operation.get(
                        "searchSiteWirelessClientSessions",
                        "/sites/{site_id}/clients/sessions/search",
                        at.search(Table.WIRELESS_SESSIONS, sessions())),
                Operation.get(
                        "countOrgWirelessClientsSessions",
                        "/orgs/{org_id}/clients/sessions/count",
                        at.count(Table.WIRELESS_SESSIONS, "device", sessions())),
                Operation.get(
                        "searchOrgWirelessClientEvents", "/orgs/{org_id}/clients/events/search", this::searchEvents),
                Operation.get(
                        "searchSiteWirelessClientEvents", "/sites/{site_id}/clients/events/search", this::searchEvents),
                Operation.get(
                        "searchOrgWiredClients",
                        "/orgs/{org_id}/wired_clients/search",
                        at.search(Table.WIRED_CLIENTS, WIRED)),
                Operation.get(
                        "countOrgWiredClients",
                        "/orgs/{org_id}/wired_clients/count",
                        at.count(Table.WIRED_CLIENTS, "mac")),
                Operation.get(
                        "searchSiteWiredClients",
                        "/sites/{site_id}/wired_clients/search",
                        at.search(Table.WIRED_CLIENTS, WIRED)),
                Operation.get(
                        "countSiteWiredClients",
                        "/sites/{site_id}/wired_clients/count",
                        at.count(Table.WIRED_CLIENTS, "mac", "mac", "device_mac", "port_id", "vlan")),
                Operation.get(
                        "searchOrgNacClients", "/orgs/{org_id}/nac_clients/search", at.search(Table.NAC_CLIENTS, NAC)),
                Operation.get(
                        "countOrgNacClients",
                        "/orgs/{org_id}/nac_clients/count",
                        at.count(
                                Table.NAC_CLIENTS,
                                "type",
                                "last_nacrule_id",
                                "nacrule_matched",
                                "auth_type",
                                "last_vlan_id",
                                "last_nas_vendor",
                                "idp_id",
                                "last_ssid",
                                "last_username",
                                "site_id",
                                "last_ap",
                                "mac",
                                "last_status",
                                "type")),
                Operation.get(
                        "searchSiteNacClients",
                        "/sites/{site_id}/nac_clients/search",
                        at.search(Table.NAC_CLIENTS, NAC)),
                Operation.get(
                        "searchOrgNacClientEvents",
                        "/orgs/{org_id}/nac_clients/events/search",
                        at.search(Table.NAC_EVENTS, NAC_EVENTS)),
                Operation.get(
                        "countOrgNacClientEvents",
                        "/orgs/{org_id}/nac_clients/events/count",
                        at.count(Table.NAC_EVENTS, "type", "type")),
                Operation.get(
                        "searchSiteNacClientEvents",
                        "/sites/{site_id}/nac_clients/events/search",
                        at.search(Table.NAC_EVENTS, NAC_EVENTS)),
                Operation.get(
                        "searchOrgWanClients",
                        "/orgs/{org_id}/wan_clients/search",
                        at.search(Table.WAN_CLIENTS, "site_id", "hostname", "ip", "ip_src", "mac", "mfg", "network")),
                Operation.get("searchOrgGuestAuthorization", "/orgs/{org_id}/guests/search", guests()),
                Operation.get(
                        "searchSiteGuestAuthorization",
                        "/sites/{site_id}/guests/search",
                        at.site((call, _) -> guests().apply(call))),
                Operation.get(
                        "searchSiteClientFingerprints",
                        "/sites/{site_id}/insights/fingerprints/search",
                        at.search(Table.FINGERPRINTS, "family", "client_type", "model", "mfg", "os", "os_type", "mac")),
                Operation.get(
                        "searchSiteDiscoveredSwitches",
                        "/sites/{site_id}/stats/discovered_switches/search",
                        at.search(
                                Table.DISCOVERED_SWITCHES,
                                "adopted",
                                "system_name",
                                "hostname",
                                "vendor",
                                "model",
                                "version")),
                Operation.get("troubleshootOrg", "/orgs/{org_id}/troubleshoot", this::troubleshoot));
    }

    /// The document lists neither client nor site in an event, which no client of the API could do without.
    private Answer searchEvents(Call call) {
        var answer = at.search(Table.WIRELESS_EVENTS, events()).apply(call);
        if (cloud.quirks().has(Quirk.UNKNOWN_FIELDS) || answer.status() != 200) {
            return answer;
        }
        var body = (JsonObject) answer.body().orElseThrow();
        var known = body.array("results").orElse(JsonArray.EMPTY).objects().stream()
                .map(row -> row.without("mac", "site_id", "org_id"))
                .toList();
        return Answer.ok(body.with("results", JsonArray.ofAll(known)));
    }

    private Function<Call, Answer> guests() {
        return at.search(Table.GUESTS, "wlan_id", "auth_method", "ssid");
    }

    private String[] sessions() {
        return withMac(
                "ap",
                "band",
                "client_family",
                "client_manufacture",
                "client_model",
                "client_username",
                "client_os",
                "ssid",
                "wlan_id",
                "psk_id",
                "psk_name");
    }

    private String[] events() {
        return withMac("type", "reason_code", "ssid", "ap", "key_mgmt", "proto", "band", "wlan_id", "nacrule_id");
    }

    private String[] withMac(String... parameters) {
        if (cloud.quirks().has(Quirk.MAC_FILTER_IGNORED)) {
            return parameters;
        }
        var more = java.util.Arrays.copyOf(parameters, parameters.length + 1);
        more[parameters.length] = "mac";
        return more;
    }

    private Answer troubleshoot(Call call) {
        if (cloud.quirks().has(Quirk.NO_MARVIS)) {
            return at.missing(cloud.orgId());
        }
        var period = Period.of(call, cloud.instant());
        return Answer.ok(JsonObject.of(
                "start",
                period.start().getEpochSecond(),
                "end",
                period.end().getEpochSecond(),
                "results",
                List.of(JsonObject.of(
                        "category",
                        "client",
                        "reason",
                        "Authorization Failure",
                        "text",
                        "The client failed 802.1X authentication",
                        "recommendation",
                        "Check the certificate of the client"))));
    }
}

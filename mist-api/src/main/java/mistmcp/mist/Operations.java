package mistmcp.mist;

import java.time.Duration;

/// The reads that we know: which path, and how long an answer may be kept. Each method is named after the
/// operation in Mist's API document. Where Mist takes `type` to be `ap` when it is left out, the type is a
/// parameter here.
public final class Operations {
    private static final Duration DEFINITIONS = Duration.ofHours(24);
    private static final Duration SITES = Duration.ofMinutes(5);
    private static final Duration DEVICES = Duration.ofSeconds(60);
    private static final Duration STATS = Duration.ofSeconds(15);
    private static final Duration NEVER = Duration.ZERO;

    private Operations() {}

    /// Who the token is: its privileges. Never kept, it is personal data.
    public static MistGet getSelf() {
        return MistGet.of("getSelf", "/api/v1/self", NEVER);
    }

    public static MistGet getOrg(OrgId org) {
        return org("getOrg", org, "", SITES);
    }

    /// Pages by number.
    public static MistGet listOrgSites(OrgId org) {
        return org("listOrgSites", org, "/sites", SITES);
    }

    /// Pages by number.
    public static MistGet listOrgSiteStats(OrgId org) {
        return org("listOrgSiteStats", org, "/stats/sites", STATS);
    }

    public static MistGet getSiteInfo(SiteId site) {
        return MistGet.of("getSiteInfo", site, "", SITES);
    }

    public static MistGet getSiteStats(SiteId site) {
        return MistGet.of("getSiteStats", site, "/stats", STATS);
    }

    /// The site's setting with its templates merged in. Holds secrets.
    public static MistGet getSiteSettingDerived(SiteId site) {
        return MistGet.of("getSiteSettingDerived", site, "/setting/derived", SITES);
    }

    /// The site's own setting. Holds secrets.
    public static MistGet getSiteSetting(SiteId site) {
        return MistGet.of("getSiteSetting", site, "/setting", SITES);
    }

    /// Pages by number. Holds secrets.
    public static MistGet listOrgNetworkTemplates(OrgId org) {
        return org("listOrgNetworkTemplates", org, "/networktemplates", SITES);
    }

    /// Holds secrets.
    public static MistGet getOrgNetworkTemplate(OrgId org, String templateId) {
        if (!Uuids.isUuid(templateId)) {
            throw new IllegalArgumentException("not a Mist id");
        }
        return org("getOrgNetworkTemplate", org, "/networktemplates/" + templateId, SITES);
    }

    /// Service levels of all sites; `sle` is `wifi`, `wired` or `wan`. Pages by number.
    public static MistGet getOrgSitesSle(OrgId org, String sle) {
        return org("getOrgSitesSle", org, "/insights/sites-sle", STATS).with("sle", sle);
    }

    /// Devices of all types, also unassigned ones. Pages by number.
    public static MistGet getOrgInventory(OrgId org) {
        return org("getOrgInventory", org, "/inventory", DEVICES);
    }

    /// `type` is `ap`, `switch`, `gateway` or `all`. Pages by number.
    public static MistGet listOrgDevicesStats(OrgId org, String type) {
        return org("listOrgDevicesStats", org, "/stats/devices", STATS).with("type", type);
    }

    /// `type` is `ap`, `switch`, `gateway` or `all`. Pages by number.
    public static MistGet listSiteDevicesStats(SiteId site, String type) {
        return MistGet.of("listSiteDevicesStats", site, "/stats/devices", STATS).with("type", type);
    }

    public static MistGet getSiteDeviceStats(SiteId site, DeviceId device) {
        return MistGet.of("getSiteDeviceStats", site, "/stats/devices/" + device, STATS);
    }

    /// The configuration of a device. Holds secrets.
    public static MistGet getSiteDevice(SiteId site, DeviceId device) {
        return MistGet.of("getSiteDevice", site, "/devices/" + device, DEVICES);
    }

    /// Follows `next`.
    public static MistGet searchOrgSwOrGwPorts(OrgId org, String deviceType) {
        return org("searchOrgSwOrGwPorts", org, "/stats/ports/search", STATS).with("device_type", deviceType);
    }

    /// Follows `next`.
    public static MistGet searchSiteSwOrGwPorts(SiteId site, String deviceType) {
        return MistGet.of("searchSiteSwOrGwPorts", site, "/stats/ports/search", STATS)
                .with("device_type", deviceType);
    }

    /// Follows `next`.
    public static MistGet searchOrgWirelessClients(OrgId org) {
        return org("searchOrgWirelessClients", org, "/clients/search", STATS);
    }

    /// Follows `next`.
    public static MistGet searchSiteWirelessClients(SiteId site) {
        return MistGet.of("searchSiteWirelessClients", site, "/clients/search", STATS);
    }

    public static MistGet countOrgWirelessClients(OrgId org, String distinct) {
        return org("countOrgWirelessClients", org, "/clients/count", STATS).with("distinct", distinct);
    }

    public static MistGet countSiteWirelessClients(SiteId site, String distinct) {
        return MistGet.of("countSiteWirelessClients", site, "/clients/count", STATS)
                .with("distinct", distinct);
    }

    /// Follows `next`.
    public static MistGet searchOrgWiredClients(OrgId org) {
        return org("searchOrgWiredClients", org, "/wired_clients/search", STATS);
    }

    /// Follows `next`.
    public static MistGet searchSiteWiredClients(SiteId site) {
        return MistGet.of("searchSiteWiredClients", site, "/wired_clients/search", STATS);
    }

    public static MistGet countOrgWiredClients(OrgId org, String distinct) {
        return org("countOrgWiredClients", org, "/wired_clients/count", STATS).with("distinct", distinct);
    }

    public static MistGet countSiteWiredClients(SiteId site, String distinct) {
        return MistGet.of("countSiteWiredClients", site, "/wired_clients/count", STATS)
                .with("distinct", distinct);
    }

    /// Follows `next`.
    public static MistGet searchOrgAlarms(OrgId org) {
        return org("searchOrgAlarms", org, "/alarms/search", NEVER);
    }

    /// Follows `next`.
    public static MistGet searchSiteAlarms(SiteId site) {
        return MistGet.of("searchSiteAlarms", site, "/alarms/search", NEVER);
    }

    public static MistGet countOrgAlarms(OrgId org, String distinct) {
        return org("countOrgAlarms", org, "/alarms/count", NEVER).with("distinct", distinct);
    }

    public static MistGet countSiteAlarms(SiteId site, String distinct) {
        return MistGet.of("countSiteAlarms", site, "/alarms/count", NEVER).with("distinct", distinct);
    }

    public static MistGet listAlarmDefinitions() {
        return MistGet.of("listAlarmDefinitions", "/api/v1/const/alarm_defs", DEFINITIONS);
    }

    /// The WLANs of a site, templates resolved. Holds secrets.
    public static MistGet listSiteWlansDerived(SiteId site) {
        return MistGet.of("listSiteWlansDerived", site, "/wlans/derived", SITES).with("resolve", "true");
    }

    /// `type` is `honeypot`, `spoof`, `lan` or `others`.
    public static MistGet listSiteRogueAPs(SiteId site, String type) {
        return MistGet.of("listSiteRogueAPs", site, "/insights/rogues", STATS).with("type", type);
    }

    /// Follows `next`.
    public static MistGet searchOrgDeviceEvents(OrgId org, String deviceType) {
        return org("searchOrgDeviceEvents", org, "/devices/events/search", STATS)
                .with("device_type", deviceType);
    }

    /// Follows `next`. Takes no type: it answers for all of them.
    public static MistGet searchSiteDeviceEvents(SiteId site) {
        return MistGet.of("searchSiteDeviceEvents", site, "/devices/events/search", STATS);
    }

    /// Follows `next`. Not filtered by client, whatever is sent.
    public static MistGet searchOrgWirelessClientSessions(OrgId org) {
        return org("searchOrgWirelessClientSessions", org, "/clients/sessions/search", STATS);
    }

    /// Follows `next`. Not filtered by client, whatever is sent.
    public static MistGet searchSiteWirelessClientSessions(SiteId site) {
        return MistGet.of("searchSiteWirelessClientSessions", site, "/clients/sessions/search", STATS);
    }

    /// Follows `next`. Not filtered by client, whatever is sent.
    public static MistGet searchOrgWirelessClientEvents(OrgId org) {
        return org("searchOrgWirelessClientEvents", org, "/clients/events/search", STATS);
    }

    /// Follows `next`. Not filtered by client, whatever is sent.
    public static MistGet searchSiteWirelessClientEvents(SiteId site) {
        return MistGet.of("searchSiteWirelessClientEvents", site, "/clients/events/search", STATS);
    }

    /// What Marvis says of a client; 404 without a subscription.
    public static MistGet troubleshootOrg(OrgId org) {
        return org("troubleshootOrg", org, "/troubleshoot", NEVER);
    }

    private static MistGet org(String operation, OrgId org, String below, Duration keep) {
        return MistGet.of(operation, "/api/v1/orgs/" + org + below, keep);
    }
}

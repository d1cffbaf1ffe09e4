package mistmcp.ro.tool;

import java.util.Map;
import java.util.Optional;
import mistmcp.json.JsonObject;
import mistmcp.mist.Device;
import mistmcp.mist.Mac;
import mistmcp.mist.Site;
import mistmcp.mist.SiteId;
import mistmcp.mist.UntrustedText;

/// The names of the sites and devices in the caller's scope. What is outside has no name here.
record Names(Map<SiteId, Site> sites, Map<Mac, Device> devices) {
    Names {
        sites = Map.copyOf(sites);
        devices = Map.copyOf(devices);
    }

    Optional<String> site(Optional<SiteId> id) {
        return id.flatMap(known -> Optional.ofNullable(sites.get(known))).map(site -> UntrustedText.clean(site.name()));
    }

    Optional<String> device(Optional<Mac> mac) {
        return mac.flatMap(known -> Optional.ofNullable(devices.get(known)))
                .map(device -> UntrustedText.clean(device.name()));
    }

    /// Whether an object may be shown: its site, if it has one, is one of the scope.
    static Optional<SiteId> siteOf(JsonObject row) {
        return row.string("site_id").flatMap(SiteId::of);
    }
}

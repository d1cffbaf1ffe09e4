package mistmcp.rw.tool;

import java.util.Optional;
import mistmcp.json.JsonObject;
import mistmcp.mist.Site;
import mistmcp.mist.SiteId;

/// One object that a change touches.
///
/// @param kind     `switch_port`, `site` or `alarms`
/// @param id       Mist's id; for a port the device's id, a slash, and the port
/// @param name     for people
/// @param siteId   where it really is; empty for an object of the organisation
/// @param siteName the site's name; empty as `siteId`
record Target(String kind, String id, String name, Optional<SiteId> siteId, Optional<String> siteName) {
    /// A target at a site.
    static Target at(Site site, String kind, String id, String name) {
        return new Target(kind, id, name, Optional.of(site.id()), Optional.of(site.name()));
    }

    /// The target as the public interface shows it.
    JsonObject toJson() {
        return JsonObject.of("kind", kind, "id", id, "name", name)
                .withPresent("siteId", siteId.map(SiteId::value))
                .withPresent("siteName", siteName);
    }
}

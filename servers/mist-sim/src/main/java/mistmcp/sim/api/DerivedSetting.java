package mistmcp.sim.api;

import mistmcp.json.JsonObject;
import mistmcp.json.JsonValue;

/// The setting in force at a site: its network template, and over it the site's own setting. Maps such as
/// `port_usages` are joined entry by entry.
final class DerivedSetting {
    private final Cloud cloud;

    DerivedSetting(Cloud cloud) {
        this.cloud = cloud;
    }

    JsonObject of(JsonObject site) {
        var template = site.string("networktemplate_id")
                .flatMap(id -> cloud.row(Table.NETWORK_TEMPLATES, id))
                .map(found -> found.without("id", "name", "org_id", "created_time", "modified_time"))
                .orElse(JsonObject.EMPTY);
        var own =
                cloud.row(Table.SITE_SETTINGS, site.string("id").orElseThrow()).orElse(JsonObject.EMPTY);
        var merged = template;
        for (var name : own.names()) {
            JsonValue value = own.get(name).orElseThrow();
            var lower = template.object(name);
            merged = merged.with(
                    name,
                    value instanceof JsonObject map && lower.isPresent()
                            ? lower.get().withAll(map)
                            : value);
        }
        return merged;
    }
}

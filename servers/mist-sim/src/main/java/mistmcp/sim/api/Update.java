package mistmcp.sim.api;

import java.util.Set;
import mistmcp.json.JsonObject;

/// How a PUT changes an object: only the root attributes sent, each replaced whole, `-attribute` removing
/// one.
final class Update {
    /// What the server owns: never taken from a request.
    private static final Set<String> OWNED =
            Set.of("id", "org_id", "site_id", "mac", "serial", "model", "type", "created_time", "modified_time");

    private Update() {}

    static JsonObject apply(JsonObject stored, JsonObject sent, Quirks quirks) {
        var result = quirks.has(Quirk.ROOT_LEVEL_PUT) ? stored : onlyOwned(stored);
        for (var name : sent.names()) {
            if (OWNED.contains(name)) {
                continue;
            }
            var value = sent.get(name).orElseThrow();
            if (name.startsWith("-")) {
                result = quirks.has(Quirk.DASH_REMOVES) ? result.without(name.substring(1)) : result;
            } else if (!quirks.has(Quirk.MAP_REPLACED_WHOLE)
                    && value instanceof JsonObject map
                    && stored.object(name).isPresent()) {
                result = result.with(name, MergePatch.apply(stored.object(name).orElseThrow(), map));
            } else {
                result = result.with(name, value);
            }
        }
        return result;
    }

    private static JsonObject onlyOwned(JsonObject stored) {
        var result = stored;
        for (var name : stored.names()) {
            result = OWNED.contains(name) ? result : result.without(name);
        }
        return result;
    }
}

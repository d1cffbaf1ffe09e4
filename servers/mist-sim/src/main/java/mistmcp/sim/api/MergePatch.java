package mistmcp.sim.api;

import mistmcp.json.JsonNull;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonValue;

/// JSON merge patch (RFC 7386).
final class MergePatch {
    private MergePatch() {}

    static JsonValue apply(JsonValue target, JsonValue patch) {
        if (!(patch instanceof JsonObject changes)) {
            return patch;
        }
        var result = target instanceof JsonObject object ? object : JsonObject.EMPTY;
        for (var name : changes.names()) {
            var change = changes.get(name).orElseThrow();
            result = change instanceof JsonNull
                    ? result.without(name)
                    : result.with(name, apply(result.get(name).orElse(JsonNull.NULL), change));
        }
        return result;
    }
}

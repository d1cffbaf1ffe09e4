package mistmcp.mcp.client;

import java.util.Set;
import java.util.TreeSet;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonObject;
import mistmcp.json.RawJson;
import mistmcp.jsonrpc.Envelope;

/// Which changes a server offers to tell of, by its capabilities.
///
/// @param kinds     the lists: `tools`, `resources`, `prompts`
/// @param resources whether single resources can be subscribed to
record Offer(Set<String> kinds, boolean resources) {
    Offer {
        kinds = Set.copyOf(kinds);
    }

    /// From the result of `server/discover` or `initialize`.
    static Offer of(Envelope.Success welcome) {
        return of(welcome.result()
                .get("capabilities")
                .map(raw -> raw.parse(JsonLimits.TRUSTED))
                .filter(JsonObject.class::isInstance)
                .map(JsonObject.class::cast)
                .orElse(JsonObject.EMPTY));
    }

    private static Offer of(JsonObject capabilities) {
        var kinds = new TreeSet<String>();
        for (var kind : Set.of("tools", "resources", "prompts")) {
            if (offers(capabilities, kind, "listChanged")) {
                kinds.add(kind);
            }
        }
        return new Offer(kinds, offers(capabilities, "resources", "subscribe"));
    }

    private static boolean offers(JsonObject capabilities, String name, String part) {
        return capabilities.object(name).flatMap(offer -> offer.bool(part)).orElse(false);
    }

    boolean nothing() {
        return kinds.isEmpty() && !resources;
    }

    /// The params of `subscriptions/listen` for all that is offered, and these resources.
    RawJson wish(Set<String> uris) {
        var filter = JsonObject.EMPTY;
        for (var kind : new TreeSet<>(kinds)) {
            filter = filter.with(kind + "ListChanged", true);
        }
        if (resources && !uris.isEmpty()) {
            filter = filter.with("resourceSubscriptions", JsonArray.ofAll(new TreeSet<>(uris)));
        }
        return RawJson.of(JsonObject.of("notifications", filter));
    }
}

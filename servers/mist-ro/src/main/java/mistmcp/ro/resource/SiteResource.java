package mistmcp.ro.resource;

import java.util.List;
import java.util.Optional;
import mistmcp.json.JsonObject;
import mistmcp.mcp.server.Resource;
import mistmcp.mist.Match;
import mistmcp.mist.MistApi;
import mistmcp.mist.Operations;
import mistmcp.mist.Site;
import mistmcp.mist.SiteId;
import mistmcp.mist.SiteScope;

/// One site by its id, with its counts. A site out of scope is no resource, as an absent one.
public final class SiteResource implements Resource<SiteScope> {
    private static final String PREFIX = "mist://site/";
    private static final List<String> INFO =
            List.of("id", "name", "address", "country_code", "timezone", "notes", "modified_time");
    private static final List<String> COUNTS = List.of(
            "num_devices",
            "num_devices_connected",
            "num_ap",
            "num_ap_connected",
            "num_switch",
            "num_switch_connected",
            "num_gateway",
            "num_gateway_connected",
            "num_clients");

    private final MistApi api;

    /// A resource of an API.
    public SiteResource(MistApi api) {
        this.api = api;
    }

    @Override
    public JsonObject definition() {
        return Contents.definition("uriTemplate", PREFIX + "{id}", "site", "One site by its id, with device counts");
    }

    @Override
    public Optional<JsonObject> read(SiteScope caller, String uri) throws InterruptedException {
        if (!uri.startsWith(PREFIX)) {
            return Optional.empty();
        }
        var id = SiteId.of(uri.substring(PREFIX.length()));
        if (id.isEmpty()) {
            return Optional.empty();
        }
        var reading = api.reading(caller, Contents.PATIENCE);
        return switch (reading.site(id.get().value())) {
            case Match.One<Site>(var site) -> {
                var stats = reading.object(Operations.getSiteStats(site.id()));
                yield Optional.of(
                        Contents.of(uri, Contents.pick(site.body(), INFO).withAll(Contents.pick(stats, COUNTS))));
            }
            case Match.None<Site> _, Match.Several<Site> _ -> Optional.empty();
        };
    }
}

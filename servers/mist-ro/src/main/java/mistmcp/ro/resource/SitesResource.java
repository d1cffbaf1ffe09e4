package mistmcp.ro.resource;

import java.util.Optional;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.mcp.server.Resource;
import mistmcp.mist.MistApi;
import mistmcp.mist.SiteScope;
import mistmcp.mist.UntrustedText;

/// The sites that the caller sees, by name.
public final class SitesResource implements Resource<SiteScope> {
    private static final String URI = "mist://sites";
    private static final int MOST = 150;

    private final MistApi api;

    /// A resource of an API.
    public SitesResource(MistApi api) {
        this.api = api;
    }

    @Override
    public JsonObject definition() {
        return Contents.definition("uri", URI, "sites", "The sites that you can see, at most 150");
    }

    @Override
    public Optional<JsonObject> read(SiteScope caller, String uri) throws InterruptedException {
        if (!uri.equals(URI)) {
            return Optional.empty();
        }
        var sites = api.reading(caller, Contents.PATIENCE).sites();
        var shown = sites.stream()
                .limit(MOST)
                .map(site -> JsonObject.of("id", site.id().value(), "name", UntrustedText.clean(site.name(), 64)))
                .toList();
        return Optional.of(Contents.of(
                uri,
                JsonObject.of(
                        "sites",
                        JsonArray.ofAll(shown),
                        "shown",
                        shown.size(),
                        "total",
                        sites.size(),
                        "truncated",
                        shown.size() < sites.size())));
    }
}

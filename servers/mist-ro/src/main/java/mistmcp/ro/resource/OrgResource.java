package mistmcp.ro.resource;

import java.util.List;
import java.util.Optional;
import mistmcp.json.JsonObject;
import mistmcp.mcp.server.Resource;
import mistmcp.mist.MistApi;
import mistmcp.mist.Operations;
import mistmcp.mist.SiteScope;

/// The organisation: its name, and how many sites the caller sees.
public final class OrgResource implements Resource<SiteScope> {
    private static final String URI = "mist://org";

    private final MistApi api;

    /// A resource of an API.
    public OrgResource(MistApi api) {
        this.api = api;
    }

    @Override
    public JsonObject definition() {
        return Contents.definition("uri", URI, "org", "The Mist organisation and how many of its sites you can see");
    }

    @Override
    public Optional<JsonObject> read(SiteScope caller, String uri) throws InterruptedException {
        if (!uri.equals(URI)) {
            return Optional.empty();
        }
        var reading = api.reading(caller, Contents.PATIENCE);
        var org = reading.object(Operations.getOrg(reading.org()));
        return Optional.of(Contents.of(
                uri,
                Contents.pick(org, List.of("id", "name"))
                        .with("sites", reading.sites().size())
                        .with("allSites", caller.all())));
    }
}

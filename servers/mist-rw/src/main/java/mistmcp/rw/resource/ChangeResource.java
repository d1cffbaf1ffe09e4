package mistmcp.rw.resource;

import java.util.Optional;
import java.util.regex.Pattern;
import mistmcp.json.Json;
import mistmcp.json.JsonObject;
import mistmcp.mcp.server.Resource;
import mistmcp.rw.tool.Caller;
import mistmcp.rw.tool.ChangeLog;

/// `mist://changes/{id}`: what was sent to Mist under a plan, for as long as this process runs.
public final class ChangeResource implements Resource<Caller> {
    private static final Pattern URI = Pattern.compile("mist://changes/([A-Za-z0-9_-]{1,64})");
    private static final JsonObject DEFINITION = JsonObject.of(
            "uriTemplate",
            "mist://changes/{id}",
            "name",
            "change",
            "title",
            "A change that was sent",
            "description",
            "What was sent to Mist under the plan `id`, how it ended, and how to undo it.",
            "mimeType",
            "application/json");

    private final ChangeLog log;

    /// The resource of a log.
    public ChangeResource(ChangeLog log) {
        this.log = log;
    }

    @Override
    public JsonObject definition() {
        return DEFINITION;
    }

    @Override
    public Optional<JsonObject> read(Caller caller, String uri) {
        var named = URI.matcher(uri);
        return named.matches()
                ? log.find(named.group(1), caller.scope())
                        .map(change ->
                                JsonObject.of("uri", uri, "mimeType", "application/json", "text", Json.text(change)))
                : Optional.empty();
    }
}

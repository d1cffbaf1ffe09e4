package mistmcp.mcp.server;

import java.util.Optional;
import mistmcp.json.JsonObject;

/// One resource, or one template of resources, that a server of ours serves.
///
/// @param <C> who calls, as the process knows it
public interface Resource<C> {
    /// How it is listed: with `uri`, or with `uriTemplate` when it is a template.
    JsonObject definition();

    /// The contents `{uri, mimeType, text}` of a URI; empty when it is not this resource's, or there is
    /// nothing for this caller.
    Optional<JsonObject> read(C caller, String uri) throws InterruptedException;
}

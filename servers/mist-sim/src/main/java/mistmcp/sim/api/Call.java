package mistmcp.sim.api;

import java.util.Map;
import java.util.Optional;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonValue;

/// One request as the endpoints see it.
///
/// @param base  the address of the simulator, for absolute links
/// @param path  the path, decoded
/// @param parts what the braces of the operation's path stand for
/// @param query the query parameters, decoded; the first value of each
public record Call(
        String method,
        String base,
        String path,
        Map<String, String> parts,
        Map<String, String> query,
        Optional<JsonValue> body,
        Caller caller) {
    /// Copies the maps given.
    public Call {
        parts = Map.copyOf(parts);
        query = Map.copyOf(query);
    }

    /// A part of the path; the operation's path names it.
    public String part(String name) {
        var value = parts.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the path has no part " + name);
        }
        return value;
    }

    /// A query parameter; an empty one counts as absent.
    public Optional<String> query(String name) {
        return Optional.ofNullable(query.get(name)).filter(value -> !value.isEmpty());
    }

    /// The body as an object; empty when it is anything else.
    public JsonObject object() {
        return body.filter(JsonObject.class::isInstance)
                .map(JsonObject.class::cast)
                .orElse(JsonObject.EMPTY);
    }

    Call withParts(Map<String, String> parts) {
        return new Call(method, base, path, parts, query, body, caller);
    }
}

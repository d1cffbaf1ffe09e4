package mistmcp.mcp;

import java.util.Optional;
import mistmcp.json.JsonObject;
import mistmcp.json.Sha256;

/// A tool as its server describes it: the whole object as listed, unknown members included.
///
/// @param name       the tool's name on its server
/// @param definition the object as listed, the name included
public record ToolDefinition(String name, JsonObject definition) {
    /// A definition of ours.
    public static ToolDefinition of(
            String name,
            String title,
            String description,
            JsonObject inputSchema,
            Optional<JsonObject> outputSchema,
            JsonObject annotations) {
        return new ToolDefinition(
                name,
                JsonObject.of("name", name, "title", title, "description", description, "inputSchema", inputSchema)
                        .withPresent("outputSchema", outputSchema)
                        .with("annotations", annotations));
    }

    /// What the tool is for; empty when its server does not say.
    public String description() {
        return definition.string("description").orElse("");
    }

    /// The schema of its arguments.
    public JsonObject inputSchema() {
        return definition.object("inputSchema").orElse(JsonObject.EMPTY);
    }

    /// The digest over what a caller relies on: name, title, description, schemas and annotations. Another
    /// digest is another tool.
    public String digest() {
        var pinned = JsonObject.EMPTY;
        for (var member : new String[] {"name", "title", "description", "inputSchema", "outputSchema", "annotations"}) {
            pinned = pinned.withPresent(member, definition.get(member));
        }
        return Sha256.of(pinned);
    }
}

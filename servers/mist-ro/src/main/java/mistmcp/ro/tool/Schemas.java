package mistmcp.ro.tool;

import java.util.List;
import java.util.Optional;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.mcp.ToolDefinition;

/// The parts that the definitions of read tools are made of. `x-mist-entity` on a property says which kind of
/// object it names, so that a planner can resolve it.
final class Schemas {
    /// `site`: id or exact name.
    static final JsonObject SITE =
            JsonObject.of("type", "string", "description", "site name or id", "x-mist-entity", "site");
    /// `device`: name, id or MAC address.
    static final JsonObject DEVICE =
            JsonObject.of("type", "string", "description", "device name, id or MAC", "x-mist-entity", "device");
    /// How far back to look.
    static final JsonObject SINCE = JsonObject.of(
            "type", "string", "pattern", "^[1-9][0-9]{0,3}[mhdw]$", "description", "how far back: `6h`, `1d`, `2w`");

    private static final JsonObject LIMIT =
            JsonObject.of("type", "integer", "minimum", 1, "maximum", ReadCall.MOST_ROWS);
    private static final JsonObject CURSOR = JsonObject.of("type", "string", "maxLength", 4096);
    private static final JsonObject READ_ONLY = JsonObject.of("readOnlyHint", true, "openWorldHint", false);

    private Schemas() {}

    static JsonObject text(String description) {
        return JsonObject.of("type", "string", "maxLength", 256, "description", description);
    }

    static JsonObject choice(String description, String... values) {
        var choice = JsonObject.of("type", "string", "enum", JsonArray.of((Object[]) values));
        return description.isEmpty() ? choice : choice.with("description", description);
    }

    static JsonObject flag(String description) {
        return JsonObject.of("type", "boolean", "description", description);
    }

    /// The definition of a tool that answers a list under a name.
    static ToolDefinition list(String name, String title, String description, String rows, JsonObject properties) {
        var output = JsonObject.of(
                "type",
                "object",
                "properties",
                JsonObject.of(
                        rows,
                        JsonObject.of("type", "array", "items", JsonObject.of("type", "object")),
                        "total",
                        JsonObject.of("type", "integer"),
                        "cursor",
                        JsonObject.of("type", "string")),
                "required",
                List.of(rows));
        return ToolDefinition.of(
                name,
                title,
                description,
                input(properties.with("limit", LIMIT).with("cursor", CURSOR), List.of()),
                Optional.of(output),
                READ_ONLY);
    }

    /// The definition of a tool that answers one object.
    static ToolDefinition one(
            String name,
            String title,
            String description,
            JsonObject properties,
            List<String> required,
            JsonObject results) {
        return ToolDefinition.of(
                name,
                title,
                description,
                input(properties, required),
                Optional.of(JsonObject.of("type", "object", "properties", results)),
                READ_ONLY);
    }

    /// The same definition with arguments that must be given.
    static ToolDefinition requiring(ToolDefinition tool, String... required) {
        return new ToolDefinition(
                tool.name(),
                tool.definition().with("inputSchema", tool.inputSchema().with("required", List.of(required))));
    }

    private static JsonObject input(JsonObject properties, List<String> required) {
        var schema = JsonObject.of("type", "object", "properties", properties, "additionalProperties", false);
        return required.isEmpty() ? schema : schema.with("required", required);
    }
}

package mistmcp.gateway.call;

import java.util.List;
import mistmcp.gateway.upstream.CatalogTool;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.mcp.ToolDefinition;

/// How a tool is listed to callers: by its wire name, and a write with the two members that the gateway adds.
final class WriteSchema {
    private static final JsonObject COMMIT = JsonObject.of(
            "type", "boolean",
            "default", false,
            "description", "false plans the change and shows the difference; true applies an approved plan");
    private static final JsonObject CONFIRMATION = JsonObject.of(
            "type", "string", "description", "id of the approved plan, with commit=true and the same arguments");

    private static final List<String> REFERENCES = List.of("\"$ref", "\"$dynamicRef", "\"$id");
    private static final JsonObject REFUSAL = JsonObject.of("required", JsonArray.of("code"));

    private WriteSchema() {}

    static ToolDefinition listed(CatalogTool tool, String name) {
        var definition = tool.definition().definition().with("name", name);
        if (!tool.writes()) {
            return new ToolDefinition(
                    name,
                    tool.definition()
                            .definition()
                            .object("outputSchema")
                            .map(schema -> definition.with("outputSchema", orRefusal(schema)))
                            .orElse(definition));
        }
        var schema = tool.definition().inputSchema();
        var properties = schema.object("properties")
                .orElse(JsonObject.EMPTY)
                .with(Arguments.COMMIT, COMMIT)
                .with(Arguments.CONFIRMATION, CONFIRMATION);
        // A dry run answers with a plan, a commit with its end: the tool's own output schema describes neither.
        return new ToolDefinition(
                name,
                definition
                        .with("inputSchema", schema.with("properties", properties))
                        .without("outputSchema"));
    }

    /// A tool's output, or a refusal with its code: clients of the TypeScript SDK version 1 hold errors
    /// against the output schema too, and would show a broken schema in place of the denial. A schema with
    /// references stays as it is: moved, they would point elsewhere.
    private static JsonObject orRefusal(JsonObject schema) {
        var text = Json.text(schema);
        return REFERENCES.stream().anyMatch(text::contains)
                ? schema
                : JsonObject.of("type", "object", "anyOf", JsonArray.of(schema, REFUSAL));
    }
}

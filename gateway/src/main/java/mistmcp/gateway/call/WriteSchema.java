package mistmcp.gateway.call;

import mistmcp.gateway.upstream.CatalogTool;
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

    private WriteSchema() {}

    static ToolDefinition listed(CatalogTool tool, String name) {
        var definition = tool.definition().definition().with("name", name);
        if (!tool.writes()) {
            return new ToolDefinition(name, definition);
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
}

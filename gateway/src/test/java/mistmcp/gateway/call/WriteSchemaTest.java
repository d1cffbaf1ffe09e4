package mistmcp.gateway.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import mistmcp.gateway.upstream.CatalogTool;
import mistmcp.gateway.upstream.UpstreamSettings;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.mcp.ToolDefinition;
import org.junit.jupiter.api.Test;

final class WriteSchemaTest {
    private static final JsonObject ROWS =
            JsonObject.of("type", "object", "required", JsonArray.of("rows"), "additionalProperties", false);
    private static final JsonObject REFERRING =
            JsonObject.of("type", "object", "properties", JsonObject.of("row", JsonObject.of("$ref", "#/$defs/row")));

    @Test
    void aReadsOutputMayBeARefusal() {
        assertThat(listed(ROWS, false).object("outputSchema"))
                .contains(JsonObject.of(
                        "type",
                        "object",
                        "anyOf",
                        JsonArray.of(ROWS, JsonObject.of("required", JsonArray.of("code")))));
    }

    @Test
    void aSchemaThatRefersIntoItselfStaysAsItIs() {
        assertThat(listed(REFERRING, false).object("outputSchema")).contains(REFERRING);
    }

    @Test
    void aWriteIsListedWithoutTheOutputOfItsTool() {
        assertThat(listed(ROWS, true).has("outputSchema")).isFalse();
    }

    private static JsonObject listed(JsonObject outputSchema, boolean writes) {
        var definition = ToolDefinition.of(
                "rows", "Rows", "Rows.", JsonObject.of("type", "object"), Optional.of(outputSchema), JsonObject.EMPTY);
        var tool = new CatalogTool(
                "upstream",
                "rows",
                "rows",
                definition,
                definition.digest(),
                writes,
                UpstreamSettings.Preview.NONE,
                false,
                true);
        return WriteSchema.listed(tool, "rows").definition();
    }
}

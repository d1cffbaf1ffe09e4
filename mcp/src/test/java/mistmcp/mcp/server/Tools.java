package mistmcp.mcp.server;

import java.util.Optional;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.ToolDefinition;

/// Small tools for tests.
public final class Tools {
    private Tools() {}

    /// What a tool of a test does.
    public interface Act {
        /// Runs it.
        ToolResult run(String caller, JsonObject arguments, Exchange exchange) throws InterruptedException;
    }

    /// A tool with one optional text argument `text`.
    public static Tool<String> tool(String name, Act act) {
        var schema = JsonObject.of(
                "type",
                "object",
                "properties",
                JsonObject.of("text", JsonObject.of("type", "string")),
                "additionalProperties",
                false);
        var definition = ToolDefinition.of(
                name, name, "A tool of a test.", schema, Optional.empty(), JsonObject.of("readOnlyHint", true));
        return tool(definition, act);
    }

    /// A tool of this definition.
    public static Tool<String> tool(ToolDefinition definition, Act act) {
        return new Tool<>() {
            @Override
            public ToolDefinition definition() {
                return definition;
            }

            @Override
            public ToolResult call(String caller, JsonObject arguments, Exchange exchange) throws InterruptedException {
                return act.run(caller, arguments, exchange);
            }
        };
    }

    /// Answers the caller and the text.
    public static Tool<String> echo() {
        return tool(
                "echo",
                (caller, arguments, _) -> ToolResult.of(JsonObject.of(
                        "caller", caller, "text", arguments.string("text").orElse("nothing"))));
    }

    /// A resource `test://note`.
    public static Resource<String> note() {
        return new Resource<>() {
            @Override
            public JsonObject definition() {
                return JsonObject.of("uri", "test://note", "name", "note", "mimeType", "text/plain");
            }

            @Override
            public Optional<JsonObject> read(String caller, String uri) {
                return uri.equals("test://note")
                        ? Optional.of(JsonObject.of("uri", uri, "mimeType", "text/plain", "text", "hello " + caller))
                        : Optional.empty();
            }
        };
    }

    /// A prompt `greet` that wants `name`.
    public static Prompt<String> greet() {
        return new Prompt<>() {
            @Override
            public JsonObject definition() {
                return JsonObject.of(
                        "name", "greet", "arguments", JsonArray.of(JsonObject.of("name", "name", "required", true)));
            }

            @Override
            public JsonObject get(String caller, JsonObject arguments) {
                return JsonObject.of(
                        "messages",
                        JsonArray.of(JsonObject.of(
                                "role",
                                "user",
                                "content",
                                JsonObject.of(
                                        "type",
                                        "text",
                                        "text",
                                        "greet " + arguments.string("name").orElseThrow()))));
            }
        };
    }
}

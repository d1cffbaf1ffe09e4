package mistmcp.mcp.server;

import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonNull;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonValue;

/// What a tool answers.
///
/// @param structured `structuredContent`; also sent as text, for clients that read only that; left out when
///                   `null`
/// @param isError    whether the tool failed, in a way that a model can read and act on
/// @param meta       `_meta` of the result
/// @param content    the content blocks
public record ToolResult(JsonValue structured, boolean isError, JsonObject meta, JsonArray content) {
    /// A result with its text twin.
    public static ToolResult of(JsonObject structured) {
        return new ToolResult(structured, false, JsonObject.EMPTY, text(Json.text(structured)));
    }

    /// A failure that the model is told: `{code, message}` and what else helps.
    public static ToolResult failed(String code, String message) {
        return new ToolResult(
                JsonObject.of("code", code, "message", message), true, JsonObject.EMPTY, text(code + ": " + message));
    }

    /// A failure with more than its code and message.
    ///
    /// @param failure `{code, message, ...}`
    public static ToolResult refused(JsonObject failure) {
        return new ToolResult(
                failure,
                true,
                JsonObject.EMPTY,
                text(failure.string("code").orElse("") + ": "
                        + failure.string("message").orElse("")));
    }

    /// The same result with members set in its `_meta`.
    public ToolResult withMeta(JsonObject more) {
        return new ToolResult(structured, isError, meta.withAll(more), content);
    }

    /// The same result with another text.
    public ToolResult withText(String text) {
        return new ToolResult(structured, isError, meta, text(text));
    }

    /// The result object of `tools/call`.
    public JsonObject toJson() {
        var result = JsonObject.of("content", content);
        if (structured != JsonNull.NULL) {
            result = result.with("structuredContent", structured);
        }
        result = result.with("isError", isError);
        return meta.isEmpty() ? result : result.with("_meta", meta);
    }

    private static JsonArray text(String text) {
        return JsonArray.of(JsonObject.of("type", "text", "text", text));
    }
}

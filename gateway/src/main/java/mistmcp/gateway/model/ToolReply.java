package mistmcp.gateway.model;

import mistmcp.json.JsonObject;

/// What came of a model's tool call.
public sealed interface ToolReply {
    /// The tool answered.
    ///
    /// @param content `structuredContent`, or `{text}` when the tool gives none; written by strangers in part
    /// @param failed  whether the tool itself says that it failed
    record Result(JsonObject content, boolean failed) implements ToolReply {}

    /// A write was planned; nothing has changed. A person has to approve.
    ///
    /// @param plan the plan as the public interface shows it
    record Planned(JsonObject plan) implements ToolReply {}

    /// Refused. Nothing was sent.
    record Denied(String code, String rule, String reason, String remedy) implements ToolReply {}

    /// No usable answer, or no such tool, or the answer's calls are used up.
    record Failed(String code, String message) implements ToolReply {}
}

package mistmcp.gateway.model;

import mistmcp.json.JsonObject;

/// One entry of a thread, as a model is told of it.
public sealed interface Message {
    /// What the person wrote.
    record User(String text) implements Message {}

    /// What a model answered.
    record Assistant(String text) implements Message {}

    /// A tool call of an earlier answer and what came of it.
    ///
    /// @param result the result as text, fenced as untrusted and cut to a bounded size
    record Called(String id, String tool, JsonObject arguments, String result) implements Message {}
}

package mistmcp.gateway.chat;

import mistmcp.json.JsonObject;

/// What happens while a message is answered, in its order.
public sealed interface ChatEvent {
    /// The answer begins.
    record Started(String thread, String run) implements ChatEvent {}

    /// A piece of the answer's text.
    record Text(String delta) implements ChatEvent {}

    /// A tool call begins.
    record CallStarted(String id, String tool, JsonObject arguments) implements ChatEvent {}

    /// A tool call ended.
    ///
    /// @param call    the call as it stands in `toolCalls`
    /// @param content what came back: result, plan, denial or error
    record CallEnded(String id, JsonObject call, JsonObject content) implements ChatEvent {}

    /// An upstream asks the person something; the call waits for the answer.
    ///
    /// @param question `{id, thread, toolCallId, server, mode, message, patienceMs, expiresAt}`, and `schema` of
    ///                 a form, or `url`, `host` and `punycode` of an address
    record Asked(JsonObject question) implements ChatEvent {}

    /// The question still waits: time to see whether the reader is there.
    record Waiting() implements ChatEvent {}

    /// A question waits no more.
    ///
    /// @param end `{id, toolCallId, server, mode, action}`: `accept`, `decline`, `cancel`, `expired`, or `ended`
    ///            with the call; with `reason` where it was declined without a person
    record AskEnded(JsonObject end) implements ChatEvent {}

    /// A plan is there, or has moved on.
    record PlanShown(JsonObject plan) implements ChatEvent {}

    /// The answer is whole.
    record Finished(String thread, String run, JsonObject answer) implements ChatEvent {}

    /// The model gave no whole answer.
    record Failed(String code, String message) implements ChatEvent {}
}

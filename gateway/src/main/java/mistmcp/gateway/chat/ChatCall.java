package mistmcp.gateway.chat;

import java.util.List;
import java.util.Optional;
import mistmcp.gateway.call.Outcome;
import mistmcp.gateway.call.ToolView;
import mistmcp.gateway.change.Plan;
import mistmcp.gateway.model.ToolReply;
import mistmcp.gateway.policy.Denial;
import mistmcp.json.InvalidJson;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonString;
import mistmcp.mcp.McpReply;

/// One finished tool call of a chat.
///
/// @param mode       `read`, `dry_run` or `commit`
/// @param durationMs how long the gate took
/// @param asked      what its upstream asked of the person, and what came of it, without the answers
record ChatCall(
        String tool,
        JsonObject arguments,
        String mode,
        ToolReply reply,
        long durationMs,
        long auditIndex,
        List<JsonObject> asked) {
    /// Copies the list given.
    ChatCall {
        asked = List.copyOf(asked);
    }

    /// A call as the gate ended it.
    static ChatCall of(
            String tool, JsonObject arguments, String mode, Optional<ToolView> view, Outcome outcome, long durationMs) {
        return new ChatCall(tool, arguments, mode, reply(view, outcome), durationMs, outcome.auditIndex(), List.of());
    }

    /// The same call with what was asked on its way.
    ChatCall asked(List<JsonObject> questions) {
        return new ChatCall(tool, arguments, mode, reply, durationMs, auditIndex, questions);
    }

    /// The call as it stands in `toolCalls`.
    JsonObject toJson() {
        var json = JsonObject.of("tool", tool, "arguments", arguments, "mode", mode);
        json = switch (reply) {
            case ToolReply.Result result
            when result.failed() -> json.with("outcome", "failed").with("error", error(result.content()));
            case ToolReply.Result _ -> json.with("outcome", "done");
            case ToolReply.Planned _ -> json.with("outcome", "planned");
            case ToolReply.Denied denied -> json.with("outcome", "denied").with("denial", denial(denied));
            case ToolReply.Failed failed ->
                json.with("outcome", "failed")
                        .with("error", JsonObject.of("code", failed.code(), "message", failed.message()));
        };
        json = json.with("durationMs", durationMs).with("auditIndex", auditIndex);
        return asked.isEmpty() ? json : json.with("asked", asked);
    }

    /// What came back.
    JsonObject content() {
        return switch (reply) {
            case ToolReply.Result result -> result.content();
            case ToolReply.Planned planned -> planned.plan();
            case ToolReply.Denied denied -> JsonObject.of("denial", denial(denied));
            case ToolReply.Failed failed ->
                JsonObject.of("error", JsonObject.of("code", failed.code(), "message", failed.message()));
        };
    }

    /// The plan that the call made.
    Optional<JsonObject> plan() {
        return reply instanceof ToolReply.Planned(JsonObject plan) ? Optional.of(plan) : Optional.empty();
    }

    private static ToolReply reply(Optional<ToolView> view, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Done(McpReply reply, long _) ->
                switch (reply.whole()) {
                    case McpReply.Result result -> result(result);
                    case McpReply.Failure failure -> new ToolReply.Failed("upstream_error", failure.message());
                };
            case Outcome.Planned(Plan plan, long _) -> new ToolReply.Planned(plan.brief());
            case Outcome.Unapproved(Plan _, String reason, long _) ->
                new ToolReply.Denied(
                        Outcome.Unapproved.CODE, "gateway:plan", reason, "a human approves it on its page");
            case Outcome.Denied(Denial denial, boolean _, long _) -> denied(denial);
            case Outcome.Unknown unknown ->
                view.flatMap(ToolView::denial)
                        .<ToolReply>map(ChatCall::denied)
                        .orElseGet(() -> new ToolReply.Denied(
                                "unknown_tool",
                                "catalogue",
                                "there is no such " + unknown.kind() + " for you",
                                "ask `/tools` for what there is"));
            case Outcome.Failed failed -> new ToolReply.Failed(failed.code(), failed.message());
        };
    }

    private static ToolReply result(McpReply.Result result) {
        try {
            if (!(result.body().parse(JsonLimits.TRUSTED) instanceof JsonObject body)) {
                return new ToolReply.Failed("bad_result", "the tool's answer is not an object");
            }
            boolean failed = body.bool("isError").orElse(false);
            return new ToolReply.Result(
                    body.object("structuredContent").orElseGet(() -> JsonObject.of("text", text(body))), failed);
        } catch (InvalidJson unreadable) {
            return new ToolReply.Failed("bad_result", "the tool's answer is not valid JSON");
        }
    }

    private static String text(JsonObject body) {
        var text = new StringBuilder();
        body.array("content")
                .ifPresent(blocks -> blocks.objects().forEach(block -> {
                    if (block.get("text").orElse(null) instanceof JsonString piece) {
                        text.append(text.isEmpty() ? "" : "\n").append(piece.value());
                    }
                }));
        return text.toString();
    }

    private static ToolReply denied(Denial denial) {
        return new ToolReply.Denied(denial.code(), denial.rule(), denial.reason(), denial.remedy());
    }

    private static JsonObject denial(ToolReply.Denied denied) {
        return new Denial(denied.code(), denied.rule(), denied.reason(), denied.remedy()).toJson();
    }

    private static JsonObject error(JsonObject content) {
        return JsonObject.of(
                "code", content.string("code").orElse("tool_error"),
                "message",
                        content.string("message")
                                .or(() -> content.string("text"))
                                .map(text -> text.length() > 300 ? text.substring(0, 300) : text)
                                .orElse("the tool failed"));
    }
}

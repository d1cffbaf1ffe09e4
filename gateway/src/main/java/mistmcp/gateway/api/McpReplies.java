package mistmcp.gateway.api;

import java.util.Optional;
import mistmcp.gateway.call.Outcome;
import mistmcp.gateway.call.Watched;
import mistmcp.gateway.change.Plan;
import mistmcp.gateway.policy.Denial;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.jsonrpc.ErrorCode;
import mistmcp.mcp.McpReply;
import mistmcp.mcp.server.Subscribed;

/// The one switch from how a call ended to what an MCP client is answered.
final class McpReplies {
    private McpReplies() {}

    static McpReply of(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Done done -> done.reply();
            case Outcome.Planned planned -> planned(planned.plan());
            case Outcome.Unapproved unapproved -> unapproved(unapproved.plan(), unapproved.reason());
            case Outcome.Denied denied -> denied.hidden() ? McpReply.Failure.unknown("tool") : denial(denied.denial());
            case Outcome.Unknown unknown -> McpReply.Failure.unknown(unknown.kind());
            case Outcome.Failed failed -> failed(failed.code(), failed.message());
        };
    }

    /// What a caller is answered to its wish to hear of a resource.
    static Subscribed of(Watched watched) {
        return switch (watched) {
            case Watched.Watching watching -> new Subscribed.Honoured(watching.end());
            case Watched.Unknown _ -> new Subscribed.Refused(McpReply.Failure.unknown("resource"));
            case Watched.NotTold _ -> refused(Watched.NotTold.CODE, "this resource does not tell of its changes");
            case Watched.TooMany _ ->
                refused(Watched.TooMany.CODE, "too many resources are subscribed to: end a subscription first");
            case Watched.Failed failed -> refused(failed.code(), failed.message());
        };
    }

    private static Subscribed refused(String code, String message) {
        return new Subscribed.Refused(
                new McpReply.Failure(ErrorCode.INVALID_PARAMS, message, Optional.of(JsonObject.of("code", code))));
    }

    private static McpReply planned(Plan plan) {
        var text =
                "Nothing was changed yet. This is a dry run: plan " + plan.id() + " waits for a human to approve it at "
                        + plan.url() + " (level " + plan.level().text() + ", until " + plan.expiresAt()
                        + "). Show the difference to the user, give them the link, then ask plan_status, or call again"
                        + " with the same arguments, commit=true and confirmation=\"" + plan.id() + "\".";
        return result(text, plan.brief(), false);
    }

    private static McpReply unapproved(Plan plan, String reason) {
        var text = "Nothing was changed: " + reason + ". A human approves plan " + plan.id() + " at " + plan.url()
                + " (until " + plan.expiresAt() + "). Give the user that link, then ask plan_status, or call again the"
                + " same way.";
        return result(text, plan.brief().with("code", Outcome.Unapproved.CODE).with("reason", reason), false);
    }

    private static McpReply denial(Denial denial) {
        return result(
                "Denied by " + denial.rule() + ": " + denial.reason() + ". " + denial.remedy(), denial.toJson(), true);
    }

    private static McpReply failed(String code, String message) {
        return result(code + ": " + message, JsonObject.of("code", code, "message", message), true);
    }

    private static McpReply result(String text, JsonObject structured, boolean isError) {
        return new McpReply.Result(
                mistmcp.json.RawJson.of(JsonObject.of(
                        "content", JsonArray.of(JsonObject.of("type", "text", "text", text)),
                        "structuredContent", structured,
                        "isError", isError)),
                JsonObject.EMPTY,
                Optional.empty());
    }
}

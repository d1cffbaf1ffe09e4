package mistmcp.gateway.chat;

import java.util.Optional;
import mistmcp.gateway.change.Plan;
import mistmcp.gateway.model.ToolReply;

/// What the chat says about a commit.
final class CommitText {
    private CommitText() {}

    static String of(ToolReply reply, Optional<Plan> plan) {
        return switch (reply) {
            case ToolReply.Result result when result.failed() -> "The change was not applied" + state(plan) + ".";
            case ToolReply.Result _ -> plan.map(CommitText::done).orElse("The plan was committed.");
            case ToolReply.Planned _ -> "Nothing was changed: the change was planned" + where(plan);
            case ToolReply.Denied denied ->
                "Nothing was changed: " + denied.reason() + ". " + capital(denied.remedy()) + where(plan);
            case ToolReply.Failed failed ->
                "The commit did not end well: " + failed.message() + " (`" + failed.code() + "`)" + state(plan) + ".";
        };
    }

    private static String done(Plan plan) {
        return switch (plan.state()) {
            case VERIFIED -> "Done: the change is applied, and reading it back shows what was planned.";
            case APPLIED -> "Done: the change is applied; it has not been read back yet.";
            case MISMATCH -> "The change was sent, but reading it back shows something else: look at the plan.";
            case AWAITING_KEEP -> "The change is applied and waits for someone to keep it, else it is rolled back.";
            case UNKNOWN -> "It is unknown whether the change was applied: the plan's page shows what is known.";
            case STALE -> "Nothing was changed: what the plan would change has moved since. Ask for a new plan.";
            case PLANNED,
                    APPROVED,
                    SENDING,
                    REJECTED,
                    ABORTED,
                    EXPIRED,
                    DISCARDED,
                    KEPT,
                    ROLLED_BACK,
                    ROLLBACK_BLOCKED -> "The plan is now `" + plan.state().text() + "`.";
        };
    }

    private static String state(Optional<Plan> plan) {
        return plan.map(known -> "; the plan is `" + known.state().text() + "`").orElse("");
    }

    private static String where(Optional<Plan> plan) {
        return plan.map(known -> "\n\nThe plan: " + known.url()).orElse("");
    }

    private static String capital(String text) {
        return text.isEmpty() ? text : Character.toUpperCase(text.charAt(0)) + text.substring(1) + ".";
    }
}

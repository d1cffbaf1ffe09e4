package mistmcp.gateway.call;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import mistmcp.gateway.change.Changes;
import mistmcp.gateway.identity.Principal;
import mistmcp.gateway.policy.Question;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.mcp.ArgumentCheck;
import mistmcp.mcp.McpReply;
import mistmcp.mcp.ToolDefinition;

/// The two tools that the gateway has itself. They read, and everybody who is signed in may call them.
final class OwnTools {
    static final String UPSTREAM = Question.GATEWAY;
    static final String PLAN_STATUS = "plan_status";
    static final String WHOAMI = "whoami_gateway";

    private static final JsonObject READS = JsonObject.of("readOnlyHint", true, "openWorldHint", false);
    private static final List<ToolDefinition> DEFINITIONS = List.of(
            ToolDefinition.of(
                    PLAN_STATUS,
                    "Status of a plan",
                    "Says where a planned change stands: waiting for a human, applied, verified, stale. Ask it again"
                            + " after the human has acted on the plan's page.",
                    JsonObject.of(
                            "type",
                            "object",
                            "properties",
                            JsonObject.of("plan", JsonObject.of("type", "string", "description", "id of the plan")),
                            "required",
                            JsonArray.of("plan"),
                            "additionalProperties",
                            false),
                    Optional.empty(),
                    READS),
            ToolDefinition.of(
                    WHOAMI,
                    "Who am I at the gateway",
                    "Tells the caller's role, sites and whether changes can be committed now.",
                    JsonObject.of("type", "object", "properties", JsonObject.EMPTY, "additionalProperties", false),
                    Optional.empty(),
                    READS));

    private static final Map<String, ArgumentCheck> CHECKS = DEFINITIONS.stream()
            .collect(Collectors.toUnmodifiableMap(ToolDefinition::name, tool -> new ArgumentCheck(tool.inputSchema())));

    private final Changes changes;
    private final WriteSwitch writes;

    OwnTools(Changes changes, WriteSwitch writes) {
        this.changes = changes;
        this.writes = writes;
    }

    static List<ToolDefinition> definitions() {
        return DEFINITIONS;
    }

    static boolean has(String name) {
        return CHECKS.containsKey(name);
    }

    /// Runs one of the tools.
    McpReply call(Principal principal, String name, JsonObject arguments) {
        var refused = Optional.ofNullable(CHECKS.get(name)).flatMap(check -> check.refuse(arguments));
        if (refused.isPresent()) {
            return result(refused.get().toJson(), true);
        }
        return name.equals(PLAN_STATUS) ? planStatus(principal, arguments) : whoami(principal);
    }

    private McpReply planStatus(Principal principal, JsonObject arguments) {
        return changes.find(principal, arguments.string("plan").orElseThrow())
                .map(plan -> result(plan.brief(), false))
                .orElseGet(() -> result(
                        JsonObject.of("code", "plan_not_found", "message", "you have no plan of that id"), true));
    }

    private McpReply whoami(Principal principal) {
        return result(
                JsonObject.of("iss", principal.issuer(), "sub", principal.subject())
                        .withPresent("email", principal.email())
                        .with("role", principal.role().text())
                        .with("sites", principal.sites().ids())
                        .with("writeEnabled", writes.enabled())
                        .with("expiresAt", principal.expiresAt()),
                false);
    }

    static McpReply.Result result(JsonObject structured, boolean isError) {
        return McpReply.Result.of(JsonObject.of(
                "content", JsonArray.of(JsonObject.of("type", "text", "text", Json.text(structured))),
                "structuredContent", structured,
                "isError", isError));
    }
}

package mistmcp.gateway.model;

import java.util.Optional;
import mistmcp.json.JsonObject;

/// A tool as a model sees it; `commit` and `confirmation` are not part of its schema.
///
/// @param name        the name on the wire
/// @param upstream    the upstream that owns it; `gateway` for the gateway's own
/// @param title       for people; empty when its server gives none
/// @param description what it is for
/// @param inputSchema the schema of its arguments
/// @param write       whether it writes, so that a call of it makes a plan
/// @param rule        the policy rule that decided
/// @param denied      why this caller may not call it; absent when allowed
public record ModelTool(
        String name,
        String upstream,
        String title,
        String description,
        JsonObject inputSchema,
        boolean write,
        String rule,
        Optional<Denied> denied) {
    /// Why a caller may not call a tool, and what would change it.
    public record Denied(String code, String reason, String remedy) {}
}

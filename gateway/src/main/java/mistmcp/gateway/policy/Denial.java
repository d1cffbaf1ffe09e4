package mistmcp.gateway.policy;

import mistmcp.json.JsonObject;

/// Why a call is refused: a stable code, the rule that decided, the reason, and what would change it.
public record Denial(String code, String rule, String reason, String remedy) {
    /// The denial as callers see it.
    public JsonObject toJson() {
        return JsonObject.of("code", code, "rule", rule, "reason", reason, "remedy", remedy);
    }
}

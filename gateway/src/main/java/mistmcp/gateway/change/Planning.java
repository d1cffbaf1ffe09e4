package mistmcp.gateway.change;

import mistmcp.json.JsonObject;
import mistmcp.mcp.McpReply;

/// How an attempt to plan ended.
public sealed interface Planning {
    /// A plan was made; nothing was changed.
    record Planned(Plan plan) implements Planning {}

    /// The network is already as asked: there is nothing to plan.
    ///
    /// @param preview what the upstream showed, without a difference
    record AlreadySo(JsonObject preview) implements Planning {}

    /// The upstream declined and says why.
    record Declined(McpReply reply) implements Planning {}

    /// No plan could be made: `too_many_plans`, `arguments_not_exact`, `no_preview`, or why the preview
    /// failed.
    record Failed(String code, String message) implements Planning {}
}

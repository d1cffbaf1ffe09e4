package mistmcp.gateway.call;

import java.util.Optional;
import mistmcp.gateway.policy.Denial;
import mistmcp.mcp.ToolDefinition;

/// One tool as it stands for one caller now.
///
/// @param name       the name on the wire, with prefix
/// @param upstream   the upstream that owns it; `gateway` for the gateway's own
/// @param definition how it is listed to callers: name with prefix, `commit` and `confirmation` in a write's
///                   schema
/// @param write      whether it writes
/// @param rule       the policy rule that decided
/// @param denial     why this caller may not call it; absent when allowed
public record ToolView(
        String name, String upstream, ToolDefinition definition, boolean write, String rule, Optional<Denial> denial) {}

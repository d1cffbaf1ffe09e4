package mistmcp.gateway.chat;

import java.util.List;
import java.util.Optional;
import mistmcp.gateway.call.Invocation;
import mistmcp.gateway.call.Outcome;
import mistmcp.gateway.call.ToolView;
import mistmcp.gateway.change.Plan;
import mistmcp.gateway.identity.Principal;
import mistmcp.mcp.Exchange;

/// What the chat needs of the call gate: there is no other way from here to a tool.
public interface Calls {
    /// Every tool as it stands for the caller now, the denied ones included.
    List<ToolView> tools(Principal principal);

    /// Makes a call.
    Outcome call(Principal principal, Invocation invocation, Exchange exchange) throws InterruptedException;

    /// Commits a plan of the caller's, when its approval suffices.
    Outcome confirm(Principal principal, String planId, Invocation.Via via) throws InterruptedException;

    /// A plan that the caller may see.
    Optional<Plan> plan(Principal principal, String planId);
}

package mistmcp.gateway;

import java.util.List;
import java.util.Optional;
import mistmcp.gateway.call.CallGate;
import mistmcp.gateway.call.Invocation;
import mistmcp.gateway.call.Outcome;
import mistmcp.gateway.call.ToolView;
import mistmcp.gateway.change.Plan;
import mistmcp.gateway.chat.Calls;
import mistmcp.gateway.identity.Principal;
import mistmcp.mcp.Exchange;

/// The gate as the chat sees it.
record GateCalls(CallGate gate) implements Calls {
    @Override
    public List<ToolView> tools(Principal principal) {
        return gate.tools(principal);
    }

    @Override
    public Outcome call(Principal principal, Invocation invocation, Exchange exchange) throws InterruptedException {
        return gate.call(principal, invocation, exchange);
    }

    @Override
    public Outcome confirm(Principal principal, String planId, Invocation.Via via) throws InterruptedException {
        return gate.confirm(principal, planId, via);
    }

    @Override
    public Optional<Plan> plan(Principal principal, String planId) {
        return gate.changes().find(principal, planId);
    }
}

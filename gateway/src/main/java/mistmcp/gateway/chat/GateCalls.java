package mistmcp.gateway.chat;

import java.util.List;
import java.util.Optional;
import mistmcp.gateway.call.CallGate;
import mistmcp.gateway.call.Invocation;
import mistmcp.gateway.call.Listings;
import mistmcp.gateway.call.Outcome;
import mistmcp.gateway.call.PlanCalls;
import mistmcp.gateway.call.ToolView;
import mistmcp.gateway.change.Changes;
import mistmcp.gateway.change.Plan;
import mistmcp.gateway.identity.Principal;
import mistmcp.mcp.Exchange;

/// The gate as the chat sees it.
public record GateCalls(CallGate gate, PlanCalls planCalls, Listings listings, Changes changes) implements Calls {
    @Override
    public List<ToolView> tools(Principal principal) {
        return listings.tools(principal);
    }

    @Override
    public Outcome call(Principal principal, Invocation invocation, Exchange exchange) throws InterruptedException {
        return gate.call(principal, invocation, exchange);
    }

    @Override
    public Outcome confirm(Principal principal, String planId, Invocation.Via via) throws InterruptedException {
        return planCalls.confirm(principal, planId, via);
    }

    @Override
    public Optional<Plan> plan(Principal principal, String planId) {
        return changes.find(principal, planId);
    }
}

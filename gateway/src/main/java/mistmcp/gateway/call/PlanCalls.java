package mistmcp.gateway.call;

import java.util.Optional;
import mistmcp.gateway.change.Changes;
import mistmcp.gateway.change.Plan;
import mistmcp.gateway.identity.Principal;
import mistmcp.gateway.policy.Denial;
import mistmcp.gateway.upstream.Upstreams;
import mistmcp.json.JsonObject;
import mistmcp.json.RawJson;
import mistmcp.mcp.Exchange;

/// Calls that a plan stands for: its commit and its undo, asked by its id, made through the gate like any
/// other call. Safe for several threads.
public final class PlanCalls {
    private final CallGate gate;
    private final Changes changes;
    private final Upstreams upstreams;

    /// Calls through a gate.
    public PlanCalls(CallGate gate, Changes changes, Upstreams upstreams) {
        this.gate = gate;
        this.changes = changes;
        this.upstreams = upstreams;
    }

    /// Commits a plan of this principal, as the page, the chat and the command line do: the arguments are the
    /// plan's.
    public Outcome confirm(Principal principal, String planId, Invocation.Via via) throws InterruptedException {
        var plan = changes.find(principal, planId);
        var arguments = changes.arguments(principal, planId);
        if (plan.isEmpty() || arguments.isEmpty()) {
            return refused("plan_not_found", "you have no plan of that id", "plan the change again");
        }
        return gate.call(
                principal,
                Invocation.tool(plan.get().tool(), Arguments.confirmed(arguments.get(), planId), via),
                Exchange.SILENT);
    }

    /// Plans the undo of a plan that was applied: a new plan, through the same gate.
    public Outcome undo(Principal principal, String planId, Invocation.Via via) throws InterruptedException {
        var undo = changes.find(principal, planId)
                .filter(plan -> plan.principal().equals(principal.key()))
                .flatMap(plan -> plan.preview().object("undo").map(found -> new Undo(plan, found)));
        if (undo.isEmpty()) {
            return refused("plan_not_found", "you have no plan of that id", "look at your plans");
        }
        if (!PlanReplies.sent(undo.get().plan())) {
            return refused("nothing_to_undo", "the plan was not applied", "undo is for changes that were applied");
        }
        var tool = undo.get()
                .how()
                .string("tool")
                .flatMap(name ->
                        upstreams.tool(name, Optional.of(undo.get().plan().upstream())));
        var arguments = undo.get().how().object("arguments");
        if (tool.isEmpty() || arguments.isEmpty()) {
            return refused(
                    "undo_impossible",
                    undo.get().how().string("impossible").orElse("the change cannot be undone"),
                    "make the change by hand, or plan another one");
        }
        return gate.call(
                principal, Invocation.tool(tool.get().wireName(), RawJson.of(arguments.get()), via), Exchange.SILENT);
    }

    private record Undo(Plan plan, JsonObject how) {}

    private static Outcome refused(String code, String reason, String remedy) {
        return new Outcome.Denied(new Denial(code, "gateway:plan", reason, remedy), CallGate.UNRECORDED);
    }
}

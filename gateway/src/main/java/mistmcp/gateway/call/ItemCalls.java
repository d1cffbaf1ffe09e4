package mistmcp.gateway.call;

import java.util.Optional;
import mistmcp.gateway.policy.Decision;
import mistmcp.gateway.upstream.Upstreams;
import mistmcp.mcp.Exchange;

/// Calls of resources and prompts. One that is denied looks like one that is not there. Safe for several
/// threads.
final class ItemCalls {
    private final Upstreams upstreams;
    private final Judge judge;
    private final ReadCalls reads;
    private final CallRecords records;

    ItemCalls(Upstreams upstreams, Judge judge, ReadCalls reads, CallRecords records) {
        this.upstreams = upstreams;
        this.judge = judge;
        this.reads = reads;
        this.records = records;
    }

    /// Reads a resource, or suggests values for a template's variable.
    Outcome resource(Call call, Exchange exchange) throws InterruptedException {
        var uri = call.invocation().name();
        return item(call, upstreams.ownerOfResource(uri, call.invocation().upstream()), "resource:" + uri, exchange);
    }

    /// Gets a prompt, or suggests values for an argument of it.
    Outcome prompt(Call call, Exchange exchange) throws InterruptedException {
        return item(
                call,
                ownerOfPrompt(call.invocation()),
                "prompt:" + call.invocation().name(),
                exchange);
    }

    private Optional<String> ownerOfPrompt(Invocation invocation) {
        return upstreams.names().stream()
                .filter(name -> invocation.upstream().isEmpty()
                        || invocation.upstream().get().equals(name))
                .filter(name -> upstreams.listed(name, "prompts").stream()
                        .anyMatch(prompt -> prompt.string("name")
                                .filter(invocation.name()::equals)
                                .isPresent()))
                .findFirst();
    }

    private Outcome item(Call call, Optional<String> owner, String item, Exchange exchange)
            throws InterruptedException {
        if (owner.isEmpty()) {
            return new Outcome.Unknown(call.kind(), records.unknown(call, call.kind()));
        }
        var upstream = owner.get();
        var target = call.invocation().name();
        var inForce = judge.inForce();
        var decision = judge.decide(inForce, call.principal(), upstream, item);
        var pending = records.decided(call, upstream, target, decision, inForce.hash());
        return switch (decision) {
            case Decision.Deny deny -> {
                pending.await();
                records.ended(call, upstream, target, "denied", deny.denial().code());
                yield new Outcome.Unknown(call.kind(), pending.index());
            }
            case Decision.Execute _ -> reads.read(call, upstream, target, exchange, pending);
        };
    }
}

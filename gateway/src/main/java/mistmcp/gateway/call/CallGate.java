package mistmcp.gateway.call;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import mistmcp.gateway.audit.AuditLog;
import mistmcp.gateway.audit.AuditUnavailable;
import mistmcp.gateway.audit.Pending;
import mistmcp.gateway.change.Change;
import mistmcp.gateway.change.Changes;
import mistmcp.gateway.change.Level;
import mistmcp.gateway.change.Plan;
import mistmcp.gateway.identity.Principal;
import mistmcp.gateway.policy.Decision;
import mistmcp.gateway.policy.Denial;
import mistmcp.gateway.policy.Mode;
import mistmcp.gateway.policy.Policy;
import mistmcp.gateway.upstream.CatalogTool;
import mistmcp.gateway.upstream.Upstreams;
import mistmcp.json.InvalidJson;
import mistmcp.mcp.ArgumentCheck;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.McpReply;
import mistmcp.metrics.Metrics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one way to any upstream, for tools, resources and prompts, from `/mcp`, `/mcp/chat` and the pages
/// alike: find, decide, record, send, record. Nothing is released before its decision is on the disk, and
/// nothing is written before its intent is. Safe for several threads.
public final class CallGate {
    /// The index in place of a record's, for a call that left none.
    static final long UNRECORDED = -1;

    private static final Logger LOG = LoggerFactory.getLogger(CallGate.class);

    private final Upstreams upstreams;
    private final Judge judge;
    private final CallRecords records;
    private final ReadCalls reads;
    private final WriteCalls writes;
    private final ItemCalls items;
    private final Subscriptions subscriptions;
    private final OwnTools own;
    private final ClientApproval client;
    private final Metrics metrics;
    private final CallLimits limits;
    private final ArgumentChecks checks = new ArgumentChecks();

    /// A gate over upstreams.
    public CallGate(
            Upstreams upstreams,
            Dispatch dispatch,
            Judge judge,
            Changes changes,
            WriteSwitch writeSwitch,
            AuditLog audit,
            Metrics metrics) {
        this(upstreams, dispatch, judge, changes, writeSwitch, audit, metrics, new CallLimits());
    }

    /// A gate with limits by another time than the machine's.
    public CallGate(
            Upstreams upstreams,
            Dispatch dispatch,
            Judge judge,
            Changes changes,
            WriteSwitch writeSwitch,
            AuditLog audit,
            Metrics metrics,
            CallLimits limits) {
        this.limits = limits;
        this.upstreams = upstreams;
        this.judge = judge;
        this.records = new CallRecords(audit);
        this.reads = new ReadCalls(dispatch, records);
        this.writes = new WriteCalls(changes, records);
        this.items = new ItemCalls(upstreams, judge, reads, records);
        this.subscriptions = new Subscriptions(upstreams, judge, records);
        this.own = new OwnTools(changes, writeSwitch);
        this.client = new ClientApproval(changes);
        this.metrics = metrics;
    }

    /// Makes one call. A write is planned, and committed only when it says `commit` with the id of an
    /// approved plan.
    public Outcome call(Principal principal, Invocation invocation, Exchange exchange) throws InterruptedException {
        var call = Call.begin(principal, invocation);
        var outcome = run(call, exchange);
        if (outcome instanceof Outcome.Done(McpReply.Streamed streamed, long _)) {
            streamed.stream()
                    .onEnd(end -> metrics.callEnded(
                            call.kind(), end.failed().isPresent() ? "failed" : "done", call.elapsed()));
        } else {
            metrics.callEnded(call.kind(), name(outcome), call.elapsed());
        }
        return outcome;
    }

    /// Watches resources for a principal, as far as it may read them: an answer for each invocation's name.
    public Map<String, Watched> watch(Principal principal, Set<Invocation> invocations) throws InterruptedException {
        var answers = new HashMap<String, Watched>();
        var calls = new LinkedHashSet<Call>();
        for (var invocation : invocations) {
            if (limits.admit(principal.key())) {
                calls.add(Call.begin(principal, invocation));
            } else {
                answers.put(invocation.name(), new Watched.Failed("rate_limited", "too many calls: wait a second"));
            }
        }
        Watched.Failed failure;
        try {
            answers.putAll(subscriptions.watch(calls));
            return answers;
        } catch (AuditUnavailable unavailable) {
            failure = new Watched.Failed(unavailable.code(), String.valueOf(unavailable.getMessage()));
        } catch (RuntimeException failed) {
            LOG.error("watching resources failed", failed);
            failure = new Watched.Failed("internal", "the subscription failed; the log has the reason");
        }
        for (var invocation : invocations) {
            answers.put(invocation.name(), failure);
        }
        return answers;
    }

    /// Whether a principal that watches a resource may hear, at the policy in force now, that this upstream
    /// says that it has changed.
    public boolean hears(Principal principal, String upstream, String uri, Optional<String> only) {
        try {
            return upstreams.ownerOfResource(uri, only).filter(upstream::equals).isPresent()
                    && judge.decide(judge.inForce(), principal, upstream, "resource:" + uri)
                            .allowed();
        } catch (RuntimeException failed) {
            LOG.error("whether a change may be told could not be decided", failed);
            return false;
        }
    }

    private static String name(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Done _ -> "done";
            case Outcome.Planned _ -> "planned";
            case Outcome.Denied _, Outcome.Unapproved _ -> "denied";
            case Outcome.Unknown _ -> "unknown";
            case Outcome.Failed _ -> "failed";
        };
    }

    private Outcome run(Call call, Exchange exchange) throws InterruptedException {
        if (!limits.admit(call.principal().key())) {
            return new Outcome.Failed("rate_limited", "too many calls: wait a second", UNRECORDED);
        }
        try {
            return switch (call.invocation().kind()) {
                case TOOL -> tool(call, exchange);
                case RESOURCE, RESOURCE_COMPLETION -> items.resource(call, exchange);
                case PROMPT, PROMPT_COMPLETION -> items.prompt(call, exchange);
            };
        } catch (AuditUnavailable unavailable) {
            return new Outcome.Failed(unavailable.code(), String.valueOf(unavailable.getMessage()), UNRECORDED);
        } catch (RuntimeException failed) {
            // Fail closed: what could not be decided or sent is denied, and the log has the reason.
            LOG.error("call failed callId={}", call.id(), failed);
            return new Outcome.Failed(
                    "internal", "the call failed; the log has the reason under " + call.id(), UNRECORDED);
        }
    }

    private Outcome tool(Call call, Exchange exchange) throws InterruptedException {
        var invocation = call.invocation();
        if (invocation.upstream().isEmpty() && OwnTools.has(invocation.name())) {
            return ownTool(call);
        }
        var found = upstreams.tool(invocation.name(), invocation.upstream());
        if (found.isEmpty()) {
            return new Outcome.Unknown("tool", records.unknown(call, "tool"));
        }
        var tool = found.get();
        Arguments arguments;
        try {
            arguments = Arguments.read(invocation.arguments(), tool.writes());
        } catch (InvalidJson invalid) {
            return new Outcome.Failed(
                    "argument_type", String.valueOf(invalid.getMessage()), records.unreadable(call, tool));
        }
        return decided(call, tool, arguments, exchange);
    }

    private Outcome decided(Call call, CatalogTool tool, Arguments arguments, Exchange exchange)
            throws InterruptedException {
        var sites = arguments.sitesNamed(tool.definition().inputSchema());
        boolean commit = arguments.commit() && arguments.confirmation().isPresent();
        var inForce = judge.inForce();
        var decision = judge.decide(inForce, call.principal(), tool, sites, commit);
        var pending = records.decided(call, tool, arguments, sites, decision, inForce.hash());
        return switch (decision) {
            case Decision.Deny deny -> denied(call, tool, deny.denial(), pending);
            case Decision.Execute execute -> {
                // Only somebody who may call the tool learns from it what its arguments are.
                var refused = checks.refuse(tool, arguments.tree());
                if (refused.isPresent()) {
                    yield refused(call, tool, refused.get(), pending);
                }
                yield execute.mode() == Mode.READ
                        ? reads.read(call, tool.upstream(), tool.name(), exchange, pending)
                        : write(
                                call,
                                tool,
                                arguments,
                                change(call, tool, arguments, execute, inForce),
                                pending,
                                exchange);
            }
        };
    }

    private Outcome refused(Call call, CatalogTool tool, ArgumentCheck.Refused refused, Pending pending) {
        pending.await();
        var code = refused.code().text();
        records.ended(call, tool, "failed", code, Optional.empty());
        return new Outcome.Failed(code, refused.message(), pending.index());
    }

    private Outcome write(
            Call call, CatalogTool tool, Arguments arguments, Change change, Pending pending, Exchange exchange)
            throws InterruptedException {
        var planId = arguments.confirmation();
        if (arguments.commit() && planId.isPresent()) {
            var moved = lookedAtAgain(call, tool, pending);
            if (moved.isPresent()) {
                return moved.get();
            }
            return approved(call, tool, change, writes.commit(call, tool, change, planId.get(), pending), exchange);
        }
        var planned = writes.plan(call, tool, change, pending);
        return arguments.commit() && committable(call, tool, arguments)
                ? approved(call, tool, change, planned, exchange)
                : planned;
    }

    /// A stranger's definition is fetched again right before a commit: nothing binds a call to the definition
    /// that it was made by, so this is as near as it gets. Our own servers are bound by their assertion.
    private Optional<Outcome> lookedAtAgain(Call call, CatalogTool tool, Pending pending) throws InterruptedException {
        if (tool.servesSites()) {
            return Optional.empty();
        }
        pending.await();
        var lost = upstreams.refresh(tool.upstream());
        if (lost.isPresent()) {
            var code = lost.get().code();
            records.ended(call, tool, "failed", code, Optional.empty());
            return Optional.of(new Outcome.Failed(
                    code,
                    "the tool's definition could not be looked at again, so nothing was sent: "
                            + lost.get().message(),
                    pending.index()));
        }
        var now = upstreams.tool(tool.wireName(), Optional.empty());
        if (now.filter(same -> same.digest().equals(tool.digest())).isPresent()) {
            return Optional.empty();
        }
        records.ended(call, tool, "denied", "tool_held", Optional.empty());
        return Optional.of(new Outcome.Unknown("tool", pending.index()));
    }

    private boolean committable(Call call, CatalogTool tool, Arguments arguments) {
        var sites = arguments.sitesNamed(tool.definition().inputSchema());
        return judge.decide(judge.inForce(), call.principal(), tool, sites, true)
                .allowed();
    }

    /// What becomes of a commit whose plan waits for an approval: where the client can give it, the plan is
    /// committed by a call of its own, which is judged anew.
    private Outcome approved(Call call, CatalogTool tool, Change change, Outcome outcome, Exchange exchange)
            throws InterruptedException {
        Plan plan;
        switch (outcome) {
            case Outcome.Planned planned -> plan = planned.plan();
            case Outcome.Unapproved unapproved -> plan = unapproved.plan();
            case Outcome.Done _, Outcome.Denied _, Outcome.Unknown _, Outcome.Failed _ -> {
                return outcome;
            }
        }
        return switch (client.ask(call, tool, change, plan, exchange)) {
            case ClientApproval.Asked.Nobody _ -> outcome;
            case ClientApproval.Asked.Without without ->
                new Outcome.Unapproved(plan, without.reason(), outcome.auditIndex());
            case ClientApproval.Asked.Approved _ ->
                call(
                        call.principal(),
                        call.invocation().withArguments(Arguments.confirmed(change.arguments(), plan.id())),
                        // A commit that is being sent is not cancelled, and nobody is asked twice.
                        Exchange.SILENT);
        };
    }

    private static Change change(
            Call call, CatalogTool tool, Arguments arguments, Decision.Execute execute, Policy inForce) {
        return new Change(
                call.principal(),
                tool.wireName(),
                tool.upstream(),
                arguments.sent(),
                tool.digest(),
                inForce.hash(),
                Level.of(execute.level()).orElse(Level.TWO_PERSON),
                call.id());
    }

    private Outcome denied(Call call, CatalogTool tool, Denial denial, Pending pending) {
        pending.await();
        records.ended(call, tool, "denied", denial.code(), Optional.empty());
        boolean hidden = !judge.atAll(call.principal(), tool).allowed();
        return new Outcome.Denied(denial, hidden, pending.index());
    }

    private Outcome ownTool(Call call) {
        var arguments = Arguments.read(call.invocation().arguments(), false);
        var pending = records.ownTool(call, arguments.tree());
        var reply = own.call(call.principal(), call.invocation().name(), arguments.tree());
        pending.await();
        records.ended(call, OwnTools.UPSTREAM, call.invocation().name(), "done", "ok");
        return new Outcome.Done(reply, pending.index());
    }
}

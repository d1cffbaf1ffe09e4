package mistmcp.gateway.call;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import mistmcp.gateway.audit.AuditLog;
import mistmcp.gateway.audit.AuditRecord;
import mistmcp.gateway.audit.AuditUnavailable;
import mistmcp.gateway.audit.Event;
import mistmcp.gateway.audit.Pending;
import mistmcp.gateway.change.Change;
import mistmcp.gateway.change.Changes;
import mistmcp.gateway.change.Level;
import mistmcp.gateway.change.Plan;
import mistmcp.gateway.change.Planning;
import mistmcp.gateway.change.Step;
import mistmcp.gateway.identity.Principal;
import mistmcp.gateway.policy.Decision;
import mistmcp.gateway.policy.Denial;
import mistmcp.gateway.policy.Mode;
import mistmcp.gateway.policy.Policy;
import mistmcp.gateway.policy.Question;
import mistmcp.gateway.policy.Reach;
import mistmcp.gateway.store.PlanRows;
import mistmcp.gateway.upstream.CatalogTool;
import mistmcp.gateway.upstream.UpstreamSettings;
import mistmcp.gateway.upstream.Upstreams;
import mistmcp.json.InvalidJson;
import mistmcp.json.JsonBoolean;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonSpans;
import mistmcp.json.JsonString;
import mistmcp.json.RawJson;
import mistmcp.json.Sha256;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.McpReply;
import mistmcp.mcp.UpstreamReply;
import mistmcp.metrics.Metrics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one way to any upstream, for tools, resources and prompts, from `/mcp`, `/mcp/chat` and the pages alike:
/// find, decide, record, send, record. Nothing is released before its decision is on the disk, and nothing is
/// written before its intent is. Safe for several threads.
public final class CallGate {
    private static final Logger LOG = LoggerFactory.getLogger(CallGate.class);

    private final Upstreams upstreams;
    private final Supplier<Policy> policy;
    private final AuditLog audit;
    private final Dispatch dispatch;
    private final Changes changes;
    private final OwnTools own;
    private final WriteSwitch writes;
    private final Metrics metrics;
    private final CallLimits limits = new CallLimits();

    /// A gate over upstreams.
    ///
    /// @param policy  the policy in force at the moment of each call
    /// @param pageUrl the address of the plans' pages, without the id
    public CallGate(
            Upstreams upstreams,
            Supplier<Policy> policy,
            AuditLog audit,
            PlanRows plans,
            WriteSwitch writes,
            Metrics metrics,
            InstantSource clock,
            String pageUrl) {
        this.upstreams = upstreams;
        this.policy = policy;
        this.audit = audit;
        this.writes = writes;
        this.metrics = metrics;
        this.dispatch = new Dispatch(upstreams);
        this.changes = new Changes(plans, dispatch, audit, clock, pageUrl);
        this.own = new OwnTools(changes, writes);
    }

    /// The plans and what can be done with them beside a commit.
    public Changes changes() {
        return changes;
    }

    /// Makes one call. A write is planned, and committed only when it says `commit` with the id of an approved
    /// plan.
    public Outcome call(Principal principal, Invocation invocation, Exchange exchange) throws InterruptedException {
        var call = new Call(UUID.randomUUID().toString(), System.nanoTime(), principal, invocation);
        var outcome = run(call, exchange);
        metrics.callEnded(call.kind(), name(outcome), call.elapsed());
        return outcome;
    }

    private static String name(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Done _ -> "done";
            case Outcome.Planned _ -> "planned";
            case Outcome.Denied _ -> "denied";
            case Outcome.Unknown _ -> "unknown";
            case Outcome.Failed _ -> "failed";
        };
    }

    private Outcome run(Call call, Exchange exchange) throws InterruptedException {
        if (!limits.admit(call.principal().key())) {
            return new Outcome.Failed("rate_limited", "too many calls: wait a second", Call.UNRECORDED);
        }
        try {
            return switch (call.invocation().kind()) {
                case TOOL -> tool(call, exchange);
                case RESOURCE, RESOURCE_COMPLETION -> resource(call, exchange);
                case PROMPT, PROMPT_COMPLETION -> prompt(call, exchange);
            };
        } catch (AuditUnavailable unavailable) {
            return new Outcome.Failed(unavailable.code(), String.valueOf(unavailable.getMessage()), Call.UNRECORDED);
        } catch (RuntimeException failed) {
            // Fail closed: what could not be decided or sent is denied, and the log has the reason.
            LOG.error("call failed callId={}", call.id(), failed);
            return new Outcome.Failed(
                    "internal", "the call failed; the log has the reason under " + call.id(), Call.UNRECORDED);
        }
    }

    /// Commits a plan of this principal, as the page, the chat and the command line do: the arguments are the
    /// plan's.
    public Outcome confirm(Principal principal, String planId, Invocation.Via via) throws InterruptedException {
        var plan = changes.find(principal, planId);
        var arguments = changes.arguments(principal, planId);
        if (plan.isEmpty() || arguments.isEmpty()) {
            return new Outcome.Denied(
                    new Denial(
                            "plan_not_found", "gateway:plan", "you have no plan of that id", "plan the change again"),
                    Call.UNRECORDED);
        }
        var members = new LinkedHashMap<>(JsonSpans.members(arguments.get(), JsonLimits.REQUEST));
        members.put(Arguments.COMMIT, RawJson.of(JsonBoolean.TRUE));
        members.put(Arguments.CONFIRMATION, RawJson.of(new JsonString(planId)));
        return call(principal, Invocation.tool(plan.get().tool(), JsonSpans.join(members), via), Exchange.SILENT);
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
        return call(
                principal, Invocation.tool(tool.get().wireName(), RawJson.of(arguments.get()), via), Exchange.SILENT);
    }

    private record Undo(Plan plan, JsonObject how) {}

    private static Outcome refused(String code, String reason, String remedy) {
        return new Outcome.Denied(new Denial(code, "gateway:plan", reason, remedy), Call.UNRECORDED);
    }

    /// Every tool as it stands for a principal now, allowed or not, in a stable order.
    public List<ToolView> tools(Principal principal) {
        return tools(principal, Optional.empty());
    }

    /// The tools of one upstream, under their own names there; of all upstreams when none is given.
    public List<ToolView> tools(Principal principal, Optional<String> upstream) {
        var views = new ArrayList<ToolView>();
        for (var tool : upstreams.tools()) {
            if (upstream.isEmpty() || upstream.get().equals(tool.upstream())) {
                var name = upstream.isPresent() ? tool.name() : tool.wireName();
                var decision = decide(principal, tool, Set.of(), false);
                views.add(new ToolView(
                        name,
                        tool.upstream(),
                        WriteSchema.listed(tool, name),
                        tool.writes(),
                        decision.rule(),
                        denial(decision)));
            }
        }
        if (upstream.isEmpty()) {
            for (var definition : OwnTools.definitions()) {
                views.add(new ToolView(
                        definition.name(), OwnTools.UPSTREAM, definition, false, "gateway:own-tool", Optional.empty()));
            }
        }
        return Collections.unmodifiableList(views);
    }

    /// What upstreams list of a kind (`resources`, `resourceTemplates`, `prompts`), as far as the policy allows.
    public List<JsonObject> listed(Principal principal, String kind, Optional<String> upstream) {
        var all = new ArrayList<JsonObject>();
        for (var name : upstreams.names()) {
            if (upstream.isEmpty() || upstream.get().equals(name)) {
                for (var entry : upstreams.listed(name, kind)) {
                    var item = item(kind, entry);
                    if (item.isPresent()
                            && ask(principal, name, item.get(), true).allowed()) {
                        all.add(entry);
                    }
                }
            }
        }
        return all;
    }

    /// What the policy would say to a tool call now, with the way it came to it; nothing is called.
    public Decision why(Principal principal, String tool, JsonObject arguments, boolean commit) {
        return policy.get().explain(question(principal, tool, arguments, commit));
    }

    private Question question(Principal principal, String tool, JsonObject arguments, boolean commit) {
        var found = upstreams.tool(tool, Optional.empty());
        if (found.isEmpty()) {
            boolean ours = OwnTools.has(tool);
            return question(
                    principal,
                    ours ? OwnTools.UPSTREAM : "unknown",
                    tool,
                    ours,
                    !ours,
                    ours ? Reach.NONE : Reach.UNFILTERED,
                    Set.of(),
                    commit);
        }
        var known = found.get();
        var sites = new Arguments(RawJson.EMPTY_OBJECT, arguments, commit, Optional.empty())
                .sitesNamed(known.definition().inputSchema());
        return question(principal, known.upstream(), known.name(), true, known.writes(), reach(known), sites, commit);
    }

    private Outcome tool(Call call, Exchange exchange) throws InterruptedException {
        var invocation = call.invocation();
        if (invocation.upstream().isEmpty() && OwnTools.has(invocation.name())) {
            return ownTool(call);
        }
        var found = upstreams.tool(invocation.name(), invocation.upstream());
        if (found.isEmpty()) {
            return unknown(call, "tool");
        }
        var tool = found.get();
        Arguments arguments;
        try {
            arguments = Arguments.read(invocation.arguments(), tool.writes());
        } catch (InvalidJson invalid) {
            var index = audit.write(call.record(Event.CALL_DECISION)
                    .tool(tool.upstream(), "tool", tool.wireName())
                    .outcome("failed", "invalid_arguments"));
            return new Outcome.Failed("invalid_arguments", String.valueOf(invalid.getMessage()), index);
        }
        var sites = arguments.sitesNamed(tool.definition().inputSchema());
        boolean commit = arguments.commit() && arguments.confirmation().isPresent();
        var inForce = policy.get();
        var decision = decide(inForce, call.principal(), tool, sites, commit);
        var pending = audit.append(call.record(Event.CALL_DECISION)
                .tool(tool.upstream(), "tool", tool.wireName())
                .definition(tool.digest())
                .arguments(arguments.tree())
                .sites(call.principal().sites())
                .sitesNamed(sites)
                .decision(decision, inForce.hash()));
        return switch (decision) {
            case Decision.Deny deny -> denied(call, tool, deny.denial(), pending);
            case Decision.Execute execute ->
                switch (execute.mode()) {
                    case READ -> read(call, tool.upstream(), tool.name(), exchange, pending);
                    case DRY_RUN -> plan(call, tool, change(call, tool, arguments, execute, inForce), pending);
                    case COMMIT ->
                        commit(
                                call,
                                tool,
                                change(call, tool, arguments, execute, inForce),
                                arguments.confirmation().orElseThrow(),
                                pending);
                };
        };
    }

    private Outcome ownTool(Call call) {
        var arguments = Arguments.read(call.invocation().arguments(), false);
        var pending = audit.append(call.record(Event.CALL_DECISION)
                .tool(OwnTools.UPSTREAM, "tool", call.invocation().name())
                .mode(Mode.READ)
                .arguments(arguments.tree()));
        var reply = own.call(call.principal(), call.invocation().name(), arguments.tree());
        pending.await();
        audit.append(call.record(Event.CALL_OUTCOME)
                .tool(OwnTools.UPSTREAM, "tool", call.invocation().name())
                .outcome("done", "ok")
                .duration(call.elapsed()));
        return new Outcome.Done(reply, pending.index());
    }

    private Outcome resource(Call call, Exchange exchange) throws InterruptedException {
        var uri = call.invocation().name();
        var owner = upstreams.ownerOfResource(uri, call.invocation().upstream());
        return owner.isEmpty()
                ? unknown(call, "resource")
                : item(call, owner.get(), "resource", "resource:" + uri, uri, exchange);
    }

    private Outcome prompt(Call call, Exchange exchange) throws InterruptedException {
        var wireName = call.invocation().name();
        for (var upstream : upstreams.names()) {
            if (call.invocation()
                    .upstream()
                    .filter(name -> !name.equals(upstream))
                    .isEmpty()) {
                for (var prompt : upstreams.listed(upstream, "prompts")) {
                    if (prompt.string("name").filter(wireName::equals).isPresent()) {
                        return item(call, upstream, "prompt", "prompt:" + wireName, wireName, exchange);
                    }
                }
            }
        }
        return unknown(call, "prompt");
    }

    private Outcome item(Call call, String upstream, String kind, String item, String target, Exchange exchange)
            throws InterruptedException {
        var decision = ask(call.principal(), upstream, item, true);
        var pending = audit.append(call.record(Event.CALL_DECISION)
                .tool(upstream, kind, target)
                .sites(call.principal().sites())
                .decision(decision, policy.get().hash()));
        return switch (decision) {
            case Decision.Deny deny -> {
                pending.await();
                end(call, upstream, kind, target, "denied", deny.denial().code());
                // A resource that is denied looks like one that is not there.
                yield new Outcome.Unknown(kind, pending.index());
            }
            case Decision.Execute _ -> read(call, upstream, target, exchange, pending);
        };
    }

    private Outcome read(Call call, String upstream, String ownName, Exchange exchange, Pending pending)
            throws InterruptedException {
        var reply = dispatch.read(call.principal(), call.invocation(), upstream, ownName, exchange);
        // The answer is released only when the decision is on the disk.
        pending.await();
        var kind = call.kind();
        return switch (reply) {
            case UpstreamReply.Failed failed -> {
                audit.append(call.record(Event.CALL_OUTCOME)
                        .tool(upstream, kind, call.invocation().name())
                        .outcome("failed", failed.code())
                        .ends(failed.code(), "none", "none")
                        .duration(call.elapsed()));
                yield new Outcome.Failed(failed.code(), failed.message(), pending.index());
            }
            case UpstreamReply.Answered(McpReply.Failure failure) -> {
                audit.append(call.record(Event.CALL_OUTCOME)
                        .tool(upstream, kind, call.invocation().name())
                        .outcome("failed", "upstream_error")
                        .ends("ok", Integer.toString(failure.code()), "none")
                        .duration(call.elapsed()));
                yield new Outcome.Done(failure, pending.index());
            }
            case UpstreamReply.Answered(McpReply.Result result) -> {
                boolean toolError = call.invocation().kind() == Invocation.Kind.TOOL && Dispatch.toolError(result);
                audit.append(call.record(Event.CALL_OUTCOME)
                        .tool(upstream, kind, call.invocation().name())
                        .outcome(toolError ? "failed" : "done", toolError ? "tool_error" : "ok")
                        .ends("ok", "ok", toolError ? "tool_error" : "ok")
                        .result(Sha256.of(result.body()), result.body().length())
                        .duration(call.elapsed()));
                var receipt = result.meta().with("mistmcp/receipt", pending.receipt());
                yield new Outcome.Done(new McpReply.Result(result.body(), receipt, result.cache()), pending.index());
            }
        };
    }

    private Outcome plan(Call call, CatalogTool tool, Change change, Pending pending) throws InterruptedException {
        pending.await();
        return switch (changes.plan(change)) {
            case Planning.Planned planned -> {
                end(call, tool, "planned", "ok", Optional.of(planned.plan()));
                yield new Outcome.Planned(planned.plan(), pending.index());
            }
            case Planning.AlreadySo alreadySo -> {
                end(call, tool, "done", "nothing_to_change", Optional.empty());
                yield new Outcome.Done(PlanReplies.nothingToChange(alreadySo.preview()), pending.index());
            }
            case Planning.Declined declined -> {
                end(call, tool, "failed", "tool_error", Optional.empty());
                yield new Outcome.Done(declined.reply(), pending.index());
            }
            case Planning.Failed failed -> {
                end(call, tool, "failed", failed.code(), Optional.empty());
                yield new Outcome.Failed(failed.code(), failed.message(), pending.index());
            }
        };
    }

    private Outcome commit(Call call, CatalogTool tool, Change change, String planId, Pending pending)
            throws InterruptedException {
        pending.await();
        if (tool.preview() == UpstreamSettings.Preview.NONE) {
            var denial = new Denial(
                    "no_preview",
                    "gateway:preview",
                    "`" + tool.upstream() + "` shows no preview, so nothing of it can be committed",
                    "ask an operator to set `\"preview\": \"arguments\"` for this upstream");
            end(call, tool, "denied", denial.code(), Optional.empty());
            return new Outcome.Denied(denial, pending.index());
        }
        return switch (changes.commit(change, planId)) {
            case Step.Moved moved -> {
                end(
                        call,
                        tool,
                        PlanReplies.good(moved.plan()) ? "done" : "failed",
                        moved.plan().state().text(),
                        Optional.of(moved.plan()));
                yield new Outcome.Done(PlanReplies.ended(moved.plan(), false), pending.index());
            }
            case Step.Replayed replayed -> {
                end(call, tool, "done", "replayed", Optional.of(replayed.plan()));
                yield new Outcome.Done(PlanReplies.ended(replayed.plan(), true), pending.index());
            }
            case Step.Refused refused -> {
                boolean waits = refused.code().equals("approval_required");
                end(call, tool, waits ? "planned" : "denied", refused.code(), refused.plan());
                yield waits
                        ? new Outcome.Planned(refused.plan().orElseThrow(), pending.index())
                        : new Outcome.Denied(PlanReplies.denial(refused), pending.index());
            }
        };
    }

    private Change change(Call call, CatalogTool tool, Arguments arguments, Decision.Execute execute, Policy inForce) {
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
        end(call, tool, "denied", denial.code(), Optional.empty());
        boolean hidden = !decide(call.principal(), tool, Set.of(), false).allowed();
        return new Outcome.Denied(denial, hidden, pending.index());
    }

    private Outcome unknown(Call call, String kind) {
        var index = audit.write(call.record(Event.CALL_DECISION)
                .tool("", kind, call.invocation().name())
                .denial(new Denial("unknown_" + kind, "gateway:unknown", "no such " + kind, ""))
                .outcome("denied", "unknown_" + kind));
        return new Outcome.Unknown(kind, index);
    }

    private void end(Call call, CatalogTool tool, String outcome, String code, Optional<Plan> plan) {
        var record = call.record(Event.CALL_OUTCOME)
                .tool(tool.upstream(), "tool", tool.wireName())
                .outcome(outcome, code)
                .duration(call.elapsed());
        plan.ifPresent(known -> record.plan(known.id(), known.principal()));
        audit.append(record);
    }

    private void end(Call call, String upstream, String kind, String target, String outcome, String code) {
        audit.append(call.record(Event.CALL_OUTCOME)
                .tool(upstream, kind, target)
                .outcome(outcome, code)
                .duration(call.elapsed()));
    }

    private Decision decide(Principal principal, CatalogTool tool, Set<String> sites, boolean commit) {
        return decide(policy.get(), principal, tool, sites, commit);
    }

    private Decision decide(Policy inForce, Principal principal, CatalogTool tool, Set<String> sites, boolean commit) {
        return inForce.decide(
                question(principal, tool.upstream(), tool.name(), true, tool.writes(), reach(tool), sites, commit));
    }

    private Decision ask(Principal principal, String upstream, String item, boolean known) {
        var configured = upstreams.configured(upstream);
        var reach = configured.filter(UpstreamSettings.Configured::servesSites).isPresent()
                ? Reach.FILTERED
                : configured.filter(UpstreamSettings.Configured::withoutSites).isPresent()
                        ? Reach.NONE
                        : Reach.UNFILTERED;
        return policy.get().decide(question(principal, upstream, item, known, false, reach, Set.of(), false));
    }

    private Question question(
            Principal principal,
            String upstream,
            String item,
            boolean known,
            boolean write,
            Reach reach,
            Set<String> sites,
            boolean commit) {
        return new Question(
                principal.role(),
                principal.sites(),
                upstream,
                item,
                known,
                false,
                write,
                reach,
                sites,
                commit,
                writes.enabled() && !changes.unrecorded());
    }

    private static Reach reach(CatalogTool tool) {
        if (!tool.servesSites()) {
            return tool.withoutSites() ? Reach.NONE : Reach.UNFILTERED;
        }
        boolean organisation = tool.definition()
                .definition()
                .object("_meta")
                .flatMap(meta -> meta.bool("mistmcp/organisation"))
                .orElse(false);
        return organisation ? Reach.ORGANISATION : Reach.FILTERED;
    }

    private static Optional<Denial> denial(Decision decision) {
        return switch (decision) {
            case Decision.Execute _ -> Optional.empty();
            case Decision.Deny deny -> Optional.of(deny.denial());
        };
    }

    private static Optional<String> item(String kind, JsonObject entry) {
        return switch (kind) {
            case "resources" -> entry.string("uri").map(uri -> "resource:" + uri);
            case "resourceTemplates" -> entry.string("uriTemplate").map(uri -> "resource:" + uri);
            case "prompts" -> entry.string("name").map(name -> "prompt:" + name);
            default -> Optional.empty();
        };
    }

    /// One call on its way through the gate.
    private record Call(String id, long startNanos, Principal principal, Invocation invocation) {
        static final long UNRECORDED = -1;

        AuditRecord record(Event event) {
            var via = invocation.via();
            return AuditRecord.of(event)
                    .call(id)
                    .request(via.requestId())
                    .principal(principal)
                    .via(via.channel(), via.client(), via.thread());
        }

        String kind() {
            return switch (invocation.kind()) {
                case TOOL -> "tool";
                case RESOURCE, RESOURCE_COMPLETION -> "resource";
                case PROMPT, PROMPT_COMPLETION -> "prompt";
            };
        }

        Duration elapsed() {
            return Duration.ofNanos(System.nanoTime() - startNanos);
        }
    }
}

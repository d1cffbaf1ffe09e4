package mistmcp.gateway.call;

import java.util.Optional;
import java.util.Set;
import mistmcp.gateway.audit.AuditLog;
import mistmcp.gateway.audit.AuditRecord;
import mistmcp.gateway.audit.Event;
import mistmcp.gateway.audit.Pending;
import mistmcp.gateway.change.Plan;
import mistmcp.gateway.policy.Decision;
import mistmcp.gateway.policy.Denial;
import mistmcp.gateway.policy.Mode;
import mistmcp.gateway.upstream.CatalogTool;
import mistmcp.json.JsonObject;
import mistmcp.json.Sha256;
import mistmcp.mcp.McpReply;
import mistmcp.mcp.ResultStream;

/// What the audit log holds of a call: the decision before, the outcome after. Safe for several threads.
final class CallRecords {
    private final AuditLog audit;

    CallRecords(AuditLog audit) {
        this.audit = audit;
    }

    /// The decision about a tool call; its effect and its answer wait for it.
    Pending decided(
            Call call, CatalogTool tool, Arguments arguments, Set<String> sites, Decision decision, String policyHash) {
        return audit.append(of(call, Event.CALL_DECISION)
                .tool(tool.upstream(), "tool", tool.wireName())
                .definition(tool.digest())
                .arguments(arguments.tree())
                .sites(call.principal())
                .sitesNamed(sites)
                .decision(decision, policyHash));
    }

    /// The decision about a resource or a prompt.
    Pending decided(Call call, String upstream, String target, Decision decision, String policyHash) {
        return audit.append(of(call, Event.CALL_DECISION)
                .tool(upstream, call.kind(), target)
                .sites(call.principal())
                .decision(decision, policyHash));
    }

    /// The decision about watching a resource.
    Pending subscription(Call call, String upstream, Decision decision, String policyHash) {
        return audit.append(of(call, Event.CALL_DECISION)
                .tool(upstream, call.kind(), call.invocation().name())
                .sites(call.principal())
                .decision(decision, policyHash)
                .detail(JsonObject.of("act", "subscribe")));
    }

    /// A call of one of the gateway's own tools, which everybody may make.
    Pending ownTool(Call call, JsonObject arguments) {
        return audit.append(of(call, Event.CALL_DECISION)
                .tool(OwnTools.UPSTREAM, "tool", call.invocation().name())
                .mode(Mode.READ)
                .arguments(arguments));
    }

    /// A call of what is not there; answers the record's index.
    long unknown(Call call, String kind) {
        return audit.write(of(call, Event.CALL_DECISION)
                .tool("", kind, call.invocation().name())
                .denial(new Denial("unknown_" + kind, "gateway:unknown", "no such " + kind, ""))
                .outcome("denied", "unknown_" + kind));
    }

    /// Arguments that cannot be read; answers the record's index.
    long unreadable(Call call, CatalogTool tool) {
        return audit.write(of(call, Event.CALL_DECISION)
                .tool(tool.upstream(), "tool", tool.wireName())
                .outcome("failed", "argument_type"));
    }

    /// How a tool call ended, the plan beside when there is one.
    void ended(Call call, CatalogTool tool, String outcome, String code, Optional<Plan> plan) {
        var record = of(call, Event.CALL_OUTCOME)
                .tool(tool.upstream(), "tool", tool.wireName())
                .outcome(outcome, code)
                .duration(call.elapsed());
        plan.ifPresent(known -> record.plan(known.id(), known.principal()));
        audit.append(record);
    }

    /// How a call without an upstream's answer ended.
    void ended(Call call, String upstream, String target, String outcome, String code) {
        audit.append(of(call, Event.CALL_OUTCOME)
                .tool(upstream, call.kind(), target)
                .outcome(outcome, code)
                .duration(call.elapsed()));
    }

    /// A read that the upstream did not answer.
    void unanswered(Call call, String upstream, String code) {
        audit.append(of(call, Event.CALL_OUTCOME)
                .tool(upstream, call.kind(), call.invocation().name())
                .outcome("failed", code)
                .ends(code, "none", "none")
                .duration(call.elapsed()));
    }

    /// A read that the upstream answered with a JSON-RPC error.
    void refused(Call call, String upstream, McpReply.Failure failure) {
        audit.append(of(call, Event.CALL_OUTCOME)
                .tool(upstream, call.kind(), call.invocation().name())
                .outcome("failed", "upstream_error")
                .ends("ok", Integer.toString(failure.code()), "none")
                .duration(call.elapsed()));
    }

    /// A read that the upstream answered with a result.
    void answered(Call call, String upstream, McpReply.Result result, boolean toolError) {
        answered(call, upstream, Sha256.of(result.body()), result.body().length(), toolError);
    }

    /// A read whose result was relayed as it came, or broke off.
    void streamed(Call call, String upstream, ResultStream.End end, boolean toolError) {
        end.failed()
                .ifPresentOrElse(
                        failed -> unanswered(call, upstream, failed.code()),
                        () -> answered(call, upstream, end.digest().orElseThrow(), end.bytes(), toolError));
    }

    private void answered(Call call, String upstream, String digest, long bytes, boolean toolError) {
        audit.append(of(call, Event.CALL_OUTCOME)
                .tool(upstream, call.kind(), call.invocation().name())
                .outcome(toolError ? "failed" : "done", toolError ? "tool_error" : "ok")
                .ends("ok", "ok", toolError ? "tool_error" : "ok")
                .result(digest, bytes)
                .duration(call.elapsed()));
    }

    /// What the upstream asked of the caller, and what came of it; an answer waits for it.
    ///
    /// @param reason why we declined it ourselves; empty when the caller did what was done
    Pending question(
            Call call,
            String upstream,
            String method,
            Optional<String> mode,
            Optional<String> host,
            String action,
            Optional<String> reason) {
        var record = of(call, Event.CALL_QUESTION)
                .tool(upstream, call.kind(), call.invocation().name())
                .question(method, mode, host, action);
        reason.ifPresent(record::reason);
        return audit.append(record);
    }

    private static AuditRecord of(Call call, Event event) {
        var via = call.invocation().via();
        return AuditRecord.of(event)
                .call(call.id())
                .request(via.requestId())
                .principal(call.principal())
                .via(via.channel(), via.client(), via.thread(), via.from());
    }
}

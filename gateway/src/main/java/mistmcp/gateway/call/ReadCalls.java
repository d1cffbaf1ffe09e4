package mistmcp.gateway.call;

import mistmcp.gateway.audit.Pending;
import mistmcp.json.JsonObject;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.McpReply;
import mistmcp.mcp.UpstreamReply;

/// Reads that the policy has let through: sent at once, answered when the decision is on the disk. Safe for
/// several threads.
final class ReadCalls {
    private final Dispatch dispatch;
    private final CallRecords records;

    ReadCalls(Dispatch dispatch, CallRecords records) {
        this.dispatch = dispatch;
        this.records = records;
    }

    /// Sends one read.
    ///
    /// @param ownName the tool's or prompt's name at its upstream, or the URI
    Outcome read(Call call, String upstream, String ownName, Exchange exchange, Pending pending)
            throws InterruptedException {
        var line = new QuestionLine(exchange.askedBy(upstream), call, upstream, records);
        var reply = dispatch.read(call.principal(), call.invocation(), upstream, ownName, line);
        // The answer is released only when the decision is on the disk.
        pending.await();
        return switch (reply) {
            case UpstreamReply.Failed failed -> {
                records.unanswered(call, upstream, failed.code());
                yield new Outcome.Failed(failed.code(), failed.message(), pending.index());
            }
            case UpstreamReply.Answered(McpReply.Failure failure) -> {
                records.refused(call, upstream, failure);
                yield new Outcome.Done(failure, pending.index());
            }
            case UpstreamReply.Answered(McpReply.Result result) -> {
                boolean toolError = call.invocation().kind() == Invocation.Kind.TOOL && Dispatch.toolError(result);
                records.answered(call, upstream, result, toolError);
                yield new Outcome.Done(
                        new McpReply.Result(result.object(), receipt(result.meta(), pending), result.cache()),
                        pending.index());
            }
            case UpstreamReply.Streaming(McpReply.Streamed result) -> {
                boolean tool = call.invocation().kind() == Invocation.Kind.TOOL;
                result.stream().onEnd(end -> records.streamed(call, upstream, end, tool && end.toolError()));
                yield new Outcome.Done(
                        new McpReply.Streamed(result.stream(), receipt(result.meta(), pending), result.cache()),
                        pending.index());
            }
        };
    }

    private static JsonObject receipt(JsonObject meta, Pending pending) {
        return meta.with("mistmcp/receipt", pending.receipt());
    }
}

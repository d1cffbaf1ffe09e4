package mistmcp.bench;

import java.util.Optional;
import mistmcp.gateway.identity.Principal;
import mistmcp.json.JsonObject;
import mistmcp.jsonrpc.ErrorCode;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.McpReply;
import mistmcp.mcp.McpRequest;
import mistmcp.mcp.UpstreamReply;
import mistmcp.mcp.server.McpService;

/// Sends what comes on to the upstream, in the way of its stage.
final class ForwardingService implements McpService<Optional<Principal>> {
    private final Way way;

    ForwardingService(Way way) {
        this.way = way;
    }

    /// What a stage does with a request.
    interface Way {
        UpstreamReply send(Optional<Principal> caller, McpRequest request, Exchange exchange)
                throws InterruptedException;
    }

    @Override
    public JsonObject serverInfo() {
        return JsonObject.of("name", "bench-stage", "version", "1");
    }

    @Override
    public String instructions(Optional<Principal> caller) {
        return "";
    }

    @Override
    public JsonObject capabilities(Optional<Principal> caller) {
        return JsonObject.of("tools", JsonObject.EMPTY);
    }

    @Override
    public McpReply handle(Optional<Principal> caller, McpRequest request, Exchange exchange)
            throws InterruptedException {
        return switch (way.send(caller, request, exchange)) {
            case UpstreamReply.Answered(var reply) -> reply;
            case UpstreamReply.Streaming(var reply) -> reply;
            case UpstreamReply.Failed failed -> McpReply.Failure.of(ErrorCode.INTERNAL_ERROR, failed.code());
        };
    }
}

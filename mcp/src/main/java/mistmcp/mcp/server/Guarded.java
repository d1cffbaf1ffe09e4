package mistmcp.mcp.server;

import mistmcp.jsonrpc.ErrorCode;
import mistmcp.mcp.McpReply;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs a service on a call: whatever it throws becomes an answer that says nothing of it. Stateless.
final class Guarded {
    private static final Logger LOG = LoggerFactory.getLogger(Guarded.class);

    private Guarded() {}

    static <C> McpReply answer(McpService<C> service, C caller, LiveCall call) {
        try {
            return service.handle(caller, call.request(), call);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return McpReply.Failure.of(ErrorCode.INTERNAL_ERROR, "the server is stopping");
        } catch (RuntimeException failure) {
            LOG.error("request failed method={}", call.request().method(), failure);
            return McpReply.Failure.of(ErrorCode.INTERNAL_ERROR, "the request failed; the server's log has the reason");
        }
    }
}

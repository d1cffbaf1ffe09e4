package mistmcp.mcp.client;

import java.io.IOException;
import mistmcp.http.HttpFailure;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.UpstreamReply;

/// The ways in which a request to a server fails, in the words that its caller gets. Stateless.
final class Failures {
    private Failures() {}

    static UpstreamReply.Failed cancelled(boolean maybeSent) {
        return new UpstreamReply.Failed("cancelled", "the caller has gone or cancelled", maybeSent);
    }

    static UpstreamReply.Failed late(boolean maybeSent) {
        return new UpstreamReply.Failed("upstream_timeout", "the server did not answer in time", maybeSent);
    }

    static UpstreamReply.Failed broken(String message) {
        return new UpstreamReply.Failed("upstream_broken", message, true);
    }

    static UpstreamReply.Failed garbage(String message) {
        return new UpstreamReply.Failed("upstream_garbage", message, true);
    }

    /// An HTTP status that says it all. What is refused for want of an authorization has not been applied (RFC
    /// 9110 section 15.5.2); of any other that is not known.
    static UpstreamReply.Failed status(int status) {
        return new UpstreamReply.Failed(
                "upstream_broken", "the server answered with HTTP status " + status, status != 401);
    }

    /// What broke the connection, unless it was our caller.
    static UpstreamReply.Failed of(IOException failed, Exchange exchange) {
        boolean maybeSent = !(failed instanceof HttpFailure known) || known.maybeSent();
        if (exchange.cancelled()) {
            return cancelled(maybeSent);
        }
        var kind = failed instanceof HttpFailure known ? known.kind() : HttpFailure.Kind.RESET;
        return switch (kind) {
            case CONNECT -> new UpstreamReply.Failed("upstream_unreachable", "the server cannot be reached", false);
            case TIMEOUT -> late(true);
            case RESET -> broken("the connection to the server broke");
            case TOO_LARGE ->
                new UpstreamReply.Failed(
                        "result_too_large",
                        "the server's answer is longer than allowed, or too many large ones are under way",
                        true);
            case GARBAGE -> garbage("the server's answer is cut or cannot be read");
        };
    }
}

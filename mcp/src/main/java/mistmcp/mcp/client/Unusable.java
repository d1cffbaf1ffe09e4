package mistmcp.mcp.client;

import mistmcp.mcp.UpstreamReply;

/// No answer of a child process can come any more.
final class Unusable extends Exception {
    private static final long serialVersionUID = 1;
    private final transient UpstreamReply.Failed failed;

    Unusable(String code, String message, boolean maybeSent) {
        this(new UpstreamReply.Failed(code, message, maybeSent));
    }

    Unusable(UpstreamReply.Failed failed) {
        super(failed.message());
        this.failed = failed;
    }

    /// What its caller gets instead.
    UpstreamReply.Failed failed() {
        return failed;
    }
}

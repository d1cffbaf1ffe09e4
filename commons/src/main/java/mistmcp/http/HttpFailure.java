package mistmcp.http;

import java.io.IOException;

/// A call to another server that brought no whole answer.
public final class HttpFailure extends IOException {
    private static final long serialVersionUID = 1;

    /// How it failed.
    public enum Kind {
        /// No connection was made: nothing was sent.
        CONNECT,
        /// The deadline passed.
        TIMEOUT,
        /// The connection broke, or what came on it is no HTTP answer.
        RESET,
        /// The answer has more bytes than allowed.
        TOO_LARGE,
        /// The answer's body is cut or cannot be decoded.
        GARBAGE
    }

    private final Kind kind;

    /// A failure with its kind.
    public HttpFailure(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /// How it failed.
    public Kind kind() {
        return kind;
    }

    /// Whether the other side may have received the request.
    public boolean maybeSent() {
        return kind != Kind.CONNECT;
    }
}

package mistmcp.json;

/// JSON that is refused. The message says where and why in one line, without the text itself.
public final class InvalidJson extends RuntimeException {
    private static final long serialVersionUID = 1;

    /// Why a text is refused.
    public enum Reason {
        MALFORMED,
        DUPLICATE_KEY,
        TOO_DEEP,
        TOO_LARGE,
        INVALID_UTF8,
        INEXACT_NUMBER
    }

    private final Reason reason;
    private final String message;

    /// A refusal with its reason.
    public InvalidJson(Reason reason, String message) {
        super(message);
        this.reason = reason;
        this.message = message;
    }

    @Override
    public String getMessage() {
        return message;
    }

    /// Why the text is refused.
    public Reason reason() {
        return reason;
    }
}

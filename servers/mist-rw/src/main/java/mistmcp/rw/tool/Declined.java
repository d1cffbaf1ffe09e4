package mistmcp.rw.tool;

import mistmcp.json.JsonObject;

/// A call that cannot be planned, thrown through the steps of one tool to its edge, where it becomes the
/// answer.
final class Declined extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String code;
    private final String reason;
    private final transient JsonObject more;

    Declined(String code, String message) {
        this(code, message, JsonObject.EMPTY);
    }

    Declined(String code, String message, JsonObject more) {
        super(message);
        this.code = code;
        this.reason = message;
        this.more = more;
    }

    /// The stable code.
    String code() {
        return code;
    }

    /// One line for the caller.
    String reason() {
        return reason;
    }

    /// What else helps the caller.
    JsonObject more() {
        return more;
    }
}

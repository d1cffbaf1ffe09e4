package mistmcp.gateway.chat;

/// What an upstream asks cannot be shown to a person; the message says why, in one line.
final class Unusable extends Exception {
    private static final long serialVersionUID = 1;

    Unusable(String reason) {
        super(reason);
    }

    /// Why, in one line.
    String reason() {
        return String.valueOf(getMessage());
    }
}

package mistmcp.mcp.oauth;

/// Why an authorization could not be got. It never leaves this package: to the outside it is a value.
final class OAuthFault extends Exception {
    private static final long serialVersionUID = 1;

    private final Refusal refusal;
    private final String error;

    /// A fault.
    ///
    /// @param code   the stable code
    /// @param detail one line for people, without what the other side could have written
    OAuthFault(String code, String detail) {
        this(code, detail, "");
    }

    /// The same, of an answer of an authorization server.
    ///
    /// @param error its error code as it came: to be compared, and never to be shown
    OAuthFault(String code, String detail, String error) {
        super(detail);
        this.refusal = new Refusal(code, detail);
        this.error = error;
    }

    Refusal refusal() {
        return refusal;
    }

    String error() {
        return error;
    }
}

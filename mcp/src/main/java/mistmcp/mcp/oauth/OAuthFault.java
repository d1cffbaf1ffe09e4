package mistmcp.mcp.oauth;

/// Why an authorization could not be got. It never leaves this package: to the outside it is a value.
final class OAuthFault extends Exception {
    private static final long serialVersionUID = 1;

    private final Refusal refusal;

    /// A fault.
    ///
    /// @param code   the stable code
    /// @param detail one line for people, without what the other side could have written
    OAuthFault(String code, String detail) {
        super(detail);
        this.refusal = new Refusal(code, detail);
    }

    Refusal refusal() {
        return refusal;
    }
}

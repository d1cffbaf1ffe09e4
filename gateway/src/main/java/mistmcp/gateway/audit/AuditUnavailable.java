package mistmcp.gateway.audit;

/// A record that cannot be made durable, so what depends on it must not happen. Codes: `audit_busy` (the
/// queue is full), `audit_slow` (the disk took over two seconds), `audit_full` (the disk is filling up),
/// `audit_corrupt` (the log needs an operator before anything may be written to the network), `audit_failed`
/// (the disk failed), `audit_closed`, `audit_interrupted`.
public final class AuditUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String code;
    private final String reason;

    /// A failure with its stable code.
    public AuditUnavailable(String code, String reason) {
        super(reason);
        this.code = code;
        this.reason = reason;
    }

    /// The stable code.
    public String code() {
        return code;
    }

    /// Why, in one line.
    public String reason() {
        return reason;
    }

    /// The same failure for another thread to throw.
    AuditUnavailable again() {
        return new AuditUnavailable(code, reason);
    }
}

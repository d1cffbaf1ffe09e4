package mistmcp.gateway.auth;

import java.util.Optional;

/// Ends a sign-in at the first fault. It is caught where the sign-in is handled and leaves the package as a
/// [SignInRefusal].
final class RefusedSignIn extends Exception {
    private static final long serialVersionUID = 1;

    private final String code;
    private final String reason;
    private final String detail;
    private final boolean passing;
    private final transient Optional<String> subject;

    RefusedSignIn(SignInFault fault) {
        this(fault, Optional.empty(), Optional.empty());
    }

    /// @param more what the provider said, fit to be shown
    RefusedSignIn(SignInFault fault, String more) {
        this(fault, Optional.of(more), Optional.empty());
    }

    private RefusedSignIn(SignInFault fault, Optional<String> more, Optional<String> subject) {
        this(
                fault.code(),
                fault.reason(),
                more.map(text -> fault.detail() + ": " + text).orElse(fault.detail()),
                fault.passing(),
                subject);
    }

    private RefusedSignIn(String code, String reason, String detail, boolean passing, Optional<String> subject) {
        super(reason, null, false, false);
        this.code = code;
        this.reason = reason;
        this.detail = detail;
        this.passing = passing;
        this.subject = subject;
    }

    /// A person whom the provider has named, and whose token or role is refused.
    static RefusedSignIn of(RefusedToken refused, String issuer, String subject) {
        var fault = refused.fault();
        return new RefusedSignIn(
                fault.code(),
                fault.reason(),
                refused.detail(),
                fault == TokenFault.KEYS_UNAVAILABLE,
                Optional.of(PlainText.shown(issuer) + "|" + PlainText.shown(subject)));
    }

    String code() {
        return code;
    }

    String reason() {
        return reason;
    }

    String detail() {
        return detail;
    }

    boolean passing() {
        return passing;
    }

    Optional<String> subject() {
        return subject;
    }
}

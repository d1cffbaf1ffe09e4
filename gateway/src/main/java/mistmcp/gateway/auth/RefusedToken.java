package mistmcp.gateway.auth;

import java.util.Optional;

/// Ends the checks of a token at the first fault. It is caught where the checks begin and leaves the package
/// as a [Authentication.Refused]; thirty checks in a row read better so than as values handed up each.
final class RefusedToken extends Exception {
    private static final long serialVersionUID = 1;

    private final TokenFault fault;
    private final transient Optional<String> more;

    RefusedToken(TokenFault fault) {
        this(fault, Optional.empty());
    }

    /// A fault whose detail says more; only for faults after the signature.
    RefusedToken(TokenFault fault, String more) {
        this(fault, Optional.of(more));
    }

    private RefusedToken(TokenFault fault, Optional<String> more) {
        super(fault.name(), null, false, false);
        this.fault = fault;
        this.more = more;
    }

    TokenFault fault() {
        return fault;
    }

    String detail() {
        return more.map(text -> fault.detail() + ": " + text).orElse(fault.detail());
    }
}

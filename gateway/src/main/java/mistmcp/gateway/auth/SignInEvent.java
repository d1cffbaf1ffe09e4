package mistmcp.gateway.auth;

import java.net.InetAddress;
import java.util.Optional;
import mistmcp.gateway.identity.Principal;

/// Something about signing in that the audit log wants to know.
public sealed interface SignInEvent {
    /// A request's proof was refused.
    ///
    /// @param reason  the exact reason, one of the words of docs/errors.md
    /// @param subject `issuer|subject` when a signature had verified
    record Refused(String reason, String code, Optional<String> subject, InetAddress peer, String requestId)
            implements SignInEvent {}

    /// A DEV token was made.
    record Minted(Principal principal, InetAddress peer, String requestId) implements SignInEvent {}

    /// A browser signed in.
    record Opened(Principal principal, InetAddress peer, String requestId) implements SignInEvent {}

    /// A browser signed out.
    record Closed(Principal principal, InetAddress peer, String requestId) implements SignInEvent {}

    /// A one-time sign-in code was made for the operator.
    record LinkMade(InetAddress peer, String requestId) implements SignInEvent {}
}

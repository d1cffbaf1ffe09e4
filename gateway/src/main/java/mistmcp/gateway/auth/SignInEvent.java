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

    /// A person whom the provider had named was not signed in.
    ///
    /// @param subject `issuer|subject`
    /// @param detail  what was seen and is missing
    record TurnedAway(String reason, String code, String subject, String detail, InetAddress peer, String requestId)
            implements SignInEvent {}

    /// The provider gave a browser session another role, or other sites, at its renewal.
    record Changed(Principal principal) implements SignInEvent {}

    /// A browser session was not renewed.
    ///
    /// @param reason the exact reason
    record NotRenewed(Principal principal, String code, String reason) implements SignInEvent {}

    /// A DEV token was made.
    record Minted(Principal principal, InetAddress peer, String requestId) implements SignInEvent {}

    /// A browser signed in.
    record Opened(Principal principal, InetAddress peer, String requestId) implements SignInEvent {}

    /// A browser signed out.
    record Closed(Principal principal, InetAddress peer, String requestId) implements SignInEvent {}

    /// A one-time sign-in code was made for the operator.
    record LinkMade(InetAddress peer, String requestId) implements SignInEvent {}
}

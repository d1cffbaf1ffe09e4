package mistmcp.mcp.oauth;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// How it stands with the authorization towards one server.
public sealed interface AccessState {
    /// The server was not asked yet, or wants no authorization.
    record Unasked() implements AccessState {}

    /// There is a token.
    ///
    /// @param issuer    who gave it
    /// @param scopes    what it is good for
    /// @param expiresAt when it ends, where that is known
    /// @param renews    whether it can be renewed without a person
    /// @param missing   scopes that the server asked for and the token has not
    record Authorized(
            String issuer, Set<String> scopes, Optional<Instant> expiresAt, boolean renews, Set<String> missing)
            implements AccessState {}

    /// There is none that the server takes.
    ///
    /// @param why in one line
    record NeedsAuthorization(String why) implements AccessState {}
}

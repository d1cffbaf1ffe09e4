package mistmcp.gateway.auth;

import java.time.Instant;
import java.util.Optional;
import mistmcp.gateway.identity.Principal;
import mistmcp.settings.Secret;

/// One browser's sign-in.
///
/// @param principal  who signed in
/// @param csrf       what state-changing calls carry in `X-CSRF-Token`
/// @param signedInAt when it was opened
/// @param provenAt   when the human proved who they are, as far as that is known, for approvals at level
///                   `fresh-login`
/// @param endsAt     when it ends, however busy it is, unless it is renewed before
/// @param renews     whether it is renewed before its end
/// @param trouble    why it will not be renewed although it was to be; one line for people
public record BrowserSession(
        Principal principal,
        Secret csrf,
        Instant signedInAt,
        Optional<Instant> provenAt,
        Instant endsAt,
        boolean renews,
        Optional<String> trouble) {}

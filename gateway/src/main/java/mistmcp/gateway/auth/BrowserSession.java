package mistmcp.gateway.auth;

import java.time.Instant;
import mistmcp.gateway.identity.Principal;
import mistmcp.settings.Secret;

/// One browser's sign-in.
///
/// @param principal  who signed in
/// @param csrf       what state-changing calls carry in `X-CSRF-Token`
/// @param signedInAt when the human last proved who they are, for approvals at level `fresh-login`
/// @param endsAt     when it ends, however busy it is
public record BrowserSession(Principal principal, Secret csrf, Instant signedInAt, Instant endsAt) {}

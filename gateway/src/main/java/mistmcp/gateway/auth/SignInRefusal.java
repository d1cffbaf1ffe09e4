package mistmcp.gateway.auth;

import java.time.Instant;

/// Why a browser was not signed in, for the page.
///
/// @param code      the stable code
/// @param detail    in one line, with the values seen where they help
/// @param requestId under which the logs have it
/// @param at        when
public record SignInRefusal(String code, String detail, String requestId, Instant at) {}

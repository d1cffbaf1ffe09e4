package mistmcp.mcp.oauth;

import java.util.Set;

/// The error codes of RFC 6749 and RFC 8707. Only these are repeated: what else a server writes is its own
/// text.
final class OAuthErrors {
    private static final Set<String> KNOWN = Set.of(
            "access_denied",
            "consent_required",
            "interaction_required",
            "invalid_client",
            "invalid_grant",
            "invalid_request",
            "invalid_scope",
            "invalid_target",
            "login_required",
            "server_error",
            "temporarily_unavailable",
            "unauthorized_client",
            "unsupported_grant_type",
            "unsupported_response_type");

    private OAuthErrors() {}

    /// Whether an error says that it will pass.
    static boolean passes(String code) {
        return code.equals("server_error") || code.equals("temporarily_unavailable");
    }

    static boolean known(String code) {
        return KNOWN.contains(code);
    }
}

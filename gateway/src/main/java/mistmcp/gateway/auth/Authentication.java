package mistmcp.gateway.auth;

import java.util.Map;
import java.util.Optional;
import mistmcp.gateway.identity.Principal;
import mistmcp.http.HttpProblem;
import mistmcp.json.JsonObject;

/// What came of looking at the proof that a request carries.
public sealed interface Authentication {
    /// The proof holds.
    ///
    /// @param principal who calls
    record Authenticated(Principal principal) implements Authentication {}

    /// The proof does not hold, or there is none.
    ///
    /// @param status      400, 401, 403 or 503
    /// @param code        the stable code that the caller sees
    /// @param detail      what the caller is told; specific only when the signature had verified
    /// @param auditReason the exact reason, for the audit log only
    /// @param subject     `issuer|subject` when the signature had verified, for the audit log only
    /// @param challenge   the value of `WWW-Authenticate`, on 400, 401 and 403
    record Refused(
            int status,
            String code,
            String detail,
            String auditReason,
            Optional<String> subject,
            Optional<String> challenge)
            implements Authentication {
        /// The refusal as the edge answers it.
        public HttpProblem problem() {
            return new HttpProblem(
                    status,
                    code,
                    detail,
                    JsonObject.EMPTY,
                    challenge.map(value -> Map.of("WWW-Authenticate", value)).orElse(Map.of()));
        }
    }
}

package mistmcp.mcp.oauth;

import java.net.URI;
import java.time.Instant;
import java.util.Set;

/// How the preparation of an authorization ended.
public sealed interface Begun {
    /// A person can be asked now.
    ///
    /// @param address where
    /// @param state   what the answer comes back with
    /// @param issuer  who asks him
    /// @param scopes  what for; empty for what the issuer sees fit
    /// @param end     until when the answer counts
    record Ready(URI address, String state, String issuer, Set<String> scopes, Instant end) implements Begun {}

    /// There is nobody to ask: it is done.
    record Done(String issuer, Set<String> scopes) implements Begun {}

    /// It cannot be prepared.
    record Refused(Refusal refusal) implements Begun {}
}

package mistmcp.mcp.oauth;

import java.util.Set;

/// How an answer of an authorization server was taken.
public sealed interface Finished {
    /// There is a token now.
    record Done(String issuer, Set<String> scopes) implements Finished {}

    /// There is none.
    record Refused(Refusal refusal) implements Finished {}
}

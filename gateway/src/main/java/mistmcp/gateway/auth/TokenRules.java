package mistmcp.gateway.auth;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/// What a token must say to be taken.
///
/// @param issuers    the accepted `iss`, each exact
/// @param audiences  the accepted `aud`; one of the token's must be among them
/// @param clients    the accepted `azp`, `appid`, `cid` or `client_id`; empty accepts any
/// @param algorithms the accepted `alg`
/// @param maxLife    the longest from `iat` to `exp`
public record TokenRules(
        List<String> issuers, List<String> audiences, Set<String> clients, Set<String> algorithms, Duration maxLife) {
    /// The longest life that any token may have.
    static final Duration LONGEST_LIFE = Duration.ofDays(7);

    /// The signature algorithms that providers use; none of them is symmetric.
    static final Set<String> PUBLIC_KEY_ALGORITHMS =
            Set.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519");

    /// Copies what is given.
    public TokenRules {
        issuers = List.copyOf(issuers);
        audiences = List.copyOf(audiences);
        clients = Set.copyOf(clients);
        algorithms = Set.copyOf(algorithms);
    }
}

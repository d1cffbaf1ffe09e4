package mistmcp.gateway.identity;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Who calls, as proven by a token or a browser session that was checked.
///
/// @param issuer     who vouches
/// @param subject    the caller's name at the issuer
/// @param email      for people to read; proves nothing
/// @param role       what the caller may do at most
/// @param roleSource the claim and the value that gave the role
/// @param sites      the sites in scope
/// @param client     the program that the token was given to (`azp`, `appid`, `cid`); empty when the token
///                   does not say
/// @param groups     claims that grants of the policy may name, by claim
/// @param expiresAt  when the proof ends
public record Principal(
        String issuer,
        String subject,
        Optional<String> email,
        Role role,
        RoleSource roleSource,
        SiteScope sites,
        Optional<String> client,
        Map<String, List<String>> groups,
        Instant expiresAt) {
    /// The claim and the value that gave the role.
    public record RoleSource(String claim, String value) {}

    /// Copies the map given.
    public Principal {
        groups = Map.copyOf(groups);
    }

    /// `issuer|subject`: the same for one caller everywhere, whatever its email is.
    public String key() {
        return issuer + "|" + subject;
    }
}

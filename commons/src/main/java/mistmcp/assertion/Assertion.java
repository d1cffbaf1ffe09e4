package mistmcp.assertion;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What the gateway vouches for on one call to one of our own servers.
///
/// @param audience        the server's name, `mist-ro` or `mist-rw`
/// @param principal       who calls: `issuer|subject`
/// @param role            `ReadOnly` or `ReadWrite`
/// @param sites           the site ids in scope; `*` alone means all
/// @param mode            `read`, `dry_run` or `commit`
/// @param method          the MCP method, as `tools/call`
/// @param target          the tool's or prompt's own name, or the resource's URI; empty for lists
/// @param argumentsDigest `sha256:` over the bytes of the arguments as sent; of no bytes when there are none
/// @param id              unique for each assertion (`jti`); a commit's is taken once
/// @param expiresAt       60 s after it was made
/// @param commit          the hashes of the approved plan, on a commit
public record Assertion(
        String audience,
        String principal,
        String role,
        List<String> sites,
        String mode,
        String method,
        String target,
        String argumentsDigest,
        String id,
        Instant expiresAt,
        Optional<Commit> commit) {

    /// The header that carries it.
    public static final String HEADER = "Mist-Assertion";

    /// What a commit is bound to.
    ///
    /// @param planId       the plan that was approved
    /// @param changeDigest the digest of the change that was shown
    /// @param beforeHash   the hash of the state that it was planned on
    public record Commit(String planId, String changeDigest, String beforeHash) {}

    /// Copies the list given.
    public Assertion {
        sites = List.copyOf(sites);
    }

    /// Whether all sites are in scope.
    public boolean allSites() {
        return sites.contains("*");
    }

    /// Whether a site is in scope.
    public boolean covers(String siteId) {
        return allSites() || sites.contains(siteId);
    }
}

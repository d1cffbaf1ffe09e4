package mistmcp.gateway.policy;

import java.util.Set;
import mistmcp.gateway.identity.Role;
import mistmcp.gateway.identity.SiteScope;

/// All that a decision needs to know of one call.
///
/// @param role         the caller's role
/// @param sites        the caller's sites
/// @param upstream     the upstream that owns what is called; `gateway` for the gateway's own tools
/// @param item         the tool's name on its own server, `resource:<uri>` or `prompt:<name>`
/// @param known        whether the upstream is configured and has listed the item
/// @param held         whether the item's definition changed since it was pinned
/// @param writes       whether it writes
/// @param reach        how it stands to sites
/// @param sitesNamed   the ids of the sites that the arguments name; empty when they name none
/// @param commit       whether the caller asks for the effect
/// @param writeEnabled whether commits are switched on
public record Question(
        Role role,
        SiteScope sites,
        String upstream,
        String item,
        boolean known,
        boolean held,
        boolean writes,
        Reach reach,
        Set<String> sitesNamed,
        boolean commit,
        boolean writeEnabled) {
    /// The upstream name of the tools that the gateway has itself.
    public static final String GATEWAY = "gateway";

    /// Copies the set given.
    public Question {
        sitesNamed = Set.copyOf(sitesNamed);
    }
}

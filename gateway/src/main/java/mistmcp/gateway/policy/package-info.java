/// Decides: role, site scope, dry run, commit gate; pure, deny by default, names the rule that decided.
@NullMarked
package mistmcp.gateway.policy;

import org.jspecify.annotations.NullMarked;

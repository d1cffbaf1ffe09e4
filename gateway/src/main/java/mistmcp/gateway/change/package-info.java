/// Plans and their states: preview, approval, commit, verify, undo.
@NullMarked
package mistmcp.gateway.change;

import org.jspecify.annotations.NullMarked;

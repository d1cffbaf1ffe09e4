/// One class for each write tool: plan, then apply.
@NullMarked
package mistmcp.rw.tool;

import org.jspecify.annotations.NullMarked;

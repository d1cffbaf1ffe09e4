/// One class for each tool of the read server, and what they share.
@NullMarked
package mistmcp.ro.tool;

import org.jspecify.annotations.NullMarked;

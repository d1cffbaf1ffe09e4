/// One class for each prompt of the read server, and what they share.
@NullMarked
package mistmcp.ro.prompt;

import org.jspecify.annotations.NullMarked;

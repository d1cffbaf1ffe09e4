/// Main of the read server and its wiring.
@NullMarked
package mistmcp.ro;

import org.jspecify.annotations.NullMarked;

/// Main of the write server and its wiring.
@NullMarked
package mistmcp.rw;

import org.jspecify.annotations.NullMarked;

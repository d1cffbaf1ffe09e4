/// Tests of the simulated Mist, over real ports.
@NullMarked
package mistmcp.sim;

import org.jspecify.annotations.NullMarked;

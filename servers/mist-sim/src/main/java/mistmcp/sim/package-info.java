/// The simulated Mist cloud: its start, its seed, its journal and its faults on demand.
@NullMarked
package mistmcp.sim;

import org.jspecify.annotations.NullMarked;

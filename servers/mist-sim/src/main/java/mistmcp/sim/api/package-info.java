/// The endpoints of the simulated Mist, one class for each family, and the state they answer from.
@NullMarked
package mistmcp.sim.api;

import org.jspecify.annotations.NullMarked;

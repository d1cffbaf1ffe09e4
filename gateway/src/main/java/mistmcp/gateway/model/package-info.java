/// A model provider as an interface, and the real adapters; the planner has a room of its own below.
@NullMarked
package mistmcp.gateway.model;

import org.jspecify.annotations.NullMarked;

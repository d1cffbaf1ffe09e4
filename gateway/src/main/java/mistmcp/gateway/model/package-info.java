/// A model provider as an interface; the planner and the real adapters.
@NullMarked
package mistmcp.gateway.model;

import org.jspecify.annotations.NullMarked;

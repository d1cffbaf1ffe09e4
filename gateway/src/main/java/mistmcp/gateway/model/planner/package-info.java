/// The built-in planner, the default model: matches words to the tools at hand. No AI, no network, no guess.
@NullMarked
package mistmcp.gateway.model.planner;

import org.jspecify.annotations.NullMarked;

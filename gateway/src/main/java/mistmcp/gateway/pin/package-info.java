/// The tool definitions that are in force, and those held back until an operator accepts them.
@NullMarked
package mistmcp.gateway.pin;

import org.jspecify.annotations.NullMarked;

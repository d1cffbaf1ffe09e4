/// Our client side as the official conformance suite drives it.
@NullMarked
package mistmcp.acceptance.conformance;

import org.jspecify.annotations.NullMarked;

/// Ends waits that have lasted too long, without a timer for each.
@NullMarked
package mistmcp.time;

import org.jspecify.annotations.NullMarked;

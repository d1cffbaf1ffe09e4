/// Ids that are given once.
@NullMarked
package mistmcp.ids;

import org.jspecify.annotations.NullMarked;

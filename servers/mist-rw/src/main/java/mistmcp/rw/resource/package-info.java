/// One class for each resource.
@NullMarked
package mistmcp.rw.resource;

import org.jspecify.annotations.NullMarked;

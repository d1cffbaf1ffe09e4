/// One class for each resource of the read server, and what they share.
@NullMarked
package mistmcp.ro.resource;

import org.jspecify.annotations.NullMarked;

/// The service assertion between the gateway and our own servers.
@NullMarked
package mistmcp.assertion;

import org.jspecify.annotations.NullMarked;

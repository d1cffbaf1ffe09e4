/// The HTTP endpoints and the browser UI; outcome to reply.
@NullMarked
package mistmcp.gateway.api;

import org.jspecify.annotations.NullMarked;

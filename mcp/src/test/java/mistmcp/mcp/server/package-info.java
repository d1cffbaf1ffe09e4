/// The server side against hand-written requests.
@NullMarked
package mistmcp.mcp.server;

import org.jspecify.annotations.NullMarked;

/// The client side against servers of ours and servers that misbehave.
@NullMarked
package mistmcp.mcp.client;

import org.jspecify.annotations.NullMarked;

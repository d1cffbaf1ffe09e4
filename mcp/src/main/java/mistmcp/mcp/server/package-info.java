/// Serves tools, resources and prompts that were handed to it, over Streamable HTTP and stdio.
@NullMarked
package mistmcp.mcp.server;

import org.jspecify.annotations.NullMarked;

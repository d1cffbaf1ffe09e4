/// MCP messages as records, protocol revisions and eras, input schemas.
@NullMarked
package mistmcp.mcp;

import org.jspecify.annotations.NullMarked;

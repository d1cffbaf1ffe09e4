/// Reads and writes JSON within limits: the only place that sees the JSON library.
@NullMarked
package mistmcp.json;

import org.jspecify.annotations.NullMarked;

/// Which server owns which tool, and the calls to it.
@NullMarked
package mistmcp.gateway.upstream;

import org.jspecify.annotations.NullMarked;

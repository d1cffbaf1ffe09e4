/// Main: settings in, object graph, ports open, orderly close.
@NullMarked
package mistmcp.gateway;

import org.jspecify.annotations.NullMarked;

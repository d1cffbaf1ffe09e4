/// HTTP server and client edge: routes, limits, deadlines, SSE, Host and Origin checks.
@NullMarked
package mistmcp.http;

import org.jspecify.annotations.NullMarked;

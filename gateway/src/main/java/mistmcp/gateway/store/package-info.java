/// The database: plans, threads, browser sessions.
@NullMarked
package mistmcp.gateway.store;

import org.jspecify.annotations.NullMarked;

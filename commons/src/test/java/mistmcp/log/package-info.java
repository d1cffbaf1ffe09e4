/// Tests of the logs.
@NullMarked
package mistmcp.log;

import org.jspecify.annotations.NullMarked;

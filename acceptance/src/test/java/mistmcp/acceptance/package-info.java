/// Whole paths: tests that start the real processes and look at them from outside.
@NullMarked
package mistmcp.acceptance;

import org.jspecify.annotations.NullMarked;

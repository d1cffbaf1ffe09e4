/// The same checks under two drivers: a seeded one that runs with all tests, and Jazzer for as long as one
/// likes.
@NullMarked
package mistmcp.fuzz;

import org.jspecify.annotations.NullMarked;

/// One class for each prompt.
@NullMarked
package mistmcp.rw.prompt;

import org.jspecify.annotations.NullMarked;

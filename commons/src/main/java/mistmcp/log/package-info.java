/// Sets up structured logs and masks secrets; called by the Main classes only.
@NullMarked
package mistmcp.log;

import org.jspecify.annotations.NullMarked;

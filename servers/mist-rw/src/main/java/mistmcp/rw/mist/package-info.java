/// The write verbs of the Mist API.
@NullMarked
package mistmcp.rw.mist;

import org.jspecify.annotations.NullMarked;

/// The `mist` commands, one class each; `up` starts and supervises the processes.
@NullMarked
package mistmcp.cli;

import org.jspecify.annotations.NullMarked;

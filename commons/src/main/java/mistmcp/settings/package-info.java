/// Reads the environment into typed records and reports all faults at once.
@NullMarked
package mistmcp.settings;

import org.jspecify.annotations.NullMarked;

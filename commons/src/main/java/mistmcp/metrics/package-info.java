/// Counters, timers, traces: their names in one place.
@NullMarked
package mistmcp.metrics;

import org.jspecify.annotations.NullMarked;

/// The audit record, its log and its sinks; writes before the effect and after it.
@NullMarked
package mistmcp.gateway.audit;

import org.jspecify.annotations.NullMarked;

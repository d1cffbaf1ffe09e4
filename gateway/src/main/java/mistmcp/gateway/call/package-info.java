/// The one path of a tool call: find, decide, record, send, record.
@NullMarked
package mistmcp.gateway.call;

import org.jspecify.annotations.NullMarked;

/// Who is calling: Principal, Role, SiteScope; plain data.
@NullMarked
package mistmcp.gateway.identity;

import org.jspecify.annotations.NullMarked;

/// A bearer token becomes a Principal or a refusal: DEV and OIDC, key sets, claim to role.
@NullMarked
package mistmcp.gateway.auth;

import org.jspecify.annotations.NullMarked;

/// Reads the Mist API: typed ids, pages, rate limit, short cache, redaction. There is no write verb here.
@NullMarked
package mistmcp.mist;

import org.jspecify.annotations.NullMarked;

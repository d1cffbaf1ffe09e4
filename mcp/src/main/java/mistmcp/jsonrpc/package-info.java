/// The JSON-RPC 2.0 envelope, read in one pass over the bytes, and its error codes; knows neither MCP nor
/// HTTP.
@NullMarked
package mistmcp.jsonrpc;

import org.jspecify.annotations.NullMarked;

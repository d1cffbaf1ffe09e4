package mistmcp.bench;

import java.net.URI;
import java.util.List;

/// Something that load is sent to.
///
/// @param name    what the report calls it
/// @param uri     its MCP endpoint
/// @param tokens  bearer tokens, used in rotation; empty for none
/// @param session whether it wants the handshake first, and its MCP session with each call
/// @param pids    the processes that are the target, whose CPU counts
record Target(String name, URI uri, List<String> tokens, boolean session, List<Long> pids) {
    Target {
        tokens = List.copyOf(tokens);
        pids = List.copyOf(pids);
    }
}

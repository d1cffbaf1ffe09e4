package mistmcp.bench;

import java.net.URI;
import java.util.List;
import java.util.function.LongFunction;

/// Something that load is sent to.
///
/// @param name    what the report calls it
/// @param uri     its MCP endpoint
/// @param headers what the call of a number carries beside the usual headers, each line with its end
/// @param session whether it wants the handshake first, and its MCP session with each call
/// @param pids    the processes that are the target, whose CPU counts
record Target(String name, URI uri, LongFunction<String> headers, boolean session, List<Long> pids) {
    Target {
        pids = List.copyOf(pids);
    }

    /// No headers of its own.
    static LongFunction<String> nothing() {
        return _ -> "";
    }

    /// Bearer tokens in rotation.
    static LongFunction<String> bearer(List<String> tokens) {
        var lines = tokens.stream()
                .map(token -> "Authorization: Bearer " + token + "\r\n")
                .toList();
        return number -> lines.get((int) (number % lines.size()));
    }
}

package mistmcp.mcp.server;

import java.io.IOException;

/// Where messages go out before an answer.
interface Outlet {
    /// Sends a message.
    void message(byte[] message) throws IOException;

    /// Shows that we are still here, where the transport has a way to.
    void comment() throws IOException;
}

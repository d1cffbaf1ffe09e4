package mistmcp.mcp.client;

import mistmcp.jsonrpc.Envelope;

/// What becomes of the messages that a server sends beside its answers.
interface Aside {
    /// Nothing.
    Aside DEAF = new Aside() {
        @Override
        public void note(Envelope.Notification note) {}

        @Override
        public void asked(Envelope.Request request) {}
    };

    /// A notification.
    void note(Envelope.Notification note);

    /// A request of the server (legacy).
    void asked(Envelope.Request request);
}

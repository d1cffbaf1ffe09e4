package mistmcp.mcp.client;

/// Takes what a server says of itself beside all requests. Called on the threads that read from it: must not
/// wait. A change may be told twice: while one stream replaces another, both tell.
public interface ServerChanges {
    /// A list has changed: `tools`, `resources` or `prompts`.
    void listChanged(String kind);

    /// A resource has changed, by the server's account; it may be one that nobody asked for.
    void resourceUpdated(String uri);

    /// The server is listened to from here on.
    ///
    /// @param again whether something may have changed unheard since it was wanted
    void listening(boolean again);

    /// The server is not listened to; it will be tried again.
    ///
    /// @param why one line for people
    void deaf(String why);

    /// Nobody cares.
    ServerChanges UNHEARD = new ServerChanges() {
        @Override
        public void listChanged(String kind) {}

        @Override
        public void resourceUpdated(String uri) {}

        @Override
        public void listening(boolean again) {}

        @Override
        public void deaf(String why) {}
    };
}

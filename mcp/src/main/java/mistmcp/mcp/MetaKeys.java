package mistmcp.mcp;

/// The names that the protocol reserves in `_meta`.
public final class MetaKeys {
    /// The revision that a modern request is written in.
    public static final String PROTOCOL_VERSION = "io.modelcontextprotocol/protocolVersion";
    /// What a modern caller can be asked for.
    public static final String CLIENT_CAPABILITIES = "io.modelcontextprotocol/clientCapabilities";
    /// Who calls, by its own account.
    public static final String CLIENT_INFO = "io.modelcontextprotocol/clientInfo";
    /// The least severe log message wanted.
    public static final String LOG_LEVEL = "io.modelcontextprotocol/logLevel";
    /// Who answers, by its own account.
    public static final String SERVER_INFO = "io.modelcontextprotocol/serverInfo";
    /// The listen request that a notification belongs to.
    public static final String SUBSCRIPTION_ID = "io.modelcontextprotocol/subscriptionId";
    /// Where progress of this request shall go.
    public static final String PROGRESS_TOKEN = "progressToken";

    private MetaKeys() {}
}

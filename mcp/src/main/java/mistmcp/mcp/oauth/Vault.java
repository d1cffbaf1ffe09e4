package mistmcp.mcp.oauth;

/// Keeps what is known of one authorization. Safe for several threads.
public interface Vault {
    /// What was kept last.
    Kept load();

    /// Keeps this in place of what was kept before. It throws when that could not be made durable.
    void keep(Kept kept);
}

package mistmcp.mcp.oauth;

/// Keeps an authorization as long as the process lives.
public final class MemoryVault implements Vault {
    private volatile Kept kept = Kept.NOTHING;

    @Override
    public Kept load() {
        return kept;
    }

    @Override
    public void keep(Kept now) {
        kept = now;
    }
}

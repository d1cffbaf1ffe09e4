package mistmcp.mcp.client;

/// How a server is spoken to.
public enum Era {
    /// Found out once, and again after a failure.
    AUTO,
    /// 2026-07-28: each request stands for itself.
    MODERN,
    /// 2025-11-25 and before: a handshake first.
    LEGACY
}

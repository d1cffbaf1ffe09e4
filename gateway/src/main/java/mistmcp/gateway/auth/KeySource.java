package mistmcp.gateway.auth;

import java.util.Optional;

/// Where the keys that tokens are checked with come from. Safe for several threads; no method does file or
/// network work on the caller's thread.
public interface KeySource extends AutoCloseable {
    /// The set in use; empty when there is none, or only one too old to trust.
    Optional<KeySet> current();

    /// A newer set that holds a key, asked for when the set in use has none of that id. Waits at most 2 s,
    /// and only when the budget for such questions allows one; else answers empty at once.
    Optional<KeySet> renewedFor(String keyId) throws InterruptedException;

    /// How the keys are doing.
    KeyHealth health();

    @Override
    void close();
}

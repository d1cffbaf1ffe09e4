package mistmcp.gateway.auth;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// How the keys that tokens are checked with are doing.
///
/// @param usable       whether tokens can be checked at all
/// @param loadedAt     when the set in use was last confirmed by its source
/// @param keyIds       the key ids in use
/// @param failures     refreshes that failed since the last good one
/// @param lastFailure  why the last refresh failed, in one line
/// @param fetches      refreshes tried since the start
/// @param unknownKeys  tokens that named a key that is not in the set, since the start
/// @param fromDisk     whether the set in use was read from disk after a restart and not confirmed since
public record KeyHealth(
        boolean usable,
        Optional<Instant> loadedAt,
        List<String> keyIds,
        int failures,
        Optional<String> lastFailure,
        long fetches,
        long unknownKeys,
        boolean fromDisk) {
    /// Copies the list given.
    public KeyHealth {
        keyIds = List.copyOf(keyIds);
    }
}

package mistmcp.gateway.auth;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import mistmcp.json.JsonObject;

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

    /// What is wrong while tokens can still be checked, in one line.
    public Optional<String> note() {
        var since = loadedAt.map(at -> ", the set of " + at + " serves on").orElse("");
        if (failures > 0) {
            return Optional.of("could not be fetched " + failures + (failures == 1 ? " time" : " times")
                    + lastFailure.map(why -> " (" + why + ")").orElse("") + since);
        }
        return fromDisk ? Optional.of("not fetched since the start" + since) : Optional.empty();
    }

    /// How long ago the set in use was confirmed.
    public Optional<Duration> age(Instant now) {
        return loadedAt.map(at -> Duration.between(at, now)).map(age -> age.isNegative() ? Duration.ZERO : age);
    }

    /// All of it, as `/readyz` tells it.
    public JsonObject toJson(Instant now) {
        return JsonObject.of(
                        "usable", usable,
                        "keyIds", keyIds,
                        "failures", failures,
                        "fetches", fetches,
                        "unknownKeys", unknownKeys,
                        "fromDisk", fromDisk)
                .withPresent("confirmedAt", loadedAt)
                .withPresent("ageSeconds", age(now).map(Duration::toSeconds))
                .withPresent("lastFailure", lastFailure);
    }
}

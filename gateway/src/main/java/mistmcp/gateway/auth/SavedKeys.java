package mistmcp.gateway.auth;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import mistmcp.json.InvalidJson;
import mistmcp.json.Json;
import mistmcp.json.JsonObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The last good key set on disk, so that a gateway can start while the provider is down.
record SavedKeys(Path file, URI source) {
    private static final Logger LOG = LoggerFactory.getLogger(SavedKeys.class);
    private static final int VERSION = 1;

    /// What was saved.
    record Kept(KeySet keys, Instant fetchedAt) {}

    /// The set saved, when it is of the same source and only we could have written it.
    Optional<Kept> read(Set<String> algorithms) {
        try {
            if (!Files.exists(file)) {
                return Optional.empty();
            }
            if (OwnerFiles.readableByOthers(file) || Files.size(file) > 4L * KeySet.MAX_BYTES) {
                LOG.warn("saved keys are not used: the file is open to others or too large file={}", file);
                return Optional.empty();
            }
            var json = Json.parseObject(Files.readString(file));
            var jwks = json.string("jwks");
            var at = json.integer("fetchedAt").map(Instant::ofEpochSecond);
            if (!json.string("source").equals(Optional.of(source.toString())) || jwks.isEmpty() || at.isEmpty()) {
                return Optional.empty();
            }
            var keys = KeySet.parse(jwks.get().getBytes(StandardCharsets.UTF_8), algorithms, false);
            return Optional.of(new Kept(keys, at.get()));
        } catch (IOException | InvalidJson | InvalidKeySet | DateTimeException unusable) {
            LOG.warn("saved keys are not used file={}", file);
            return Optional.empty();
        }
    }

    /// Saves a set that was just fetched. That it cannot be saved is no reason to refuse tokens.
    void write(byte[] jwks, Instant now) {
        var json = JsonObject.of(
                "v",
                VERSION,
                "source",
                source.toString(),
                "fetchedAt",
                now.getEpochSecond(),
                "jwks",
                new String(jwks, StandardCharsets.UTF_8));
        try {
            OwnerFiles.writePrivate(file, Json.bytes(json));
        } catch (IOException failed) {
            LOG.warn("keys could not be saved file={}", file);
        }
    }
}

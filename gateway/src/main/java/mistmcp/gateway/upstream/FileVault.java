package mistmcp.gateway.upstream;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import mistmcp.json.InvalidJson;
import mistmcp.json.Json;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonObject;
import mistmcp.mcp.oauth.Kept;
import mistmcp.mcp.oauth.Vault;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the authorization towards one upstream in a file that nobody but the gateway's user can read. What
/// was kept for another address of the upstream counts for nothing. Safe for several threads.
final class FileVault implements Vault {
    private static final Logger LOG = LoggerFactory.getLogger(FileVault.class);
    private static final long VERSION = 1;

    private final Path folder;
    private final Path file;
    private final URI server;

    /// @param folder is made, and private, when there is something to keep
    FileVault(Path folder, String name, URI server) {
        this.folder = folder;
        this.file = folder.resolve(name + ".json");
        this.server = server;
    }

    @Override
    public Kept load() {
        if (!Files.exists(file)) {
            return Kept.NOTHING;
        }
        try {
            var json = Json.parseObject(Files.readAllBytes(file), JsonLimits.REQUEST);
            boolean ours = json.integer("v").filter(v -> v == VERSION).isPresent()
                    && json.string("server").filter(server.toString()::equals).isPresent();
            return ours ? Kept.read(json.object("kept").orElse(JsonObject.EMPTY)) : Kept.NOTHING;
        } catch (IOException | InvalidJson | java.time.DateTimeException unreadable) {
            LOG.warn("an authorization that was kept cannot be read, so it has to be given again");
            return Kept.NOTHING;
        }
    }

    @Override
    public synchronized void keep(Kept kept) {
        var json = JsonObject.of("v", VERSION, "server", server.toString(), "kept", kept.toJson());
        try {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            var fresh = file.resolveSibling(file.getFileName() + ".new");
            Files.deleteIfExists(fresh);
            try (var channel = FileChannel.open(
                    fresh,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
                var bytes = ByteBuffer.wrap(Json.bytes(json));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException full) {
            throw new UncheckedIOException(full);
        }
    }
}

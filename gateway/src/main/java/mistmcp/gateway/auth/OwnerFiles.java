package mistmcp.gateway.auth;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/// Files whose permissions matter. Where the file system knows no POSIX permissions, none are set and none
/// are checked.
final class OwnerFiles {
    private static final String OWNER_ONLY = "rw-------";

    private OwnerFiles() {}

    /// Writes a file that only its owner can read: at no moment is it there with other permissions, or half
    /// written.
    static void writePrivate(Path file, byte[] content) throws IOException {
        write(file, content, OWNER_ONLY);
    }

    /// Writes a file that everybody can read and only its owner can write, whole or not at all.
    static void writePublic(Path file, byte[] content) throws IOException {
        write(file, content, "rw-r--r--");
    }

    static boolean readableByOthers(Path file) throws IOException {
        return posix(file)
                && Files.getPosixFilePermissions(file).stream()
                        .anyMatch(permission -> !Set.of(
                                        PosixFilePermission.OWNER_READ,
                                        PosixFilePermission.OWNER_WRITE,
                                        PosixFilePermission.OWNER_EXECUTE)
                                .contains(permission));
    }

    static boolean writableByOthers(Path file) throws IOException {
        return posix(file)
                && Files.getPosixFilePermissions(file).stream()
                        .anyMatch(permission -> permission == PosixFilePermission.GROUP_WRITE
                                || permission == PosixFilePermission.OTHERS_WRITE);
    }

    private static void write(Path file, byte[] content, String permissions) throws IOException {
        var folder = Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file has a folder");
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder, attributes(nearest(folder), "rwx------"));
        }
        var beside = folder.resolve(file.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            Files.createFile(beside, attributes(folder, permissions));
            Files.write(beside, content, StandardOpenOption.WRITE, StandardOpenOption.SYNC);
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(beside);
        }
    }

    private static Path nearest(Path folder) {
        for (Path existing = folder; existing != null; existing = existing.getParent()) {
            if (Files.exists(existing, LinkOption.NOFOLLOW_LINKS)) {
                return existing;
            }
        }
        return folder;
    }

    private static FileAttribute<?>[] attributes(Path existing, String permissions) throws IOException {
        return posix(existing)
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    private static boolean posix(Path file) throws IOException {
        return Files.getFileStore(file).supportsFileAttributeView("posix");
    }
}

package mistmcp.gateway.audit;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/// What the log does to the disk; a test hands in one that is full, slow or broken.
class Disk {
    /// Opens a file for writing.
    FileChannel open(Path path) throws IOException {
        try {
            if (Files.getFileStore(path.toAbsolutePath().getParent()).supportsFileAttributeView("posix")) {
                Files.createFile(
                        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
        } catch (FileAlreadyExistsException there) {
            // it is opened as it is
        }
        return FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    /// Deletes a file, so that its space is free again.
    ///
    /// @return whether there was one
    boolean delete(Path path) throws IOException {
        return Files.deleteIfExists(path);
    }

    /// Makes the names in a directory durable.
    void forceDirectory(Path directory) throws IOException {
        try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /// The bytes that are still free for us.
    long free(Path directory) throws IOException {
        return Files.getFileStore(directory).getUsableSpace();
    }
}

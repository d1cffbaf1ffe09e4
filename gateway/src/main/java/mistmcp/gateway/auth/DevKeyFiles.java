package mistmcp.gateway.auth;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import mistmcp.settings.Secret;

/// Where the DEV keys are kept.
///
/// @param jwks       the public keys, a JWKS file
/// @param privateKey the private key, a PKCS #8 PEM file that only its owner can read
public record DevKeyFiles(Path jwks, Path privateKey) {
    private static final long MAX_BYTES = 64 << 10;

    /// Both files' times of change; another value means that the keys may have changed.
    record Stamp(FileTime jwks, FileTime privateKey) {}

    Stamp stamp() throws IOException {
        return new Stamp(Files.getLastModifiedTime(jwks), Files.getLastModifiedTime(privateKey));
    }

    Optional<Secret> readPrivate() {
        try {
            if (!Files.exists(privateKey)) {
                return Optional.empty();
            }
            if (OwnerFiles.readableByOthers(privateKey)) {
                throw new UnusableKeys("the private key `" + privateKey
                        + "` can be read by other users: run `chmod 600 " + privateKey
                        + "`, then `mist keys rotate`, as it may have been copied");
            }
            return Optional.of(new Secret(bounded(privateKey)));
        } catch (IOException unreadable) {
            throw new UnusableKeys("the private key `" + privateKey + "` cannot be read");
        }
    }

    Optional<String> readJwks() {
        try {
            if (!Files.exists(jwks)) {
                return Optional.empty();
            }
            if (OwnerFiles.writableByOthers(jwks)) {
                throw new UnusableKeys("the public keys `" + jwks + "` can be changed by other users: run `chmod go-w "
                        + jwks + "`, and look whether a key was added");
            }
            return Optional.of(bounded(jwks));
        } catch (IOException unreadable) {
            throw new UnusableKeys("the public keys `" + jwks + "` cannot be read");
        }
    }

    void writePrivate(byte[] pem) {
        try {
            OwnerFiles.writePrivate(privateKey, pem);
        } catch (IOException failed) {
            throw new UnusableKeys("the private key `" + privateKey + "` cannot be written");
        }
    }

    void writeJwks(byte[] json) {
        try {
            OwnerFiles.writePublic(jwks, json);
        } catch (IOException failed) {
            throw new UnusableKeys("the public keys `" + jwks + "` cannot be written");
        }
    }

    private static String bounded(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new UnusableKeys("the key file `" + file + "` is larger than 64 KiB");
        }
        return Files.readString(file);
    }
}

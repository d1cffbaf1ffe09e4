package mistmcp.http;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import mistmcp.settings.Env;

/// The files of a server's certificate. They are read again when they change.
///
/// @param certificate the server's certificate and those that signed it, PEM, the server's own first
/// @param key         its private key, PEM
/// @param lookEvery   how often the files are looked at
public record TlsFiles(Path certificate, Path key, Duration lookEvery) {
    /// Files that are looked at every two seconds.
    public TlsFiles(Path certificate, Path key) {
        this(certificate, key, Duration.ofSeconds(2));
    }

    /// Reads `TLS_CERT` and `TLS_KEY`: both, or none.
    public static Optional<TlsFiles> read(Env env) {
        var certificate = env.file("TLS_CERT");
        var key = env.file("TLS_KEY");
        if (certificate.isPresent() && key.isEmpty()) {
            env.fault("TLS_KEY", "is not set, but `TLS_CERT` is: expected the file of the certificate's key");
        }
        if (key.isPresent() && certificate.isEmpty()) {
            env.fault("TLS_CERT", "is not set, but `TLS_KEY` is: expected the file of the key's certificate");
        }
        return certificate.flatMap(chain -> key.map(secret -> new TlsFiles(chain, secret)));
    }
}

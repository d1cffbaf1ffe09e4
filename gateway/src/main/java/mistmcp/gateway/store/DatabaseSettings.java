package mistmcp.gateway.store;

import java.nio.file.Path;
import mistmcp.settings.Env;

/// Where the state is kept.
///
/// @param url the JDBC address
public record DatabaseSettings(String url) {
    /// Reads `DATABASE_URL`; SQLite in `DATA_DIR` when it is not set.
    public static DatabaseSettings read(Env env) {
        var dataDir = env.path("DATA_DIR", ".mist");
        var url = env.text("DATABASE_URL")
                .orElseGet(() -> "jdbc:sqlite:" + dataDir.resolve("gateway.db").toAbsolutePath());
        if (!url.startsWith("jdbc:sqlite:")) {
            env.fault("DATABASE_URL", "expected `jdbc:sqlite:PATH`");
        }
        return new DatabaseSettings(url);
    }

    /// SQLite in a file.
    public static DatabaseSettings file(Path path) {
        return new DatabaseSettings("jdbc:sqlite:" + path.toAbsolutePath());
    }
}

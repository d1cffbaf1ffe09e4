package mistmcp.gateway.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/// The gateway's database, opened, checked and brought to the newest schema. Safe for several threads.
public final class Database implements AutoCloseable {
    private final HikariDataSource pool;
    private final Jdbi jdbi;

    private Database(HikariDataSource pool) {
        this.pool = pool;
        this.jdbi = Jdbi.create(pool);
    }

    /// Opens the database and migrates it.
    ///
    /// @throws UnusableDatabase when it cannot be opened, is damaged, or has a newer schema than this program
    public static Database open(DatabaseSettings settings) {
        var config = new HikariConfig();
        config.setJdbcUrl(settings.url());
        // SQLite takes one writer at a time: one connection queues writers fairly, without SQLITE_BUSY.
        config.setMaximumPoolSize(1);
        config.setPoolName("store");
        config.setConnectionTimeout(Duration.ofSeconds(5).toMillis());
        config.addDataSourceProperty("journal_mode", "WAL");
        config.addDataSourceProperty("synchronous", "FULL");
        config.addDataSourceProperty("busy_timeout", "5000");
        HikariDataSource pool;
        try {
            pool = new HikariDataSource(config);
        } catch (RuntimeException unopened) {
            throw new UnusableDatabase(settings, unopened);
        }
        try {
            checkIntegrity(pool);
            Flyway.configure()
                    .dataSource(pool)
                    .locations("classpath:mistmcp/gateway/store")
                    .failOnMissingLocations(true)
                    .load()
                    .migrate();
        } catch (SQLException | FlywayException damaged) {
            pool.close();
            throw new UnusableDatabase(settings, damaged);
        }
        return new Database(pool);
    }

    /// Runs SQL that answers nothing, in one transaction.
    ///
    /// @throws Unavailable when the database fails
    void change(Consumer<Handle> work) {
        transaction(handle -> {
            work.accept(handle);
            return true;
        });
    }

    /// Runs SQL in one transaction. An exception of `work` that is not the database's passes as it is, and
    /// nothing is kept.
    ///
    /// @throws Unavailable when the database fails
    <T> T transaction(Function<Handle, T> work) {
        try {
            return jdbi.inTransaction(work::apply);
        } catch (JdbiException failed) {
            throw new Unavailable(failed);
        }
    }

    @Override
    public void close() {
        pool.close();
    }

    private static void checkIntegrity(HikariDataSource pool) throws SQLException {
        try (var connection = pool.getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("PRAGMA quick_check")) {
            if (!rows.next() || !"ok".equals(rows.getString(1))) {
                throw new SQLException("the check of the database found damage");
            }
        }
    }

    /// A database that fails while it is in use. What was asked of it was not kept.
    public static final class Unavailable extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unavailable(Throwable cause) {
            super("the database failed", cause);
        }
    }

    /// A database that cannot be used. Nothing in it was changed.
    public static final class UnusableDatabase extends RuntimeException {
        private static final long serialVersionUID = 1;

        UnusableDatabase(DatabaseSettings settings, Throwable cause) {
            super(
                    "the database at `" + settings.url()
                            + "` cannot be used: it is damaged, locked or not ours; move it away to begin with an empty one",
                    cause);
        }
    }
}

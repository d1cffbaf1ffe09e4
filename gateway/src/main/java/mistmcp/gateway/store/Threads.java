package mistmcp.gateway.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import mistmcp.json.Json;
import mistmcp.json.JsonObject;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/// The chats, each belonging to one principal. Bounded: of a principal the newest threads are kept, of a
/// thread the newest entries. Safe for several threads.
public final class Threads {
    /// How many chats a principal keeps; the one that rested longest goes first.
    public static final int MAX_PER_PRINCIPAL = 200;

    /// How many entries a chat keeps; the oldest go first.
    public static final int MAX_ENTRIES = 400;

    private static final int VERSION = 1;
    private static final RowMapper<Summary> SUMMARY = (row, context) -> new Summary(
            row.getString("id"),
            row.getString("title"),
            Instant.ofEpochMilli(row.getLong("created_at")),
            Instant.ofEpochMilli(row.getLong("updated_at")));

    private final Database database;

    /// Chats of a database.
    public Threads(Database database) {
        this.database = database;
    }

    /// A chat in a list.
    public record Summary(String id, String title, Instant createdAt, Instant updatedAt) {}

    /// A chat with what was said.
    ///
    /// @param memory  what the model left for the next message
    /// @param entries oldest first
    public record Stored(Summary summary, JsonObject memory, List<JsonObject> entries) {
        /// Copies the list given.
        public Stored {
            entries = List.copyOf(entries);
        }
    }

    /// A principal's chat; empty also when it belongs to another.
    public Optional<Stored> find(String principal, String id) {
        return database.transaction(handle -> handle.createQuery(
                        "SELECT * FROM threads WHERE id = :id AND principal = :principal")
                .bind("id", id)
                .bind("principal", principal)
                .map((row, context) -> new Stored(
                        SUMMARY.map(row, context), Json.parseObject(row.getString("memory")), entries(handle, id)))
                .findOne());
    }

    /// A principal's chats, the newest first.
    public List<Summary> ofPrincipal(String principal) {
        return database.transaction(handle -> handle.createQuery(
                        "SELECT * FROM threads WHERE principal = :principal ORDER BY updated_at DESC, id")
                .bind("principal", principal)
                .map(SUMMARY)
                .list());
    }

    /// Begins a chat.
    public void begin(String principal, String id, String title, Instant now) {
        database.change(handle -> {
            handle.createUpdate("INSERT INTO threads (id, v, principal, title, memory, created_at, updated_at)"
                            + " VALUES (:id, :v, :principal, :title, '{}', :now, :now)")
                    .bind("id", id)
                    .bind("v", VERSION)
                    .bind("principal", principal)
                    .bind("title", title)
                    .bind("now", now.toEpochMilli())
                    .execute();
            prune(handle, principal);
        });
    }

    /// Adds entries to a principal's chat and replaces its memory; answers whether there is such a chat.
    public boolean append(String principal, String id, List<JsonObject> entries, JsonObject memory, Instant now) {
        return database.transaction(handle -> {
            int known = handle.createUpdate("UPDATE threads SET memory = :memory, updated_at = :now"
                            + " WHERE id = :id AND principal = :principal")
                    .bind("memory", Json.text(memory))
                    .bind("now", now.toEpochMilli())
                    .bind("id", id)
                    .bind("principal", principal)
                    .execute();
            if (known != 1) {
                return false;
            }
            int next = handle.createQuery(
                            "SELECT COALESCE(MAX(position) + 1, 0) FROM thread_entries WHERE thread = :id")
                    .bind("id", id)
                    .mapTo(Integer.class)
                    .one();
            for (var entry : entries) {
                handle.createUpdate("INSERT INTO thread_entries (thread, position, body) VALUES (:id, :at, :body)")
                        .bind("id", id)
                        .bind("at", next++)
                        .bind("body", Json.text(entry))
                        .execute();
            }
            handle.createUpdate("DELETE FROM thread_entries WHERE thread = :id AND position < :oldest")
                    .bind("id", id)
                    .bind("oldest", next - MAX_ENTRIES)
                    .execute();
            return true;
        });
    }

    private static List<JsonObject> entries(Handle handle, String id) {
        return handle.createQuery("SELECT body FROM thread_entries WHERE thread = :id ORDER BY position")
                .bind("id", id)
                .mapTo(String.class)
                .map(Json::parseObject)
                .list();
    }

    private static void prune(Handle handle, String principal) {
        var rested = handle.createQuery("SELECT id FROM threads WHERE principal = :principal"
                        + " ORDER BY updated_at DESC, id LIMIT 1000 OFFSET :kept")
                .bind("principal", principal)
                .bind("kept", MAX_PER_PRINCIPAL)
                .mapTo(String.class)
                .list();
        for (var id : rested) {
            handle.createUpdate("DELETE FROM thread_entries WHERE thread = :id")
                    .bind("id", id)
                    .execute();
            handle.createUpdate("DELETE FROM threads WHERE id = :id")
                    .bind("id", id)
                    .execute();
        }
    }
}

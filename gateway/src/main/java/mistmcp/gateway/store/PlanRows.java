package mistmcp.gateway.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import mistmcp.json.Json;
import mistmcp.json.JsonObject;
import org.jdbi.v3.core.mapper.RowMapper;

/// The plans as rows. A row is replaced only by whoever read its newest revision, so of two that act on one
/// plan, one loses. Safe for several threads.
public final class PlanRows {
    private static final int VERSION = 1;
    private static final RowMapper<PlanRow> ROW = (row, context) -> new PlanRow(
            row.getString("id"),
            row.getInt("rev"),
            row.getString("state"),
            row.getString("principal"),
            Instant.ofEpochMilli(row.getLong("created_at")),
            Instant.ofEpochMilli(row.getLong("expires_at")),
            Json.parseObject(row.getString("body")));

    private final Database database;

    /// Plans of a database.
    public PlanRows(Database database) {
        this.database = database;
    }

    /// One plan as stored.
    ///
    /// @param rev  counts up with each change, from 0
    /// @param body everything that is not a column
    public record PlanRow(
            String id,
            int rev,
            String state,
            String principal,
            Instant createdAt,
            Instant expiresAt,
            JsonObject body) {}

    /// Adds a plan, when its principal has fewer than `maxOpen` in the states given; answers whether it was
    /// added.
    public boolean insert(PlanRow row, List<String> openStates, int maxOpen, Instant now) {
        return database.transaction(handle -> {
            int open = handle.createQuery("SELECT COUNT(*) FROM plans WHERE principal = :principal"
                            + " AND state IN (<states>) AND expires_at > :now")
                    .bind("principal", row.principal())
                    .bindList("states", openStates)
                    .bind("now", now.toEpochMilli())
                    .mapTo(Integer.class)
                    .one();
            if (open >= maxOpen) {
                return false;
            }
            handle.createUpdate("INSERT INTO plans (id, v, rev, state, principal, created_at, expires_at, body)"
                            + " VALUES (:id, :v, 0, :state, :principal, :created, :expires, :body)")
                    .bind("id", row.id())
                    .bind("v", VERSION)
                    .bind("state", row.state())
                    .bind("principal", row.principal())
                    .bind("created", row.createdAt().toEpochMilli())
                    .bind("expires", row.expiresAt().toEpochMilli())
                    .bind("body", Json.text(row.body()))
                    .execute();
            return true;
        });
    }

    /// The plan of an id.
    public Optional<PlanRow> find(String id) {
        return database.transaction(handle -> handle.createQuery("SELECT * FROM plans WHERE id = :id")
                .bind("id", id)
                .map(ROW)
                .findOne());
    }

    /// The newest plans of a principal.
    public List<PlanRow> ofPrincipal(String principal, int limit) {
        return database.transaction(handle -> handle.createQuery(
                        "SELECT * FROM plans WHERE principal = :principal ORDER BY created_at DESC, id LIMIT :limit")
                .bind("principal", principal)
                .bind("limit", limit)
                .map(ROW)
                .list());
    }

    /// The newest plans of all principals.
    public List<PlanRow> newest(int limit) {
        return database.transaction(
                handle -> handle.createQuery("SELECT * FROM plans ORDER BY created_at DESC, id LIMIT :limit")
                        .bind("limit", limit)
                        .map(ROW)
                        .list());
    }

    /// All plans in a state, oldest first.
    public List<PlanRow> inState(String state) {
        return database.transaction(
                handle -> handle.createQuery("SELECT * FROM plans WHERE state = :state ORDER BY created_at")
                        .bind("state", state)
                        .map(ROW)
                        .list());
    }

    /// Replaces state and body of the row as it was read; answers whether it still was so. What `before` does
    /// happens in the same transaction, ahead of its end: when it throws, the row stays as it was.
    public boolean replace(PlanRow read, String state, JsonObject body, Runnable before) {
        return database.transaction(handle -> {
            int changed = handle.createUpdate("UPDATE plans SET state = :state, body = :body, rev = rev + 1"
                            + " WHERE id = :id AND rev = :rev")
                    .bind("state", state)
                    .bind("body", Json.text(body))
                    .bind("id", read.id())
                    .bind("rev", read.rev())
                    .execute();
            if (changed != 1) {
                return false;
            }
            before.run();
            return true;
        });
    }
}

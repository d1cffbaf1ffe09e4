package mistmcp.gateway.store;

import java.time.Instant;
import java.util.List;
import mistmcp.json.Json;
import mistmcp.json.JsonObject;

/// The tool definitions in force, as rows. Safe for several threads.
public final class PinRows {
    private static final int VERSION = 1;

    private final Database database;

    /// Pins of a database.
    public PinRows(Database database) {
        this.database = database;
    }

    /// One definition as accepted.
    ///
    /// @param tool       the tool's own name at its upstream
    /// @param definition the object as listed
    /// @param release    the gateway's version at that time
    /// @param pinnedBy   `system:gateway` for what was seen first, else who accepted it
    public record PinRow(
            String upstream,
            String tool,
            String digest,
            JsonObject definition,
            String release,
            String pinnedBy,
            Instant pinnedAt) {}

    /// All of them.
    public List<PinRow> all() {
        return database.transaction(handle -> handle.createQuery("SELECT * FROM tool_pins ORDER BY upstream, tool")
                .map((row, context) -> new PinRow(
                        row.getString("upstream"),
                        row.getString("tool"),
                        row.getString("digest"),
                        Json.parseObject(row.getString("definition")),
                        row.getString("release"),
                        row.getString("pinned_by"),
                        Instant.ofEpochMilli(row.getLong("pinned_at"))))
                .list());
    }

    /// Puts rows in place of those of the same tools.
    public void put(List<PinRow> rows) {
        database.change(handle -> {
            for (var row : rows) {
                handle.createUpdate("DELETE FROM tool_pins WHERE upstream = :upstream AND tool = :tool")
                        .bind("upstream", row.upstream())
                        .bind("tool", row.tool())
                        .execute();
                handle.createUpdate("INSERT INTO tool_pins"
                                + " (upstream, tool, v, digest, definition, release, pinned_by, pinned_at)"
                                + " VALUES (:upstream, :tool, :v, :digest, :definition, :release, :by, :at)")
                        .bind("upstream", row.upstream())
                        .bind("tool", row.tool())
                        .bind("v", VERSION)
                        .bind("digest", row.digest())
                        .bind("definition", Json.text(row.definition()))
                        .bind("release", row.release())
                        .bind("by", row.pinnedBy())
                        .bind("at", row.pinnedAt().toEpochMilli())
                        .execute();
            }
        });
    }
}

package mistmcp.sim.api;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import mistmcp.json.JsonNull;
import mistmcp.json.JsonNumber;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonPointer;
import mistmcp.json.JsonValue;

/// The state of the simulated Mist: tables of JSON rows. Every request works under one lock, so that its
/// effect is whole. Safe for several threads.
public final class Cloud {
    private final Map<Table, Map<String, JsonObject>> tables = new EnumMap<>(Table.class);
    private final ReentrantLock lock = new ReentrantLock();
    private final InstantSource clock;
    private final Quirks quirks;
    private long sequence;

    /// An empty cloud.
    public Cloud(InstantSource clock, Quirks quirks) {
        this.clock = clock;
        this.quirks = quirks;
    }

    /// Drops everything and takes the rows given.
    public void load(Map<Table, List<JsonObject>> rows) {
        locked(() -> {
            tables.clear();
            sequence = 0;
            rows.forEach((table, all) -> all.forEach(row -> put(table, row)));
            return true;
        });
    }

    /// Does several things as one.
    public <T> T locked(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    /// What a JSON Pointer finds in the state: `/devices/{id}/port_config`. The first two segments are table
    /// and key.
    public Optional<JsonValue> at(String pointer) {
        return locked(() -> JsonPointer.parse(pointer).flatMap(parsed -> {
            var segments = parsed.segments();
            if (segments.isEmpty()) {
                return Optional.of(tree());
            }
            var table = Table.of(segments.getFirst());
            if (segments.size() == 1) {
                return table.map(this::tableTree);
            }
            return table.flatMap(found -> row(found, segments.get(1)))
                    .flatMap(row -> new JsonPointer(segments.subList(2, segments.size())).find(row));
        }));
    }

    /// Changes what a pointer finds by a JSON merge patch (RFC 7386), as somebody at the portal would: with
    /// the audit log and the time of modification. `null` for a whole row removes it, and a row that is not
    /// there is created.
    ///
    /// @throws IllegalArgumentException when the pointer names no table and key
    public void patch(String pointer, JsonValue patch) {
        var segments = JsonPointer.parse(pointer).map(JsonPointer::segments).orElse(List.of());
        var table = segments.size() < 2 ? Optional.<Table>empty() : Table.of(segments.getFirst());
        if (table.isEmpty()) {
            throw new IllegalArgumentException("expected a pointer to a row, such as /devices/{id}/name");
        }
        var whole = patch;
        for (int i = segments.size() - 1; i >= 2; i--) {
            whole = JsonObject.of(segments.get(i), whole);
        }
        var change = whole;
        locked(() -> {
            var before = row(table.get(), segments.get(1)).orElse(JsonObject.EMPTY);
            if (change instanceof JsonNull) {
                rows(table.get(), true).remove(segments.get(1));
            } else if (MergePatch.apply(before, change) instanceof JsonObject after) {
                rows(table.get(), true).put(segments.get(1), touched(after));
                audit(PORTAL, "Update " + table.get().label(), siteOf(after), before, after);
            } else {
                throw new IllegalArgumentException("a row must stay an object");
            }
            return true;
        });
    }

    private static final Caller PORTAL =
            new Caller("write", "Portal Admin portal@example.com", "5a0e3c1e-0000-4000-8000-000000000009");

    /// The rows of a table in their order, each with its key.
    List<Map.Entry<String, JsonObject>> entries(Table table) {
        return new ArrayList<>(rows(table, false).entrySet());
    }

    /// The rows of a table in their order.
    public List<JsonObject> rows(Table table) {
        return locked(() -> List.copyOf(rows(table, false).values()));
    }

    /// One row.
    public Optional<JsonObject> row(Table table, String key) {
        return locked(() -> Optional.ofNullable(rows(table, false).get(key)));
    }

    void put(Table table, JsonObject row) {
        rows(table, true).put(table.key(row).orElseGet(() -> String.format("%06d", ++sequence)), row);
    }

    void remove(Table table, String key) {
        rows(table, true).remove(key);
    }

    Quirks quirks() {
        return quirks;
    }

    /// The organisation.
    public JsonObject org() {
        return rows(Table.ORG).getFirst();
    }

    /// The id of the organisation.
    public String orgId() {
        return org().string("id").orElseThrow();
    }

    /// The time by the simulator's clock.
    Instant instant() {
        return clock.instant();
    }

    /// The time by the simulator's clock, as [#seconds] writes it.
    JsonNumber now() {
        return seconds(clock.instant());
    }

    /// Seconds since 1970 with milliseconds as fraction, as Mist writes times.
    public static JsonNumber seconds(Instant instant) {
        return new JsonNumber(
                java.math.BigDecimal.valueOf(instant.toEpochMilli(), 3).toPlainString());
    }

    /// A row with its time of modification moved on.
    JsonObject touched(JsonObject row) {
        return quirks.has(Quirk.MODIFIED_TIME) && row.has("modified_time") ? row.with("modified_time", now()) : row;
    }

    void audit(Caller by, String message, Optional<String> siteId, JsonObject before, JsonObject after) {
        if (!quirks.has(Quirk.AUDIT_LOG)) {
            return;
        }
        put(
                Table.AUDIT_LOGS,
                JsonObject.of(
                        "id",
                        UUID.nameUUIDFromBytes(("audit" + ++sequence).getBytes(java.nio.charset.StandardCharsets.UTF_8))
                                .toString(),
                        "timestamp",
                        now(),
                        "org_id",
                        orgId(),
                        "site_id",
                        siteId,
                        "admin_id",
                        by.adminId(),
                        "admin_name",
                        by.name(),
                        "message",
                        message,
                        "src_ip",
                        "127.0.0.1",
                        "before",
                        before,
                        "after",
                        after));
    }

    static Optional<String> siteOf(JsonObject row) {
        return row.string("site_id").filter(id -> !id.isEmpty());
    }

    private Map<String, JsonObject> rows(Table table, boolean toWrite) {
        return toWrite
                ? tables.computeIfAbsent(table, _ -> new LinkedHashMap<>())
                : tables.getOrDefault(table, Map.of());
    }

    private JsonObject tree() {
        var all = new LinkedHashMap<String, JsonValue>();
        tables.keySet().forEach(table -> all.put(table.label(), tableTree(table)));
        return new JsonObject(all);
    }

    private JsonValue tableTree(Table table) {
        return new JsonObject(new LinkedHashMap<>(rows(table, false)));
    }
}

package mistmcp.gateway.pin;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import mistmcp.gateway.audit.AuditLog;
import mistmcp.gateway.audit.AuditRecord;
import mistmcp.gateway.audit.AuditUnavailable;
import mistmcp.gateway.audit.Event;
import mistmcp.gateway.identity.Principal;
import mistmcp.gateway.store.PinRows;
import mistmcp.gateway.store.PinRows.PinRow;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;

/// The definitions of tools that are in force: a tool's first one, when nothing in it is hidden, and after
/// that only what an operator accepts. A tool whose definition is another is held back. Safe for several
/// threads.
public final class ToolPins {
    /// The members that a pin covers.
    static final List<String> MEMBERS =
            List.of("name", "title", "description", "inputSchema", "outputSchema", "annotations");

    private static final String SYSTEM = "system:gateway";
    private static final int PER_RECORD = 20;

    private final PinRows rows;
    private final AuditLog audit;
    private final InstantSource clock;
    private final String release;
    private final ConcurrentMap<String, PinRow> pins = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Held> held = new ConcurrentHashMap<>();

    /// Pins as the database has them.
    ///
    /// @param release the gateway's version: our own servers come with it
    public ToolPins(PinRows rows, AuditLog audit, InstantSource clock, String release) {
        this.rows = rows;
        this.audit = audit;
        this.clock = clock;
        this.release = release;
        rows.all().forEach(row -> pins.put(key(row.upstream(), row.tool()), row));
    }

    /// A tool as its upstream lists it now.
    public record Seen(String tool, String digest, JsonObject definition) {}

    /// How an operator's act ended.
    public sealed interface Pinning {
        /// The definition is in force.
        record Done(Held was) implements Pinning {}

        /// Nothing was changed: `tool_not_held`, `definition_moved`, `audit_...`.
        record Refused(String code, String reason) implements Pinning {}
    }

    /// Whether a tool with this definition is to be held back. One that was not looked at yet is.
    public boolean holds(String upstream, String tool, String digest) {
        var pin = pins.get(key(upstream, tool));
        return pin == null || !pin.digest().equals(digest);
    }

    /// What is held back, by name.
    public List<Held> held() {
        return held.values().stream().sorted(Comparator.comparing(Held::name)).toList();
    }

    /// What a tool is held back for.
    public Optional<Held> held(String upstream, String tool) {
        return Optional.ofNullable(held.get(key(upstream, tool)));
    }

    /// Takes in what an upstream lists: pins what is new, holds back what is another than it was. What
    /// changes is on record before it takes effect.
    ///
    /// @param ours whether the upstream is a server of ours, which comes with the gateway's release
    /// @throws AuditUnavailable when it cannot be recorded: nothing new is pinned then
    public synchronized void see(String upstream, boolean ours, List<Seen> tools) {
        var fresh = new ArrayList<PinRow>();
        var notes = new ArrayList<JsonObject>();
        var nowHeld = new ArrayList<Held>();
        for (var tool : tools) {
            var key = key(upstream, tool.tool());
            var pin = Optional.ofNullable(pins.get(key));
            if (pin.filter(row -> row.digest().equals(tool.digest())).isPresent()) {
                if (held.containsKey(key)) {
                    notes.add(note(upstream, tool, "as_pinned"));
                }
                continue;
            }
            var faults = DefinitionLint.faults(tool.definition());
            boolean upgraded =
                    ours && pin.filter(row -> !row.release().equals(release)).isPresent();
            if (faults.isEmpty() && (pin.isEmpty() || upgraded)) {
                fresh.add(row(upstream, tool.tool(), tool.digest(), tool.definition(), SYSTEM));
                notes.add(note(upstream, tool, upgraded ? "pinned_by_release" : "first_seen")
                        .withPresent("pinned", pin.map(PinRow::digest)));
                continue;
            }
            var now = new Held(
                    upstream,
                    tool.tool(),
                    pin.map(row -> new Held.Definition(row.digest(), row.definition())),
                    new Held.Definition(tool.digest(), tool.definition()),
                    faults);
            var before = held.get(key);
            if (before == null || !before.seen().digest().equals(tool.digest())) {
                notes.add(now.brief());
            }
            nowHeld.add(now);
        }
        // What is held is shown at once: it is out of reach by its digest, recorded or not.
        var prefix = upstream + "/";
        held.keySet().removeIf(key -> key.startsWith(prefix));
        nowHeld.forEach(one -> held.put(key(upstream, one.tool()), one));
        record(notes);
        if (!fresh.isEmpty()) {
            rows.put(fresh);
            fresh.forEach(row -> pins.put(key(row.upstream(), row.tool()), row));
        }
    }

    /// Accepts the definition of a tool that is held back.
    ///
    /// @param name   `upstream/tool`
    /// @param digest the definition that was looked at: when the tool has another by now, nothing is accepted
    /// @param by     who accepts; nobody for the operator at this machine
    public synchronized Pinning pin(String name, String digest, Optional<Principal> by) {
        var found = Optional.ofNullable(held.get(name));
        if (found.isEmpty()) {
            return new Pinning.Refused("tool_not_held", "no tool of that name is held back");
        }
        var was = found.get();
        if (!was.seen().digest().equals(digest)) {
            return new Pinning.Refused("definition_moved", "the tool's definition is another by now: look again");
        }
        try {
            var record = AuditRecord.of(Event.TOOLS_CHANGED);
            by.ifPresentOrElse(record::principal, record::system);
            audit.write(record.tool(was.upstream(), "tool", was.tool())
                    .definition(digest)
                    .detail(was.brief().with("state", "pinned").with("by", by.isPresent() ? "grant" : "operator")));
        } catch (AuditUnavailable unavailable) {
            return new Pinning.Refused(unavailable.code(), String.valueOf(unavailable.getMessage()));
        }
        var row = row(
                was.upstream(),
                was.tool(),
                digest,
                was.seen().object(),
                by.map(Principal::key).orElse("operator"));
        rows.put(List.of(row));
        pins.put(name, row);
        held.remove(name);
        return new Pinning.Done(was);
    }

    private PinRow row(String upstream, String tool, String digest, JsonObject definition, String by) {
        return new PinRow(upstream, tool, digest, definition, release, by, clock.instant());
    }

    private static JsonObject note(String upstream, Seen tool, String state) {
        return JsonObject.of("tool", key(upstream, tool.tool()), "state", state, "seen", tool.digest());
    }

    private void record(List<JsonObject> notes) {
        for (int from = 0; from < notes.size(); from += PER_RECORD) {
            var some = notes.subList(from, Math.min(notes.size(), from + PER_RECORD));
            audit.write(
                    AuditRecord.of(Event.TOOLS_CHANGED).system().detail(JsonObject.of("tools", JsonArray.ofAll(some))));
        }
    }

    private static String key(String upstream, String tool) {
        return upstream + "/" + tool;
    }
}

package mistmcp.gateway.pin;

import java.util.List;
import java.util.Optional;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonDiff;
import mistmcp.json.JsonObject;

/// A tool that is held back: it is neither listed nor called.
///
/// @param tool   its own name at its upstream
/// @param pinned the definition in force; absent when there never was one
/// @param seen   the definition as listed now
/// @param faults what the definition has that none should have, as hidden characters
public record Held(String upstream, String tool, Optional<Definition> pinned, Definition seen, List<String> faults) {
    private static final int MAX_CHANGES = 40;

    /// Copies the list given.
    public Held {
        faults = List.copyOf(faults);
    }

    /// A definition and its digest.
    public record Definition(String digest, JsonObject object) {}

    /// The pinned members that differ, in the order of the pin.
    public List<String> differs() {
        return ToolPins.MEMBERS.stream()
                .filter(member -> pinned.isPresent()
                        && !pinned.get()
                                .object()
                                .get(member)
                                .equals(seen.object().get(member)))
                .toList();
    }

    /// What stands in front of `tools pin`: `upstream/tool`.
    public String name() {
        return upstream + "/" + tool;
    }

    /// The short form for records and lists: `{tool, state, pinned?, seen, differs, faults}`.
    public JsonObject brief() {
        return JsonObject.of("tool", name(), "state", "held")
                .withPresent("pinned", pinned.map(Definition::digest))
                .with("seen", seen.digest())
                .with("differs", differs())
                .with("faults", faults);
    }

    /// The whole of it, with each changed place before and after.
    public JsonObject toJson() {
        var before = pinned.map(Definition::object).orElse(JsonObject.EMPTY);
        return brief().with(
                        "changes",
                        JsonArray.ofAll(JsonDiff.between(shown(before), shown(seen.object())).stream()
                                .limit(MAX_CHANGES)
                                .map(JsonDiff.Change::toJson)
                                .map(DefinitionLint::visible)
                                .toList()));
    }

    private static JsonObject shown(JsonObject definition) {
        var shown = JsonObject.EMPTY;
        for (var member : ToolPins.MEMBERS) {
            shown = shown.withPresent(member, definition.get(member));
        }
        return shown;
    }
}

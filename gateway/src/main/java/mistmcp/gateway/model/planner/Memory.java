package mistmcp.gateway.model.planner;

import java.util.Optional;
import mistmcp.json.JsonObject;

/// What the planner remembers of a thread: a question that waits for its answer, or the last call.
///
/// @param tool      the tool of the call
/// @param arguments its arguments so far
/// @param asked     the argument that the person was asked for; empty when nothing is open
record Memory(String tool, JsonObject arguments, Optional<String> asked) {
    static Optional<Memory> read(JsonObject json) {
        return json.string("tool")
                .map(tool -> new Memory(tool, json.object("arguments").orElse(JsonObject.EMPTY), json.string("asked")));
    }

    JsonObject toJson() {
        return JsonObject.of("tool", tool, "arguments", arguments).withPresent("asked", asked);
    }
}

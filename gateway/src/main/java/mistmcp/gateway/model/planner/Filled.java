package mistmcp.gateway.model.planner;

import java.util.List;
import java.util.Map;
import mistmcp.json.JsonObject;

/// A tool's arguments as far as a message gives them.
///
/// @param missing   what the tool needs and the message does not say
/// @param unused    values of the message that no argument takes
/// @param ambiguous values that could stand for one of two kinds of things, with the arguments they could go
///                  to
/// @param ids       values that stand as a name where only an id will do
record Filled(
        JsonObject arguments,
        List<Property> missing,
        List<Piece.Value> unused,
        Map<Piece.Value, List<Property>> ambiguous,
        Map<Piece.Value, Property> ids) {
    /// Copies the collections given.
    Filled {
        missing = List.copyOf(missing);
        unused = List.copyOf(unused);
        ambiguous = Map.copyOf(ambiguous);
        ids = Map.copyOf(ids);
    }

    /// Whether it can be called as it is.
    boolean complete() {
        return missing.isEmpty() && ambiguous.isEmpty() && ids.isEmpty();
    }
}

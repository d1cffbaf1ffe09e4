package mistmcp.ro.tool;

import java.util.List;
import java.util.Optional;
import mistmcp.json.JsonObject;

/// A part of a list.
///
/// @param rows  what is shown
/// @param total how many there are within the caller's scope, when that is known
/// @param next  where the rest begins; empty when there is none
record Listed(List<JsonObject> rows, Optional<Long> total, Optional<Position> next) {
    Listed {
        rows = List.copyOf(rows);
    }
}

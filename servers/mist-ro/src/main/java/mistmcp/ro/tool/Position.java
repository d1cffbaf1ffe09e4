package mistmcp.ro.tool;

import java.util.Optional;
import mistmcp.json.JsonObject;

/// Where a walk over several lists goes on.
///
/// @param source which list, from 0
/// @param size   how many objects Mist gives on a page
/// @param page   the page, as Mist's paging names it; empty for the first
/// @param skip   how many objects of that page have been shown
/// @param total  how many objects there are in all, when that is known
record Position(int source, int size, Optional<String> page, int skip, Optional<Long> total) {
    static Position start(int size) {
        return new Position(0, size, Optional.empty(), 0, Optional.empty());
    }

    JsonObject toJson() {
        return JsonObject.of("s", source, "n", size, "k", skip)
                .withPresent("p", page)
                .withPresent("t", total);
    }

    static Optional<Position> of(JsonObject json) {
        var source = json.integer("s");
        var size = json.integer("n");
        var skip = json.integer("k");
        if (source.isEmpty() || size.isEmpty() || skip.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Position(
                source.get().intValue(),
                size.get().intValue(),
                json.string("p"),
                skip.get().intValue(),
                json.integer("t")));
    }
}

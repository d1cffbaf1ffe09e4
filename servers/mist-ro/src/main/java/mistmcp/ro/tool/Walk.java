package mistmcp.ro.tool;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import mistmcp.json.Json;
import mistmcp.json.JsonObject;
import mistmcp.mist.MistGet;
import mistmcp.mist.MistReading;

/// Walks over lists of Mist, one behind the other, until enough rows are found. It stops at an object, not at
/// a page, so that the next part begins exactly where this one ended. Objects of sites outside the scope are
/// passed over.
final class Walk {
    /// How many bytes the rows of one answer may have, so that a whole answer stays below 8,000 tokens.
    static final int MOST_BYTES = 15_000;

    private static final int MOST_PAGES = 20;
    private static final int MOST_COUNTS = 20;

    /// How a list is paged.
    enum Paging {
        NUMBERED,
        SEARCH
    }

    /// One list, and how its objects become rows; an object that the row is empty for is not wanted.
    record Source(MistGet get, Function<JsonObject, Optional<JsonObject>> row) {}

    private final MistReading reading;
    private final List<Source> sources;
    private final Paging paging;
    private final boolean filtered;

    /// @param filtered whether rows are picked here and not by Mist, so that Mist's totals say nothing
    Walk(MistReading reading, List<Source> sources, Paging paging, boolean filtered) {
        this.reading = reading;
        this.sources = List.copyOf(sources);
        this.paging = paging;
        this.filtered = filtered;
    }

    Listed take(Optional<Position> from, int limit) throws InterruptedException {
        var start = from.orElse(Position.start(filtered ? ReadCall.MOST_ROWS : limit));
        var rows = new ArrayList<JsonObject>();
        var totals = new ArrayList<Optional<Long>>();
        int bytes = 0;
        int pages = 0;
        for (int source = start.source(); source < sources.size(); source++) {
            boolean first = source == start.source();
            Optional<String> at = first ? start.page() : Optional.empty();
            int skip = first ? start.skip() : 0;
            boolean whole = at.isEmpty();
            while (true) {
                if (pages++ == MOST_PAGES) {
                    return ended(rows, start, totals, Optional.of(position(start, source, at, skip)));
                }
                var page = page(sources.get(source), at, start.size());
                if (whole) {
                    totals.add(page.total().or(() -> lone(page)));
                    whole = false;
                }
                for (int i = skip; i < page.rows().size(); i++) {
                    var row = row(sources.get(source), page.rows().get(i));
                    if (row.isEmpty()) {
                        continue;
                    }
                    bytes += Json.bytes(row.get()).length;
                    if (rows.size() == limit || (bytes > MOST_BYTES && !rows.isEmpty())) {
                        return ended(rows, start, totals, Optional.of(position(start, source, at, i)));
                    }
                    rows.add(row.get());
                }
                skip = 0;
                at = page.next();
                if (at.isEmpty()) {
                    break;
                }
            }
        }
        return ended(rows, start, totals, Optional.empty());
    }

    private Optional<JsonObject> row(Source source, JsonObject object) {
        boolean inScope = Names.siteOf(object)
                .map(reading.scope()::covers)
                .orElse(reading.scope().all() || source.get().site().isPresent());
        return inScope ? source.row().apply(object) : Optional.empty();
    }

    private MistReading.Page page(Source source, Optional<String> at, int size) throws InterruptedException {
        return switch (paging) {
            case NUMBERED ->
                reading.numbered(source.get(), at.map(Integer::valueOf).orElse(1), size);
            case SEARCH -> at.isPresent() ? reading.after(source.get(), at.get()) : reading.search(source.get(), size);
        };
    }

    /// How many objects the only page of a list has.
    private static Optional<Long> lone(MistReading.Page page) {
        return page.next().isEmpty() ? Optional.of((long) page.rows().size()) : Optional.empty();
    }

    private static Position position(Position start, int source, Optional<String> at, int skip) {
        return new Position(source, start.size(), at, skip, start.total());
    }

    private Listed ended(List<JsonObject> rows, Position start, List<Optional<Long>> totals, Optional<Position> next)
            throws InterruptedException {
        boolean fromTheStart = start.source() == 0 && start.page().isEmpty() && start.skip() == 0;
        Optional<Long> total;
        if (!fromTheStart) {
            total = start.total();
        } else if (filtered) {
            total = next.isEmpty() ? Optional.of((long) rows.size()) : Optional.empty();
        } else {
            total = sum(totals);
        }
        return new Listed(
                rows,
                total,
                next.map(position ->
                        new Position(position.source(), position.size(), position.page(), position.skip(), total)));
    }

    /// The totals of all lists; those not walked over are asked for, unless they are many.
    private Optional<Long> sum(List<Optional<Long>> totals) throws InterruptedException {
        if (sources.size() - totals.size() > MOST_COUNTS) {
            return Optional.empty();
        }
        long sum = 0;
        for (int i = 0; i < sources.size(); i++) {
            var total = i < totals.size()
                    ? totals.get(i)
                    : page(sources.get(i), Optional.empty(), 1).total();
            if (total.isEmpty()) {
                return Optional.empty();
            }
            sum += total.get();
        }
        return Optional.of(sum);
    }
}

package mistmcp.sim.api;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import mistmcp.json.InvalidJson;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonNull;
import mistmcp.json.JsonNumber;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonString;
import mistmcp.json.JsonValue;
import mistmcp.json.Sha256;

/// Answers lists in the three styles of Mist: numbered pages, searches with `next`, and counts.
final class Listing {
    private static final int MOST = 1000;

    private final Call call;
    private final Cloud cloud;

    Listing(Call call, Cloud cloud) {
        this.call = call;
        this.cloud = cloud;
    }

    /// A bare array with `limit` and `page`; the totals are in headers.
    Answer page(List<JsonObject> rows) {
        var limit = number("limit", 100);
        var page = number("page", 1);
        if (limit.isEmpty() || page.isEmpty()) {
            return Answer.detail(400, "limit and page must be positive integers");
        }
        int size = cap(limit.get());
        long from = Math.min(rows.size(), (page.get() - 1L) * size);
        long to = Math.min(rows.size(), from + size);
        var answer = Answer.ok(list(rows.subList((int) from, (int) to)));
        return cloud.quirks().has(Quirk.PAGE_HEADERS)
                ? answer.header("X-Page-Limit", String.valueOf(size))
                        .header("X-Page-Page", String.valueOf(page.get()))
                        .header("X-Page-Total", String.valueOf(rows.size()))
                : answer;
    }

    /// `{start, end, limit, page, total, results}` with `limit` and `page`.
    Answer numbered(List<JsonObject> rows) {
        var limit = number("limit", 100);
        var page = number("page", 1);
        if (limit.isEmpty() || page.isEmpty()) {
            return Answer.detail(400, "limit and page must be positive integers");
        }
        int size = cap(limit.get());
        long from = Math.min(rows.size(), (page.get() - 1L) * size);
        var period = Period.of(call, cloud.instant());
        return Answer.ok(JsonObject.of(
                "start",
                period.start().getEpochSecond(),
                "end",
                period.end().getEpochSecond(),
                "limit",
                size,
                "page",
                page.get(),
                "total",
                rows.size(),
                "results",
                JsonArray.ofAll(rows.subList((int) from, (int) Math.min(rows.size(), from + size)))));
    }

    /// A bare array without pages.
    Answer all(List<JsonObject> rows) {
        return Answer.ok(list(rows));
    }

    /// An array, or `null` where Mist has none.
    JsonValue list(List<JsonObject> rows) {
        return rows.isEmpty() && cloud.quirks().has(Quirk.NULL_LISTS) ? JsonNull.NULL : JsonArray.ofAll(rows);
    }

    /// The rows whose time lies in the period asked for.
    List<JsonObject> within(List<JsonObject> rows) {
        var period = Period.of(call, cloud.instant());
        return rows.stream()
                .filter(row -> row.number("timestamp").map(period::covers).orElse(true))
                .toList();
    }

    /// `{start, end, limit, total, results, next}`, sorted by `sort` (default `timestamp`, `-` for
    /// descending). The cursor holds where the last row stood, so rows that come or go between two pages move
    /// no other row.
    Answer search(List<JsonObject> rows) {
        return search(rows, true);
    }

    /// A search whose answer has no `total`.
    Answer searchWithoutTotal(List<JsonObject> rows) {
        return search(rows, false);
    }

    private Answer search(List<JsonObject> rows, boolean withTotal) {
        var limit = number("limit", 100);
        if (limit.isEmpty()) {
            return Answer.detail(400, "limit must be a positive integer");
        }
        int size = cap(limit.get());
        var sort = call.query("sort").orElse("timestamp");
        boolean descending = sort.startsWith("-");
        var field = descending ? sort.substring(1) : sort;
        var order = descending
                ? Comparator.comparing((Place place) -> place, Comparator.reverseOrder())
                : Comparator.<Place>naturalOrder();
        var placed = new ArrayList<>(rows.stream()
                .map(row -> new Placed(Place.of(row, field), row))
                .sorted(Comparator.comparing(Placed::place, order))
                .toList());
        if (call.query("search_after").isPresent()) {
            var after = Place.parse(call.query("search_after").get());
            if (after.isEmpty()) {
                return Answer.detail(400, "search_after is invalid or has expired");
            }
            placed.removeIf(row -> order.compare(row.place(), after.get()) <= 0);
        }
        var shown = placed.subList(0, Math.min(size, placed.size()));
        var period = Period.of(call, cloud.instant());
        var body = JsonObject.of(
                "start", period.start().getEpochSecond(), "end", period.end().getEpochSecond(), "limit", size);
        body = withTotal ? body.with("total", rows.size()) : body;
        body = body.with(
                "results", JsonArray.ofAll(shown.stream().map(Placed::row).toList()));
        if (shown.size() < placed.size()) {
            body = body.with("next", next(shown.getLast().place()));
        }
        return Answer.ok(body);
    }

    /// `{distinct, start, end, limit, total, results: [{<distinct>: value, count}]}`, the most frequent
    /// first.
    Answer count(List<JsonObject> rows, String distinct) {
        var limit = number("limit", 100);
        if (limit.isEmpty()) {
            return Answer.detail(400, "limit must be a positive integer");
        }
        var counts = new LinkedHashMap<String, Integer>();
        for (var row : rows) {
            Filter.values(row, distinct).stream().distinct().forEach(value -> counts.merge(value, 1, Integer::sum));
        }
        var period = Period.of(call, cloud.instant());
        int size = cap(limit.get());
        var results = counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(size)
                .map(entry -> JsonObject.of(distinct, entry.getKey(), "count", entry.getValue()))
                .toList();
        return Answer.ok(JsonObject.of(
                "distinct",
                distinct,
                "start",
                period.start().getEpochSecond(),
                "end",
                period.end().getEpochSecond(),
                "limit",
                size,
                "total",
                counts.size(),
                "results",
                JsonArray.ofAll(results)));
    }

    /// Counts by the field that `distinct` names, or the one the document has as default.
    Answer countBy(List<JsonObject> rows, String otherwise) {
        return count(rows, call.query("distinct").orElse(otherwise));
    }

    private String next(Place place) {
        var query = new StringBuilder();
        call.query().entrySet().stream()
                .filter(entry -> !entry.getKey().equals("search_after"))
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> query.append(encode(entry.getKey()))
                        .append('=')
                        .append(encode(entry.getValue()))
                        .append('&'));
        var relative = call.path() + "?" + query + "search_after=" + encode(place.toString());
        return cloud.quirks().has(Quirk.RELATIVE_NEXT) ? relative : call.base() + relative;
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private int cap(int limit) {
        return cloud.quirks().has(Quirk.LIMIT_CAP) ? Math.min(limit, MOST) : limit;
    }

    private Optional<Integer> number(String name, int otherwise) {
        var text = call.query(name).orElse(String.valueOf(otherwise));
        return text.matches("[1-9][0-9]{0,7}") ? Optional.of(Integer.valueOf(text)) : Optional.empty();
    }

    private record Placed(Place place, JsonObject row) {}

    /// Where a row stands in a sorted search: its value, and a digest of the row's identity to part equal
    /// ones.
    private record Place(double number, String text, String tie) implements Comparable<Place> {
        private static final Comparator<Place> ORDER = Comparator.comparingDouble(Place::number)
                .thenComparing(Place::text)
                .thenComparing(Place::tie);
        private static final List<String> IDENTITY = List.of("id", "mac", "timestamp", "type", "text", "bssid");

        static Place of(JsonObject row, String field) {
            var tie = row.string("port_id")
                    .map(port -> row.string("mac").orElse("") + " " + padded(port))
                    .orElseGet(() -> digest(row));
            return switch (row.get(field).orElse(JsonNull.NULL)) {
                case JsonNumber number -> new Place(number.asDouble(), "", tie);
                case JsonString text -> new Place(0, text.value(), tie);
                default -> new Place(0, "", tie);
            };
        }

        /// A port's name with its numbers filled up, so that `ge-0/0/9` stands before `ge-0/0/10`.
        private static String padded(String port) {
            return Pattern.compile("[0-9]+").matcher(port).replaceAll(match -> {
                var number = match.group();
                return "0".repeat(Math.max(0, 4 - number.length())) + number;
            });
        }

        private static String digest(JsonObject row) {
            var identity = new StringBuilder();
            IDENTITY.forEach(name ->
                    row.get(name).ifPresent(value -> identity.append(value).append('\n')));
            return Sha256.of(identity.toString().getBytes(StandardCharsets.UTF_8))
                    .substring(7, 23);
        }

        static Optional<Place> parse(String cursor) {
            try {
                if (Json.parse(cursor) instanceof JsonArray parts
                        && parts.size() == 3
                        && parts.get(0) instanceof JsonNumber number
                        && parts.get(1) instanceof JsonString text
                        && parts.get(2) instanceof JsonString tie) {
                    return Optional.of(new Place(number.asDouble(), text.value(), tie.value()));
                }
                return Optional.empty();
            } catch (InvalidJson unreadable) {
                return Optional.empty();
            }
        }

        @Override
        public int compareTo(Place other) {
            return ORDER.compare(this, other);
        }

        @Override
        public String toString() {
            return JsonArray.of(number, text, tie).toString();
        }
    }
}

package mistmcp.sim.api;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonNull;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonString;
import mistmcp.json.JsonValue;

/// Picks the rows that a query asks for, by the parameters that the document lists for an operation; others
/// are ignored as Mist ignores them. A value may be a comma list, `prefix*` or `*contains*`; MAC addresses
/// match in any form.
final class Filter {
    private final Call call;
    private final Quirks quirks;

    Filter(Call call, Quirks quirks) {
        this.call = call;
        this.quirks = quirks;
    }

    /// The rows that match every parameter named which the query gives.
    List<JsonObject> apply(Stream<JsonObject> rows, List<String> parameters) {
        return rows.filter(row -> parameters.stream()
                        .allMatch(name -> call.query(name)
                                .map(wanted -> matches(row, name, wanted))
                                .orElse(true)))
                .toList();
    }

    private boolean matches(JsonObject row, String name, String wanted) {
        var values = name.equals("text") ? texts(row).toList() : values(row, name);
        return Stream.of(wanted.split(","))
                .map(String::strip)
                .anyMatch(one -> values.stream()
                        .anyMatch(value -> name.equals("text") ? contains(value, one) : same(value, one)));
    }

    private boolean same(String value, String wanted) {
        if (Macs.isMac(value) && Macs.isMac(wanted)) {
            return Macs.plain(value).equals(Macs.plain(wanted));
        }
        boolean open = wanted.endsWith("*");
        boolean suffix = wanted.startsWith("*");
        var core = wanted.replace("*", "");
        if (suffix && open) {
            return contains(value, core);
        }
        if (open) {
            return lower(value).startsWith(lower(core)) || (Macs.isMac(value) && value.startsWith(Macs.plain(core)));
        }
        if (suffix) {
            return !quirks.has(Quirk.NO_SUFFIX_WILDCARD) && lower(value).endsWith(lower(core));
        }
        return lower(value).equals(lower(wanted));
    }

    private static boolean contains(String value, String part) {
        return lower(value).contains(lower(part.replace("*", "")));
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /// The values of a field; a search also looks at the `last_` form of it.
    static List<String> values(JsonObject row, String name) {
        return Stream.of(row.get(name), row.get("last_" + name))
                .flatMap(Optional::stream)
                .flatMap(Filter::flat)
                .toList();
    }

    private static Stream<String> texts(JsonObject row) {
        return row.members().values().stream().flatMap(Filter::flat);
    }

    private static Stream<String> flat(JsonValue value) {
        return switch (value) {
            case JsonString text -> Stream.of(text.value());
            case JsonArray array -> array.stream().flatMap(Filter::flat);
            case JsonNull _ -> Stream.empty();
            case JsonObject _ -> Stream.empty();
            default -> Stream.of(value.toString());
        };
    }
}

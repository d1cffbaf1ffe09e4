package mistmcp.sim.api;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import mistmcp.json.JsonObject;

/// What the families share: finding sites and devices, reading tables, refusing.
final class Endpoint {
    private final Cloud cloud;

    Endpoint(Cloud cloud) {
        this.cloud = cloud;
    }

    /// A handler that gets the site of the path, and answers 404 when there is none.
    Function<Call, Answer> site(BiFunction<Call, JsonObject, Answer> handler) {
        return call -> cloud.row(Table.SITES, call.part("site_id"))
                .map(site -> handler.apply(call, site))
                .orElseGet(() -> notFound(call.part("site_id")));
    }

    /// A handler that gets the device of the path, and answers 404 when its site has none such.
    Function<Call, Answer> device(BiFunction<Call, JsonObject, Answer> handler) {
        return site((call, site) -> cloud.row(Table.DEVICES, call.part("device_id"))
                .filter(device -> device.string("site_id").equals(site.string("id")))
                .map(device -> handler.apply(call, device))
                .orElseGet(() -> missing(call.part("device_id"))));
    }

    /// A search over a table; with a site in the path, over that site's rows.
    Function<Call, Answer> search(Table table, String... parameters) {
        return call -> with(
                call, rows -> listing(call).search(filtered(call, listing(call).within(rows), parameters)), table);
    }

    /// A count over a table by `distinct`; with a site in the path, over that site's rows.
    Function<Call, Answer> count(Table table, String otherwise, String... parameters) {
        return call -> with(
                call,
                rows -> listing(call).countBy(filtered(call, listing(call).within(rows), parameters), otherwise),
                table);
    }

    /// A numbered list over a table; with a site in the path, over that site's rows.
    Function<Call, Answer> page(Table table) {
        return call -> with(call, rows -> listing(call).page(rows), table);
    }

    /// One row of an organisation's table by the id in the path.
    Function<Call, Answer> row(Table table, String part) {
        return call -> cloud.row(table, call.part(part)).map(Answer::ok).orElseGet(() -> notFound(call.part(part)));
    }

    private Answer with(Call call, Function<List<JsonObject>, Answer> answer, Table table) {
        var siteId = Optional.ofNullable(call.parts().get("site_id"));
        if (siteId.isPresent() && cloud.row(Table.SITES, siteId.get()).isEmpty()) {
            return notFound(siteId.get());
        }
        return answer.apply(rows(table, siteId));
    }

    /// The rows of a table; of one site, when one is given.
    List<JsonObject> rows(Table table, Optional<String> siteId) {
        return cloud.rows(table).stream()
                .filter(row -> siteId.isEmpty() || row.string("site_id").equals(siteId))
                .toList();
    }

    List<JsonObject> filtered(Call call, List<JsonObject> rows, String... parameters) {
        return new Filter(call, cloud.quirks()).apply(rows.stream(), List.of(parameters));
    }

    /// The rows of the device type that the query names, or of the one that Mist assumes.
    List<JsonObject> ofType(Call call, String parameter, String field, List<JsonObject> rows) {
        var wanted = call.query(parameter)
                .or(() -> cloud.quirks().has(Quirk.TYPE_DEFAULTS_TO_AP) ? Optional.of("ap") : Optional.empty())
                .filter(type -> !type.equals("all"));
        return rows.stream()
                .filter(row -> wanted.isEmpty() || row.string(field).equals(wanted))
                .toList();
    }

    Listing listing(Call call) {
        return new Listing(call, cloud);
    }

    /// 404 with the id, as for a site.
    static Answer notFound(String id) {
        return new Answer(404, Map.of(), Optional.of(JsonObject.of("id", id)), false);
    }

    /// 404, without a body where Mist sends none.
    Answer missing(String id) {
        return cloud.quirks().has(Quirk.EMPTY_NOT_FOUND)
                ? new Answer(404, Map.of(), Optional.empty(), false)
                : notFound(id);
    }

    /// 200 without a body, after a change.
    Answer changed() {
        return new Answer(
                200,
                Map.of(),
                cloud.quirks().has(Quirk.EMPTY_BODIES) ? Optional.empty() : Optional.of(JsonObject.EMPTY),
                true);
    }
}

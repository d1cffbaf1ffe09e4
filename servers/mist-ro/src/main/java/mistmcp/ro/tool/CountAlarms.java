package mistmcp.ro.tool;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mistmcp.json.JsonBoolean;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonString;
import mistmcp.json.JsonValue;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.ToolDefinition;
import mistmcp.mcp.server.Tool;
import mistmcp.mcp.server.ToolResult;
import mistmcp.mist.Operations;
import mistmcp.mist.Site;
import mistmcp.mist.SiteId;
import mistmcp.mist.SiteScope;
import mistmcp.mist.UntrustedText;

/// How many alarms there are by type, severity, group, state or site. Mist counts; no alarm is paged through.
/// For the organisation Mist's count takes no filters, so with filters each value is counted by the total of
/// a search.
public final class CountAlarms implements Tool<SiteScope> {
    private static final int MOST_SITES = 50;
    private static final int MOST_VALUES = 30;
    private static final Map<String, String> DISTINCT = Map.of(
            "type", "type", "severity", "severity", "group", "group", "acknowledged", "acked", "site", "site_id");
    private static final ToolDefinition DEFINITION = Schemas.list(
            "count_alarms",
            "Count alarms",
            "Count alarms by type, severity, group, state or site.",
            "counts",
            JsonObject.of(
                    "by",
                    Schemas.choice("default: type", "type", "severity", "group", "acknowledged", "site"),
                    "site",
                    Schemas.SITE,
                    "severity",
                    Schemas.choice("", "critical", "warn", "info"),
                    "type",
                    Schemas.text("alarm type"),
                    "acknowledged",
                    JsonObject.of("type", "boolean"),
                    "since",
                    Schemas.SINCE.with("default", "7d")));

    private final Reader reader;

    /// A tool that reads through a reader.
    public CountAlarms(Reader reader) {
        this.reader = reader;
    }

    @Override
    public ToolDefinition definition() {
        return DEFINITION;
    }

    @Override
    public ToolResult call(SiteScope scope, JsonObject arguments, Exchange exchange) throws InterruptedException {
        return reader.run(DEFINITION.name(), scope, arguments, CountAlarms::answer);
    }

    private static ToolResult answer(ReadCall call) throws InterruptedException {
        var by = call.text("by", "type");
        var since = call.text("since", "7d");
        boolean filters = call.text("severity").isPresent()
                || call.text("type").isPresent()
                || call.bool("acknowledged").isPresent();
        var walk = call.sitesToWalk();
        Map<String, Long> counts;
        if (walk.isPresent()) {
            counts = bySites(call, walk.get(), by, since);
        } else if (filters) {
            counts = bySearches(call, by, since);
        } else {
            counts = read(
                    call,
                    Operations.countOrgAlarms(call.org(), distinct(by))
                            .with("duration", since)
                            .with("limit", 1000),
                    distinct(by));
        }
        var rows = new java.util.ArrayList<JsonObject>();
        for (var count : counts.entrySet()) {
            if (count.getValue() > 0) {
                rows.add(row(call, by, count.getKey(), count.getValue()));
            }
        }
        rows.sort(Comparator.comparing((JsonObject row) -> row.integer("count").orElse(0L))
                .reversed());
        long alarms = counts.values().stream().mapToLong(Long::longValue).sum();
        return call.listed(
                "counts", call.slice(rows), JsonObject.of("alarms", alarms, "by", by, "since", since), List.of());
    }

    private static Map<String, Long> bySites(ReadCall call, List<Site> sites, String by, String since)
            throws InterruptedException {
        if (sites.size() > MOST_SITES) {
            throw new Refusal("too_many_sites", "your scope has more than " + MOST_SITES + " sites; name one");
        }
        var counts = new LinkedHashMap<String, Long>();
        var own = by.equals("site") ? "type" : distinct(by);
        for (var site : sites) {
            var get = SearchAlarms.filtered(call, Operations.countSiteAlarms(site.id(), own), since)
                    .with("limit", 1000);
            for (var count : read(call, get, own).entrySet()) {
                counts.merge(by.equals("site") ? site.id().value() : count.getKey(), count.getValue(), Long::sum);
            }
        }
        return counts;
    }

    /// The values come from a count without filters, the number of each from the total of a search with them.
    private static Map<String, Long> bySearches(ReadCall call, String by, String since) throws InterruptedException {
        var all = read(
                call,
                Operations.countOrgAlarms(call.org(), distinct(by))
                        .with("duration", since)
                        .with("limit", 1000),
                distinct(by));
        if (all.size() > MOST_VALUES) {
            throw new Refusal("too_many_values", "there are more than " + MOST_VALUES + " of them; name a site");
        }
        var counts = new LinkedHashMap<String, Long>();
        for (var value : all.keySet()) {
            var get = SearchAlarms.filtered(call, Operations.searchOrgAlarms(call.org()), since);
            var set = get.query().get(distinct(by));
            if (set != null && !set.equals(value)) {
                continue;
            }
            var total = call.reading().search(get.with(distinct(by), value), 1).total();
            counts.put(value, total.orElse(0L));
        }
        return counts;
    }

    private static Map<String, Long> read(ReadCall call, mistmcp.mist.MistGet get, String distinct)
            throws InterruptedException {
        var counts = new LinkedHashMap<String, Long>();
        for (var row : call.reading().get(get).rows()) {
            var value = row.get(distinct).map(CountAlarms::text).orElse("");
            counts.merge(value, row.integer("count").orElse(0L), Long::sum);
        }
        return counts;
    }

    private static String text(JsonValue value) {
        return switch (value) {
            case JsonString text -> text.value();
            case JsonBoolean bool -> bool.toString();
            default -> "";
        };
    }

    private static String distinct(String by) {
        return java.util.Objects.requireNonNull(DISTINCT.get(by));
    }

    private static JsonObject row(ReadCall call, String by, String value, long count) throws InterruptedException {
        if (by.equals("site")) {
            var id = SiteId.of(value);
            Optional<String> name = id.isPresent() ? call.siteName(id.get()) : Optional.empty();
            return JsonObject.of("siteName", name.orElse("(no site)"))
                    .withPresent("siteId", id.map(SiteId::value))
                    .with("count", count);
        }
        return JsonObject.of(by, UntrustedText.clean(value), "count", count);
    }
}

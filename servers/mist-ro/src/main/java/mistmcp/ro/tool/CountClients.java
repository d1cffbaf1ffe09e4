package mistmcp.ro.tool;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mistmcp.json.JsonObject;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.ToolDefinition;
import mistmcp.mcp.server.Tool;
import mistmcp.mcp.server.ToolResult;
import mistmcp.mist.Mac;
import mistmcp.mist.MistGet;
import mistmcp.mist.Operations;
import mistmcp.mist.SiteScope;

/// How many wireless clients there are by SSID, access point, operating system, model or VLAN. Mist counts;
/// no client is paged through.
public final class CountClients implements Tool<SiteScope> {
    private static final int MOST_SITES = 50;
    private static final ToolDefinition DEFINITION = Schemas.list(
            "count_clients",
            "Count clients",
            "Count wireless clients by SSID, access point, OS, model or VLAN.",
            "counts",
            JsonObject.of(
                    "by",
                    Schemas.choice("default: ssid", "ssid", "ap", "os", "model", "vlan"),
                    "site",
                    Schemas.SITE,
                    "since",
                    Schemas.SINCE));

    private final Reader reader;

    /// A tool that reads through a reader.
    public CountClients(Reader reader) {
        this.reader = reader;
    }

    @Override
    public ToolDefinition definition() {
        return DEFINITION;
    }

    @Override
    public ToolResult call(SiteScope scope, JsonObject arguments, Exchange exchange) throws InterruptedException {
        return reader.run(DEFINITION.name(), scope, arguments, CountClients::answer);
    }

    private static ToolResult answer(ReadCall call) throws InterruptedException {
        var by = call.text("by", "ssid");
        var since = call.text("since", "1d");
        var walk = call.sitesToWalk();
        var counts = new LinkedHashMap<String, Long>();
        if (walk.isEmpty()) {
            add(call, Operations.countOrgWirelessClients(call.org(), by), by, since, counts);
        } else if (walk.get().size() > MOST_SITES) {
            throw new Refusal("too_many_sites", "your scope has more than " + MOST_SITES + " sites; name one");
        } else {
            for (var site : walk.get()) {
                add(call, Operations.countSiteWirelessClients(site.id(), by), by, since, counts);
            }
        }
        var names = call.names();
        var rows = new ArrayList<JsonObject>();
        counts.forEach((value, count) -> rows.add(JsonObject.of(by, shown(by, value, names), "count", count)));
        rows.sort(Comparator.comparing((JsonObject row) -> row.integer("count").orElse(0L))
                .reversed());
        long clients = counts.values().stream().mapToLong(Long::longValue).sum();
        return call.listed(
                "counts",
                call.slice(rows),
                JsonObject.of("clients", clients, "by", by, "since", since),
                List.of("/counts/*/os", "/counts/*/model"));
    }

    private static void add(ReadCall call, MistGet get, String by, String since, Map<String, Long> counts)
            throws InterruptedException {
        for (var row : call.reading()
                .get(get.with("duration", since).with("limit", 1000))
                .rows()) {
            var value = Row.of(row)
                    .take("value", by)
                    .done()
                    .get("value")
                    .map(CountClients::text)
                    .orElse("(unknown)");
            counts.merge(value, row.integer("count").orElse(0L), Long::sum);
        }
    }

    private static String text(mistmcp.json.JsonValue value) {
        return value instanceof mistmcp.json.JsonString text ? text.value() : value.toString();
    }

    private static String shown(String by, String value, Names names) {
        Optional<Mac> mac = by.equals("ap") ? Mac.of(value) : Optional.empty();
        return names.device(mac).or(() -> mac.map(Mac::withColons)).orElse(value);
    }
}

package mistmcp.ro.tool;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonNumber;
import mistmcp.json.JsonObject;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.ToolDefinition;
import mistmcp.mcp.server.Tool;
import mistmcp.mcp.server.ToolResult;
import mistmcp.mist.MistAnswer;
import mistmcp.mist.Operations;
import mistmcp.mist.SiteId;
import mistmcp.mist.SiteScope;

/// How each site is doing, worst first: devices offline, open alarms, the lowest service level. What cannot
/// be read is left out and named, so that one failing part does not hide the rest.
public final class SiteHealth implements Tool<SiteScope> {
    private static final int MOST_SITE_COUNTS = 20;
    private static final double LOW_SLE = 0.8;
    private static final ToolDefinition DEFINITION = Schemas.list(
            "site_health",
            "Site health",
            "Health of sites, worst first: offline devices, open alarms, Wi-Fi experience (lowest service level).",
            "sites",
            JsonObject.of("site", Schemas.SITE, "since", Schemas.SINCE));

    private final Reader reader;

    /// A tool that reads through a reader.
    public SiteHealth(Reader reader) {
        this.reader = reader;
    }

    @Override
    public ToolDefinition definition() {
        return DEFINITION;
    }

    @Override
    public ToolResult call(SiteScope scope, JsonObject arguments, Exchange exchange) throws InterruptedException {
        return reader.run(DEFINITION.name(), scope, arguments, SiteHealth::answer);
    }

    private static ToolResult answer(ReadCall call) throws InterruptedException {
        var since = call.text("since", "1d");
        var named = call.site();
        var stats = SiteStats.read(call).stream()
                .filter(site -> named.isEmpty()
                        || site.string("id")
                                .filter(named.get().id().value()::equals)
                                .isPresent())
                .toList();
        var missing = new ArrayList<String>();
        var alarms = openAlarms(call, stats, since, missing);
        var levels = serviceLevels(call, since, missing);
        var rows = stats.stream()
                .map(site -> row(site, alarms, levels))
                .sorted(Comparator.comparingInt(SiteHealth::rank)
                        .thenComparing(row -> row.string("siteName").orElse("")))
                .toList();
        return call.listed(
                "sites",
                call.slice(rows),
                JsonObject.of("since", since)
                        .withPresent("notAvailable", missing.isEmpty() ? Optional.empty() : Optional.of(missing)),
                List.of());
    }

    /// Open alarms of each site by severity, as far as they can be known with few calls.
    private static Map<String, Map<String, Long>> openAlarms(
            ReadCall call, List<JsonObject> stats, String since, List<String> missing) throws InterruptedException {
        if (call.reading().scope().all() && stats.size() != 1) {
            return organisationAlarms(call, since, missing);
        }
        var counts = new HashMap<String, Map<String, Long>>();
        for (var site : stats.stream().limit(MOST_SITE_COUNTS).toList()) {
            var id = site.string("id").flatMap(SiteId::of).orElseThrow();
            var read = call.reading()
                    .answer(Operations.countSiteAlarms(id, "severity")
                            .with("acked", "false")
                            .with("duration", since));
            switch (read) {
                case MistAnswer.Read found -> counts.put(id.value(), bySeverity(found));
                case MistAnswer.Failed _ -> missing.add("alarms");
            }
        }
        if (stats.size() > MOST_SITE_COUNTS) {
            missing.add("alarms of more than " + MOST_SITE_COUNTS + " sites: name one");
        }
        return counts;
    }

    private static Map<String, Long> bySeverity(MistAnswer.Read read) {
        var counts = new HashMap<String, Long>();
        read.rows()
                .forEach(row -> counts.merge(
                        row.string("severity").orElse(""), row.integer("count").orElse(0L), Long::sum));
        return counts;
    }

    /// Mist counts alarms by one property only and knows no filter there: open ones by site are in the
    /// search.
    private static Map<String, Map<String, Long>> organisationAlarms(ReadCall call, String since, List<String> missing)
            throws InterruptedException {
        var counts = new HashMap<String, Map<String, Long>>();
        var read = call.reading()
                .answer(Operations.searchOrgAlarms(call.org())
                        .with("acked", "false")
                        .with("duration", since)
                        .with("limit", 1000));
        switch (read) {
            case MistAnswer.Failed _ -> missing.add("alarms");
            case MistAnswer.Read found -> {
                for (var alarm : found.rows()) {
                    counts.computeIfAbsent(alarm.string("site_id").orElse(""), _ -> new HashMap<>())
                            .merge(alarm.string("severity").orElse(""), 1L, Long::sum);
                }
                if (found.object().string("next").isPresent()) {
                    missing.add("alarms beyond the newest 1000");
                }
            }
        }
        return counts;
    }

    private record Level(String metric, double value) {}

    /// The lowest Wi-Fi service level of each site.
    private static Map<String, Level> serviceLevels(ReadCall call, String since, List<String> missing)
            throws InterruptedException {
        var levels = new HashMap<String, Level>();
        var read = call.reading()
                .answer(Operations.getOrgSitesSle(call.org(), "wifi")
                        .with("duration", since)
                        .with("limit", 1000));
        switch (read) {
            case MistAnswer.Failed _ -> missing.add("service levels");
            case MistAnswer.Read found ->
                found.object()
                        .array("results")
                        .orElse(JsonArray.EMPTY)
                        .objects()
                        .forEach(site -> lowest(site)
                                .ifPresent(level ->
                                        levels.put(site.string("site_id").orElse(""), level)));
        }
        return levels;
    }

    private static Optional<Level> lowest(JsonObject site) {
        return site.members().entrySet().stream()
                .filter(member -> !member.getKey().startsWith("num_") && member.getValue() instanceof JsonNumber)
                .map(member -> new Level(member.getKey(), ((JsonNumber) member.getValue()).asDouble()))
                .filter(level -> level.value() >= 0 && level.value() <= 1)
                .min(Comparator.comparingDouble(Level::value));
    }

    private static JsonObject row(JsonObject site, Map<String, Map<String, Long>> alarms, Map<String, Level> levels) {
        var id = site.string("id").orElse("");
        var open = alarms.getOrDefault(id, Map.of());
        var level = Optional.ofNullable(levels.get(id));
        long devices = SiteStats.count(site, "num_devices");
        long offline = Math.max(0, devices - SiteStats.count(site, "num_devices_connected"));
        long critical = open.getOrDefault("critical", 0L);
        long others = open.values().stream().mapToLong(Long::longValue).sum() - critical;
        boolean low = level.filter(known -> known.value() < LOW_SLE).isPresent();
        var health = critical > 0 || (devices > 0 && offline == devices)
                ? "critical"
                : offline > 0 || others > 0 || low ? "warning" : devices == 0 ? "empty" : "good";
        return Row.of(site)
                .take("siteName", "name")
                .set("health", health)
                .set("devices", devices)
                .set("offline", offline)
                .set("offlineAps", gap(site, "num_ap"))
                .set("offlineSwitches", gap(site, "num_switch"))
                .set("criticalAlarms", critical)
                .set("otherAlarms", others)
                .set("lowestSle", level.map(known -> Math.round(known.value() * 1000) / 1000.0))
                .set("lowestSleMetric", level.map(Level::metric))
                .set("clients", SiteStats.count(site, "num_clients"))
                .set("siteId", id)
                .done();
    }

    private static long gap(JsonObject site, String name) {
        return Math.max(0, SiteStats.count(site, name) - SiteStats.count(site, name + "_connected"));
    }

    private static int rank(JsonObject row) {
        return switch (row.string("health").orElse("")) {
            case "critical" -> 0;
            case "warning" -> 1;
            case "good" -> 2;
            default -> 3;
        };
    }
}

package mistmcp.rw.tool;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.mcp.ToolDefinition;
import mistmcp.mist.MistApi;
import mistmcp.mist.MistGet;
import mistmcp.mist.MistReading;
import mistmcp.mist.Operations;
import mistmcp.mist.Site;
import mistmcp.mist.SiteId;
import mistmcp.rw.mist.MistWrite;

/// Acknowledges alarms, or takes that back, always by explicit ids: a filter is resolved to ids first, and
/// the ids are what is shown and sent.
final class MarkAlarms implements WriteTool {
    private static final String ACK = "ack_alarms";
    private static final String UNACK = "unack_alarms";

    /// How far back alarms are looked for; without a duration Mist would look at one day only.
    private static final String SINCE = "30d";

    private static final int MOST_LOOKED_AT = 20_000;
    private static final int MOST_SHOWN = 10;
    private static final int MOST_SITES = 20;

    private final MistApi api;
    private final boolean ack;
    private final ToolDefinition definition;

    private MarkAlarms(MistApi api, boolean ack, ToolDefinition definition) {
        this.api = api;
        this.ack = ack;
        this.definition = definition;
    }

    /// The tool that acknowledges.
    static MarkAlarms acknowledging(MistApi api) {
        var properties = JsonObject.of(
                        "alarm_ids", ids(),
                        "site", Arguments.entity("site", "id or exact name"),
                        "type", JsonObject.of("type", "string", "maxLength", 64, "description", "as ap_offline"),
                        "severity", JsonObject.of("enum", List.of("critical", "warn", "info")))
                .withAll(Arguments.reasons());
        return new MarkAlarms(
                api,
                true,
                ToolDefinition.of(
                        ACK,
                        "Acknowledge alarms",
                        "Acknowledge open alarms of the last 30 days: those of `alarm_ids`, or all that match site,"
                                + " type and severity, at most 1000. Without a site it needs all sites in scope.",
                        Arguments.schema(properties),
                        Optional.empty(),
                        hints()));
    }

    /// The tool that takes it back.
    static MarkAlarms takingBack(MistApi api) {
        return new MarkAlarms(
                api,
                false,
                ToolDefinition.of(
                        UNACK,
                        "Take back acknowledgements",
                        "Open acknowledged alarms again, by their ids.",
                        Arguments.schema(JsonObject.of("alarm_ids", ids()).withAll(Arguments.reasons()), "alarm_ids"),
                        Optional.empty(),
                        hints()));
    }

    @Override
    public ToolDefinition definition() {
        return definition;
    }

    @Override
    public Change plan(Caller caller, JsonObject arguments) throws InterruptedException {
        var ids = arguments.array("alarm_ids").map(JsonArray::strings);
        var filters = List.of("site", "type", "severity");
        if (ids.isPresent() && filters.stream().anyMatch(arguments::has)) {
            throw new Declined("invalid_arguments", "give `alarm_ids` or a filter, not both");
        }
        if (ids.isEmpty()
                && filters.stream().noneMatch(arguments::has)
                && !caller.scope().all()) {
            throw new Declined(
                    "needs_all_sites", "all alarms of the organisation need all sites in scope: name a site");
        }
        var reading = api.reading(caller.scope(), Arguments.PATIENCE);
        var alarms =
                ids.isPresent() ? byIds(reading, new LinkedHashSet<>(ids.get())) : byFilter(reading, caller, arguments);
        var open = alarms.stream().filter(alarm -> acked(alarm) != ack).toList();
        if (open.size() > MistWrite.MarkAlarms.MAX_IDS) {
            throw new Declined(
                    "too_many",
                    open.size() + " alarms match, and at most 1000 are taken at once: narrow by site, type or severity",
                    counts(open, sites(reading)));
        }
        return change(reading, caller, arguments.string("note"), open, alarms);
    }

    private Change change(
            MistReading reading, Caller caller, Optional<String> note, List<JsonObject> open, List<JsonObject> looked)
            throws InterruptedException {
        var sites = sites(reading);
        var ids = open.stream().map(MarkAlarms::id).sorted().toList();
        var at = open.stream().map(MarkAlarms::site).collect(Collectors.toCollection(LinkedHashSet::new));
        if (at.size() > 1 && !caller.scope().all()) {
            throw new Declined(
                    "needs_all_sites", "alarms of several sites need all sites in scope: one site at a time");
        }
        var only = at.size() == 1 ? at.iterator().next() : Optional.<SiteId>empty();
        var write = ids.isEmpty()
                ? Optional.<MistWrite>empty()
                : Optional.<MistWrite>of(new MistWrite.MarkAlarms(reading.org(), only, ack, ids, note));
        var none = JsonArray.EMPTY;
        var marked = JsonArray.ofAll(ids);
        var before = JsonObject.of("acknowledged", ack ? none : marked);
        var after = JsonObject.of("acknowledged", ack ? marked : none)
                .withPresent("note", note.filter(_ -> !ids.isEmpty()));
        var phrase = (ack ? "ack " : "unack ") + ids.size() + (ids.size() == 1 ? " alarm" : " alarms");
        var preview = new Preview(
                targets(open, sites),
                write,
                (ack ? "acknowledge " : "open again ") + ids.size() + (ids.size() == 1 ? " alarm" : " alarms"),
                before,
                after,
                basis(looked),
                counts(open, sites),
                warnings(open, at),
                new Preview.Undo.By(ack ? UNACK : ACK, JsonObject.of("alarm_ids", ids)),
                phrase);
        var expected = JsonObject.of("acknowledged", ack ? marked : none);
        return new Change(preview, expected, _ -> {
            var now = byIds(api.reading(caller.scope(), Arguments.PATIENCE), new LinkedHashSet<>(ids)).stream()
                    .filter(MarkAlarms::acked)
                    .map(MarkAlarms::id)
                    .sorted()
                    .toList();
            return JsonObject.of("acknowledged", now);
        });
    }

    private static List<JsonObject> byIds(MistReading reading, Set<String> ids) throws InterruptedException {
        var found = new LinkedHashMap<String, JsonObject>();
        for (var get : searches(reading)) {
            reading.found(get, MOST_LOOKED_AT).stream()
                    .filter(alarm -> ids.contains(id(alarm)) && covered(reading, alarm))
                    .forEach(alarm -> found.put(id(alarm), alarm));
            if (found.size() == ids.size()) {
                return List.copyOf(found.values());
            }
        }
        var missing = new ArrayList<>(ids);
        missing.removeAll(found.keySet());
        throw new Declined(
                "not_found",
                missing.size() + " of the alarms do not exist in the last 30 days",
                JsonObject.of("missing", missing.stream().limit(MOST_SHOWN).toList()));
    }

    private List<JsonObject> byFilter(MistReading reading, Caller caller, JsonObject arguments)
            throws InterruptedException {
        var named = arguments.string("site");
        if (named.isEmpty() && !caller.scope().all()) {
            throw new Declined("needs_all_sites", "without a site this needs all sites in scope: name a site");
        }
        var type = arguments.string("type");
        var severity = arguments.string("severity");
        var all = named.isPresent()
                ? Operations.searchSiteAlarms(
                        Arguments.site(reading, named.get()).id())
                : Operations.searchOrgAlarms(reading.org());
        var get = all.with("duration", SINCE)
                .with("acked", Boolean.toString(!ack))
                .withPresent("type", type)
                .withPresent("severity", severity);
        // Filters are checked again: Mist does not apply all that its document lists.
        return reading.found(get, MOST_LOOKED_AT).stream()
                .filter(alarm -> covered(reading, alarm)
                        && (type.isEmpty() || alarm.string("type").equals(type))
                        && (severity.isEmpty() || alarm.string("severity").equals(severity)))
                .filter(alarm -> acked(alarm) != ack)
                .toList();
    }

    /// The searches that together show every alarm in the caller's scope.
    private static List<MistGet> searches(MistReading reading) {
        return reading.scope().all()
                ? List.of(Operations.searchOrgAlarms(reading.org()).with("duration", SINCE))
                : reading.scope().sites().stream()
                        .map(site -> Operations.searchSiteAlarms(site).with("duration", SINCE))
                        .toList();
    }

    private static boolean covered(MistReading reading, JsonObject alarm) {
        return site(alarm).map(reading.scope()::covers).orElse(reading.scope().all());
    }

    private static Map<SiteId, String> sites(MistReading reading) throws InterruptedException {
        return reading.sites().stream().collect(Collectors.toMap(Site::id, Site::name, (one, _) -> one));
    }

    private static List<Target> targets(List<JsonObject> open, Map<SiteId, String> sites) {
        var perSite = new TreeMap<String, Integer>();
        open.forEach(alarm -> perSite.merge(site(alarm).map(SiteId::value).orElse(""), 1, Integer::sum));
        return perSite.entrySet().stream()
                .map(entry -> {
                    var site = SiteId.of(entry.getKey());
                    return new Target(
                            "alarms",
                            site.map(SiteId::value).orElse("organisation"),
                            entry.getValue() + (entry.getValue() == 1 ? " alarm" : " alarms"),
                            site,
                            site.map(id -> sites.getOrDefault(id, id.value())));
                })
                .toList();
    }

    /// The alarms looked at as they are; when one is acknowledged or opened by somebody else, this moves.
    private static JsonObject basis(List<JsonObject> looked) {
        var states = new TreeMap<String, Object>();
        looked.forEach(alarm ->
                states.put(id(alarm), JsonObject.of("acked", acked(alarm)).withPresent("note", alarm.string("note"))));
        return JsonObject.of("alarms", states);
    }

    private static JsonObject counts(List<JsonObject> open, Map<SiteId, String> sites) {
        var bySite = counted(
                open,
                alarm -> site(alarm)
                        .map(id -> Arguments.shown(sites.getOrDefault(id, id.value())))
                        .orElse("organisation"));
        var sample = open.stream()
                .limit(MOST_SHOWN)
                .map(alarm -> JsonObject.of("id", id(alarm))
                        .withPresent("type", alarm.string("type"))
                        .withPresent("severity", alarm.string("severity"))
                        .withPresent("site", site(alarm).map(id -> sites.getOrDefault(id, id.value())))
                        .withPresent("timestamp", alarm.get("timestamp")))
                .toList();
        return JsonObject.of(
                "summary",
                open.size()
                        + (open.size() == 1 ? " alarm at " : " alarms at ")
                        + bySite.size()
                        + (bySite.size() == 1 ? " site" : " sites"),
                "alarms",
                open.size(),
                "bySite",
                most(bySite),
                "bySeverity",
                counted(open, alarm -> alarm.string("severity").orElse("unknown")),
                "byType",
                counted(open, alarm -> alarm.string("type").orElse("unknown")),
                "first",
                sample);
    }

    /// The places with the most alarms, and how many alarms are elsewhere.
    private static Map<String, Integer> most(Map<String, Integer> bySite) {
        var most = new LinkedHashMap<String, Integer>();
        bySite.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .limit(MOST_SITES)
                .forEach(site -> most.put(site.getKey(), site.getValue()));
        int elsewhere = bySite.values().stream().mapToInt(Integer::intValue).sum()
                - most.values().stream().mapToInt(Integer::intValue).sum();
        if (elsewhere > 0) {
            most.put("(" + (bySite.size() - most.size()) + " more sites)", elsewhere);
        }
        return most;
    }

    private static Map<String, Integer> counted(List<JsonObject> alarms, Function<JsonObject, String> by) {
        var counts = new TreeMap<String, Integer>();
        alarms.forEach(alarm -> counts.merge(by.apply(alarm), 1, Integer::sum));
        return counts;
    }

    private List<String> warnings(List<JsonObject> open, Set<Optional<SiteId>> at) {
        var warnings = new ArrayList<String>();
        long critical = open.stream()
                .filter(alarm -> alarm.string("severity").equals(Optional.of("critical")))
                .count();
        if (ack && critical > 0) {
            warnings.add(critical + (critical == 1 ? " of them is critical" : " of them are critical"));
        }
        if (at.size() > 1) {
            warnings.add("the alarms are of " + at.size() + " sites");
        }
        return warnings;
    }

    private static String id(JsonObject alarm) {
        return alarm.string("id").orElse("");
    }

    private static Optional<SiteId> site(JsonObject alarm) {
        return alarm.string("site_id").flatMap(SiteId::of);
    }

    private static boolean acked(JsonObject alarm) {
        return alarm.bool("acked").orElse(false);
    }

    private static JsonObject ids() {
        return JsonObject.of(
                "type",
                "array",
                "items",
                JsonObject.of("type", "string", "minLength", 1, "maxLength", 64),
                "minItems",
                1,
                "maxItems",
                MistWrite.MarkAlarms.MAX_IDS,
                "uniqueItems",
                true);
    }

    private static JsonObject hints() {
        return JsonObject.of(
                "readOnlyHint", false,
                "destructiveHint", false,
                "idempotentHint", true);
    }
}

package mistmcp.ro.tool;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.ToolDefinition;
import mistmcp.mcp.server.Tool;
import mistmcp.mcp.server.ToolResult;
import mistmcp.mist.Mac;
import mistmcp.mist.MistGet;
import mistmcp.mist.Operations;
import mistmcp.mist.SiteScope;
import mistmcp.mist.UntrustedText;

/// Alarms by site, severity, type and state, newest first.
public final class SearchAlarms implements Tool<SiteScope> {
    private static final ToolDefinition DEFINITION = Schemas.list(
            "search_alarms",
            "Search alarms",
            "List alarms, newest first. Open ones have acknowledged=false.",
            "alarms",
            JsonObject.of(
                    "site",
                    Schemas.SITE,
                    "severity",
                    Schemas.choice("", "critical", "warn", "info"),
                    "type",
                    Schemas.text("alarm type, as `ap_offline`"),
                    "acknowledged",
                    JsonObject.of("type", "boolean"),
                    "since",
                    Schemas.SINCE.with("default", "7d")));
    private static final List<String> UNTRUSTED =
            List.of("/alarms/*/hostnames", "/alarms/*/ssids", "/alarms/*/bssids", "/alarms/*/note");

    private final Reader reader;

    /// A tool that reads through a reader.
    public SearchAlarms(Reader reader) {
        this.reader = reader;
    }

    @Override
    public ToolDefinition definition() {
        return DEFINITION;
    }

    @Override
    public ToolResult call(SiteScope scope, JsonObject arguments, Exchange exchange) throws InterruptedException {
        return reader.run(DEFINITION.name(), scope, arguments, SearchAlarms::answer);
    }

    private static ToolResult answer(ReadCall call) throws InterruptedException {
        var since = call.text("since", "7d");
        var names = call.names();
        var sources = call.sources(
                org -> filtered(call, Operations.searchOrgAlarms(org), since),
                site -> filtered(call, Operations.searchSiteAlarms(site), since),
                alarm -> Optional.of(alarm).filter(one -> wanted(call, one)).map(one -> row(one, names)));
        var listed = new Walk(call.reading(), sources, Walk.Paging.SEARCH, false).take(call.position(), call.limit());
        return call.listed("alarms", listed, JsonObject.of("since", since), UNTRUSTED);
    }

    static MistGet filtered(ReadCall call, MistGet get, String since) {
        return get.withPresent("severity", call.text("severity"))
                .withPresent("type", call.text("type"))
                .withPresent("acked", call.bool("acknowledged").map(String::valueOf))
                .with("duration", since);
    }

    /// Mist leaves `acked` out of alarms that nobody acknowledged.
    private static boolean wanted(ReadCall call, JsonObject alarm) {
        return call.bool("acknowledged")
                .map(wanted -> wanted.equals(alarm.bool("acked").orElse(false)))
                .orElse(true);
    }

    private static JsonObject row(JsonObject alarm, Names names) {
        return Row.of(alarm)
                .take("type", "type")
                .take("severity", "severity")
                .set("siteName", names.site(Names.siteOf(alarm)))
                .time("firstSeen", "timestamp")
                .time("lastSeen", "last_seen")
                .take("count", "count")
                .set("acknowledged", alarm.bool("acked").orElse(false))
                .take("acknowledgedBy", "ack_admin_name")
                .take("note", "note")
                .set("hostnames", joined(alarm, "hostnames"))
                .set("ssids", joined(alarm, "ssids"))
                .set("bssids", joined(alarm, "bssids"))
                .take("group", "group")
                .take("alarmId", "id")
                .done();
    }

    private static Optional<String> joined(JsonObject alarm, String name) {
        return alarm.array(name)
                .map(JsonArray::strings)
                .filter(list -> !list.isEmpty())
                .map(list -> UntrustedText.clean(list.stream()
                        .map(text -> Mac.of(text).map(Mac::withColons).orElse(text))
                        .collect(Collectors.joining(", "))));
    }
}

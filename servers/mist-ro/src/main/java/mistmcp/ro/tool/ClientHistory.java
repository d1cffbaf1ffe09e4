package mistmcp.ro.tool;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.ToolDefinition;
import mistmcp.mcp.server.Tool;
import mistmcp.mcp.server.ToolResult;
import mistmcp.mist.Mac;
import mistmcp.mist.MistAnswer;
import mistmcp.mist.MistGet;
import mistmcp.mist.Operations;
import mistmcp.mist.SiteScope;

/// What a wireless client went through: its sessions, its events, and what Marvis says of it where the
/// organisation has a subscription. Mist does not filter these by client, whatever is sent: the rows are
/// picked here.
public final class ClientHistory implements Tool<SiteScope> {
    private static final ToolDefinition DEFINITION = Schemas.requiring(
            Schemas.list(
                    "client_history",
                    "Client history",
                    "Wi-Fi sessions and events of one client, such as failed log-ins, and Marvis findings if"
                            + " subscribed.",
                    "history",
                    JsonObject.of(
                            "client",
                            Schemas.text("MAC or exact host name").with("x-mist-entity", "client"),
                            "since",
                            Schemas.SINCE)),
            "client");
    private static final List<String> UNTRUSTED =
            List.of("/history/*/text", "/history/*/reason", "/history/*/ssid", "/marvis/*/text", "/marvis/*/reason");
    private static final int MOST_FINDINGS = 20;

    private final Reader reader;

    /// A tool that reads through a reader.
    public ClientHistory(Reader reader) {
        this.reader = reader;
    }

    @Override
    public ToolDefinition definition() {
        return DEFINITION;
    }

    @Override
    public ToolResult call(SiteScope scope, JsonObject arguments, Exchange exchange) throws InterruptedException {
        return reader.run(DEFINITION.name(), scope, arguments, ClientHistory::answer);
    }

    private static ToolResult answer(ReadCall call) throws InterruptedException {
        var since = call.text("since", "1d");
        var mac = client(call);
        var names = call.names();
        var sources = new ArrayList<>(call.sources(
                org -> of(Operations.searchOrgWirelessClientEvents(org), mac, since),
                site -> of(Operations.searchSiteWirelessClientEvents(site), mac, since),
                picked(mac, row -> event(row, names))));
        sources.addAll(call.sources(
                org -> of(Operations.searchOrgWirelessClientSessions(org), mac, since),
                site -> of(Operations.searchSiteWirelessClientSessions(site), mac, since),
                picked(mac, row -> session(row, names))));
        var listed = new Walk(call.reading(), sources, Walk.Paging.SEARCH, true).take(call.position(), call.limit());
        var more = JsonObject.of("mac", mac.withColons(), "since", since).withAll(marvis(call, mac, since));
        return call.listed("history", listed, more, UNTRUSTED);
    }

    /// The one client that is meant.
    private static Mac client(ReadCall call) throws InterruptedException {
        var named = call.text("client").orElseThrow(() -> new Refusal("invalid_arguments", "`client` is empty"));
        var given = Mac.of(named);
        if (given.isPresent()) {
            return given.get();
        }
        var found = new LinkedHashMap<Mac, JsonObject>();
        for (var row : ClientSearch.anywhere(call, named)) {
            boolean exact =
                    row.string("hostname").filter(named::equalsIgnoreCase).isPresent();
            Row.mac(row, "mac").filter(_ -> exact).ifPresent(mac -> found.putIfAbsent(mac, row));
        }
        if (found.isEmpty()) {
            throw new Refusal("not_found", "there is no client of this MAC address or exact host name");
        }
        if (found.size() > 1) {
            var candidates = found.values().stream().limit(20).toList();
            throw new Refusal(ToolResult.refused(JsonObject.of(
                    "code",
                    "ambiguous_client",
                    "message",
                    "several clients have this host name; give the MAC address of one of the candidates",
                    "candidates",
                    candidates)));
        }
        return found.keySet().iterator().next();
    }

    private static MistGet of(MistGet get, Mac mac, String since) {
        return get.with("mac", mac.digits()).with("duration", since);
    }

    private static Function<JsonObject, Optional<JsonObject>> picked(Mac mac, Function<JsonObject, JsonObject> row) {
        return object ->
                Row.mac(object, "mac").equals(Optional.of(mac)) ? Optional.of(row.apply(object)) : Optional.empty();
    }

    private static JsonObject event(JsonObject event, Names names) {
        return Row.of(event)
                .set("kind", "event")
                .time("time", "timestamp")
                .take("type", "type")
                .take("ssid", "ssid")
                .set("device", names.device(Row.mac(event, "ap")))
                .set("siteName", names.site(Names.siteOf(event)))
                .take("band", "band")
                .take("reason", "reason_code")
                .take("text", "text")
                .done();
    }

    private static JsonObject session(JsonObject session, Names names) {
        return Row.of(session)
                .set("kind", "session")
                .time("time", "timestamp")
                .take("ssid", "ssid")
                .set("device", names.device(Row.mac(session, "ap")))
                .set("siteName", names.site(Names.siteOf(session)))
                .take("band", "band")
                .time("connected", "connect")
                .time("disconnected", "disconnect")
                .done();
    }

    /// What Marvis found; it speaks of the whole organisation, so it is for callers with all sites only.
    private static JsonObject marvis(ReadCall call, Mac mac, String since) throws InterruptedException {
        if (!call.reading().scope().all() || call.position().isPresent()) {
            return JsonObject.EMPTY;
        }
        var get =
                Operations.troubleshootOrg(call.org()).with("mac", mac.digits()).with("duration", since);
        return switch (call.reading().answer(get)) {
            case MistAnswer.Read read ->
                JsonObject.of(
                        "marvis",
                        read.object().array("results").orElse(JsonArray.EMPTY).objects().stream()
                                .limit(MOST_FINDINGS)
                                .map(finding -> Row.of(finding)
                                        .take("category", "category")
                                        .take("reason", "reason")
                                        .take("text", "text")
                                        .take("recommendation", "recommendation")
                                        .done())
                                .toList());
            // Most organisations have no subscription; the history is an answer without it.
            case MistAnswer.Failed failed ->
                JsonObject.of("marvisUnavailable", failed.fault().code());
        };
    }
}

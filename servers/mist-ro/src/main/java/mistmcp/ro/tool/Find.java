package mistmcp.ro.tool;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import mistmcp.json.JsonObject;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.ToolDefinition;
import mistmcp.mcp.server.Tool;
import mistmcp.mcp.server.ToolResult;
import mistmcp.mist.Device;
import mistmcp.mist.Mac;
import mistmcp.mist.Site;
import mistmcp.mist.SiteId;
import mistmcp.mist.SiteScope;
import mistmcp.mist.UntrustedText;

/// Finds sites, devices and clients by a part of a name, an id, a MAC or an IP address.
public final class Find implements Tool<SiteScope> {
    private static final ToolDefinition DEFINITION = Schemas.requiring(
            Schemas.list(
                    "find",
                    "Find anything",
                    "Find sites, devices or clients by part of a name, id, MAC, IP or serial number.",
                    "results",
                    JsonObject.of(
                            "query",
                            Schemas.text("name part, id, MAC, IP or serial"),
                            "kind",
                            Schemas.choice("", "any", "site", "device", "client"))),
            "query");

    private static final List<String> UNTRUSTED = List.of(
            "/results/*/hostname",
            "/results/*/username",
            "/results/*/ssid",
            "/results/*/os",
            "/results/*/manufacturer",
            "/results/*/model");

    private final Reader reader;

    /// A tool that reads through a reader.
    public Find(Reader reader) {
        this.reader = reader;
    }

    @Override
    public ToolDefinition definition() {
        return DEFINITION;
    }

    @Override
    public ToolResult call(SiteScope scope, JsonObject arguments, Exchange exchange) throws InterruptedException {
        return reader.run(DEFINITION.name(), scope, arguments, Find::answer);
    }

    private static ToolResult answer(ReadCall call) throws InterruptedException {
        var query = call.text("query").orElseThrow(() -> new Refusal("invalid_arguments", "`query` is empty"));
        var kind = call.text("kind", "any");
        var rows = new ArrayList<JsonObject>();
        if (!kind.equals("device") && !kind.equals("client")) {
            call.reading().sites().stream()
                    .filter(site -> matches(site, query))
                    .map(Find::row)
                    .forEach(rows::add);
        }
        if (!kind.equals("site") && !kind.equals("client")) {
            var names = call.names();
            call.reading().devices().stream()
                    .filter(device -> matches(device, query))
                    .map(device -> row(device, names))
                    .forEach(rows::add);
        }
        boolean clients = !kind.equals("site") && !kind.equals("device");
        var found = clients ? ClientSearch.anywhere(call, query) : List.<JsonObject>of();
        rows.addAll(found);
        return call.listed("results", call.slice(rows), JsonObject.EMPTY, UNTRUSTED);
    }

    private static boolean matches(Site site, String query) {
        return site.id().value().equals(query.toLowerCase(Locale.ROOT)) || contains(site.name(), query);
    }

    private static boolean matches(Device device, String query) {
        return device.id().value().equals(query.toLowerCase(Locale.ROOT))
                || contains(device.name(), query)
                || device.body()
                        .string("serial")
                        .filter(query::equalsIgnoreCase)
                        .isPresent()
                || Mac.of(query).filter(device.mac()::equals).isPresent();
    }

    static boolean contains(String text, String part) {
        return text.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
    }

    private static JsonObject row(Site site) {
        return JsonObject.of(
                "kind",
                "site",
                "name",
                UntrustedText.clean(site.name()),
                "siteName",
                UntrustedText.clean(site.name()),
                "siteId",
                site.id().value());
    }

    private static JsonObject row(Device device, Names names) {
        return Row.of(device.body())
                .set("kind", device.type())
                .set("name", UntrustedText.clean(device.name()))
                .set("siteName", names.site(device.site()))
                .set("siteId", device.site().map(SiteId::value))
                .set("deviceId", device.id().value())
                .set("mac", Optional.of(device.mac().withColons()))
                .take("model", "model")
                .take("serial", "serial")
                .take("connected", "connected")
                .done();
    }
}

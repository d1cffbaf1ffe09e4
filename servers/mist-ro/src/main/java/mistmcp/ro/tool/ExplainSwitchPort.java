package mistmcp.ro.tool;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.ToolDefinition;
import mistmcp.mcp.server.Tool;
import mistmcp.mcp.server.ToolResult;
import mistmcp.mist.Operations;
import mistmcp.mist.PortLayers;
import mistmcp.mist.PortNames;
import mistmcp.mist.Redaction;
import mistmcp.mist.SiteScope;

/// How a switch port is set in the end, and which layer each setting comes from.
public final class ExplainSwitchPort implements Tool<SiteScope> {
    private static final ToolDefinition DEFINITION = Schemas.one(
            "explain_switch_port",
            "Explain a switch port",
            "The effective configuration of one switch port (profile, VLAN) and the layer each setting comes from.",
            JsonObject.of("device", Schemas.DEVICE, "port", Schemas.text("as `ge-0/0/7`"), "site", Schemas.SITE),
            List.of("device", "port"),
            JsonObject.of("settings", JsonObject.of("type", "array")));

    private final Reader reader;

    /// A tool that reads through a reader.
    public ExplainSwitchPort(Reader reader) {
        this.reader = reader;
    }

    @Override
    public ToolDefinition definition() {
        return DEFINITION;
    }

    @Override
    public ToolResult call(SiteScope scope, JsonObject arguments, Exchange exchange) throws InterruptedException {
        return reader.run(DEFINITION.name(), scope, arguments, ExplainSwitchPort::answer);
    }

    private static ToolResult answer(ReadCall call) throws InterruptedException {
        var device = call.device().orElseThrow(() -> new Refusal("invalid_arguments", "`device` is empty"));
        var port = call.text("port", "").toLowerCase(Locale.ROOT);
        if (!PortNames.isPort(port)) {
            throw new Refusal("invalid_arguments", "`port` is not the name of one port, such as `ge-0/0/7`");
        }
        var site = device.site().filter(_ -> device.type().equals("switch"));
        if (site.isEmpty()) {
            throw new Refusal("not_a_switch", "this device is not a switch of a site");
        }
        var config = call.reading().object(Operations.getSiteDevice(site.get(), device.id()));
        var derived = call.reading().object(Operations.getSiteSettingDerived(site.get()));
        var effective =
                new PortLayers(config, derived, device.body().string("model").orElse("")).effective(port);
        var network = effective.attributes().string("port_network");
        var summary = JsonObject.of(
                        "device",
                        mistmcp.mist.UntrustedText.clean(device.name()),
                        "port",
                        port,
                        "profile",
                        effective.usage(),
                        "profileFrom",
                        layer(effective.usageLayer()))
                .withPresent("profileDefinedIn", effective.profileIn())
                .withPresent("network", network)
                .withPresent("vlan", network.flatMap(name -> vlan(config, name).or(() -> vlan(derived, name))));
        return ReadCall.answer(
                (JsonObject) CleanText.of(Redaction.redact(summary.with("settings", settings(effective)))),
                List.of("/settings/*/text", "/settings/*/value/description"));
    }

    /// Each attribute with its value and where it comes from; the strongest layer that sets it.
    private static JsonArray settings(PortLayers.Effective effective) {
        var rows = new ArrayList<JsonObject>();
        for (var attribute : effective.attributes().members().entrySet()) {
            var say = effective.says().stream()
                    .filter(one -> !one.ignored() && one.entry().has(attribute.getKey()))
                    .findFirst();
            rows.add(JsonObject.of(
                    "setting",
                    attribute.getKey(),
                    // Free text stands apart: names of profiles and networks are no strangers' words.
                    attribute.getKey().equals("description") ? "text" : "value",
                    attribute.getValue(),
                    "from",
                    say.map(one -> layer(one.layer())).orElse("profile " + effective.usage()),
                    "key",
                    say.map(PortLayers.Say::key).orElse("")));
        }
        for (var say : effective.says()) {
            if (say.ignored()) {
                rows.add(JsonObject.of(
                        "setting", "(ignored)", "value", say.entry(), "from", layer(say.layer()), "key", say.key()));
            }
        }
        return JsonArray.ofAll(rows);
    }

    private static Optional<mistmcp.json.JsonValue> vlan(JsonObject holder, String network) {
        return holder.object("networks")
                .flatMap(networks -> networks.object(network))
                .flatMap(found -> found.get("vlan_id"));
    }

    private static String layer(PortLayers.Layer layer) {
        return layer.name().toLowerCase(Locale.ROOT);
    }
}

package mistmcp.ro.tool;

import java.util.ArrayList;
import java.util.List;
import mistmcp.json.Json;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonValue;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.ToolDefinition;
import mistmcp.mcp.server.Tool;
import mistmcp.mcp.server.ToolResult;
import mistmcp.mist.MistAnswer;
import mistmcp.mist.MistFailed;
import mistmcp.mist.MistFault;
import mistmcp.mist.Operations;
import mistmcp.mist.Redaction;
import mistmcp.mist.SiteScope;

/// One device: its state now and its configuration, less its secrets.
public final class GetDevice implements Tool<SiteScope> {
    private static final int MOST_BYTES = 14_000;
    private static final ToolDefinition DEFINITION = Schemas.one(
            "get_device",
            "Get one device",
            "One device: state, and configuration without secrets. Name `roots` when the configuration is cut.",
            JsonObject.of(
                    "device",
                    Schemas.DEVICE,
                    "site",
                    Schemas.SITE,
                    "roots",
                    JsonObject.of(
                            "type",
                            "array",
                            "items",
                            JsonObject.of("type", "string"),
                            "maxItems",
                            20,
                            "description",
                            "configuration members wanted, as `port_config`")),
            List.of("device"),
            JsonObject.of("device", JsonObject.of("type", "object"), "config", JsonObject.of("type", "object")));

    private final Reader reader;

    /// A tool that reads through a reader.
    public GetDevice(Reader reader) {
        this.reader = reader;
    }

    @Override
    public ToolDefinition definition() {
        return DEFINITION;
    }

    @Override
    public ToolResult call(SiteScope scope, JsonObject arguments, Exchange exchange) throws InterruptedException {
        var wanted = arguments.array("roots").map(array -> array.strings()).orElse(List.of());
        return reader.run(DEFINITION.name(), scope, arguments, call -> answer(call, wanted));
    }

    private static ToolResult answer(ReadCall call, List<String> wanted) throws InterruptedException {
        var device = call.device().orElseThrow(() -> new Refusal("invalid_arguments", "`device` is empty"));
        var names = call.names();
        if (device.site().isEmpty()) {
            return ReadCall.answer(
                    JsonObject.of("device", ListDevices.row(device.body(), names), "config", JsonObject.EMPTY),
                    List.of());
        }
        var site = device.site().get();
        var config = call.reading().object(Operations.getSiteDevice(site, device.id()));
        var stats = call.reading().answer(Operations.getSiteDeviceStats(site, device.id()));
        var state = switch (stats) {
            case MistAnswer.Read read -> read.object();
            // A device that never connected has no statistics.
            case MistAnswer.Failed(MistFault.NotFound _) -> JsonObject.EMPTY;
            case MistAnswer.Failed(var fault) -> throw new MistFailed(fault);
        };
        var row = Row.of(device.body().withAll(config).withAll(state));
        var shown = ListDevices.row(device.body().withAll(config).withAll(state), names)
                .withAll(row.take("serial", "serial")
                        .take("notes", "notes")
                        .time("modified", "modified_time")
                        .take("externalIp", "ext_ip")
                        .take("configStatus", "config_status")
                        .set("neighbor", neighbor(state))
                        .done());
        var cut = new ArrayList<String>();
        return ReadCall.answer(
                JsonObject.of("device", shown, "config", config(config, wanted, cut), "truncated", !cut.isEmpty())
                        .withPresent(
                                "omittedRoots",
                                cut.isEmpty() ? java.util.Optional.empty() : java.util.Optional.of(cut)),
                List.of("/device/notes", "/device/neighbor", "/config/notes", "/config/*/*/description"));
    }

    private static java.util.Optional<String> neighbor(JsonObject state) {
        return state.object("lldp_stat")
                .map(lldp -> Row.of(lldp).take("name", "system_name").done())
                .flatMap(lldp -> lldp.string("name"));
    }

    /// The members wanted, redacted and cleaned, as many as fit; the names of the others go into `cut`.
    private static JsonObject config(JsonObject config, List<String> wanted, List<String> cut) {
        var safe = (JsonObject) CleanText.of(Redaction.redact((JsonValue) config));
        var shown = JsonObject.EMPTY;
        int bytes = 0;
        for (var root : safe.names()) {
            var value = safe.get(root).orElseThrow();
            int size = Json.bytes(value).length;
            if (!wanted.isEmpty() && !wanted.contains(root)) {
                continue;
            }
            if (bytes + size > MOST_BYTES) {
                cut.add(root);
            } else {
                shown = shown.with(root, value);
                bytes += size;
            }
        }
        return shown;
    }
}

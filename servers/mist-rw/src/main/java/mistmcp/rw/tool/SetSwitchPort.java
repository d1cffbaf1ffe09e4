package mistmcp.rw.tool;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonSchema;
import mistmcp.json.JsonValue;
import mistmcp.mcp.ToolDefinition;
import mistmcp.mist.Device;
import mistmcp.mist.MistApi;
import mistmcp.mist.MistReading;
import mistmcp.mist.Operations;
import mistmcp.mist.PortLayers;
import mistmcp.mist.Site;
import mistmcp.mist.SiteId;
import mistmcp.rw.mist.MistWrite;

/// Sets one port of one switch (`updateSiteDevice`): reads the switch, merges into the whole port maps, sends
/// these.
final class SetSwitchPort implements WriteTool {
    static final String NAME = "set_switch_port";

    private static final Pattern PHYSICAL = Pattern.compile("(ge|mge|xe|et)-[0-9]{1,2}/[0-9]{1,2}/[0-9]{1,3}");
    private static final int MOST_NEAR = 40;

    /// Profiles that mean nothing without further attributes, which this tool does not set.
    private static final Set<String> INCOMPLETE = Set.of("inet", "vlan_tunnel");

    private static final ToolDefinition DEFINITION = ToolDefinition.of(
            NAME,
            "Set a switch port",
            "Change one switch port. Only what is given changes; `reset` hands attributes back to the port"
                    + " profile (`usage`).",
            schema(),
            Optional.empty(),
            JsonObject.of(
                    "readOnlyHint", false,
                    "destructiveHint", true,
                    "idempotentHint", true));
    private static final JsonSchema SCHEMA = JsonSchema.compile(schema());

    private final MistApi api;

    SetSwitchPort(MistApi api) {
        this.api = api;
    }

    @Override
    public ToolDefinition definition() {
        return DEFINITION;
    }

    @Override
    public Change plan(Caller caller, JsonObject arguments) throws InterruptedException {
        var set = settings(arguments);
        var reset = Set.copyOf(arguments.array("reset").orElse(JsonArray.EMPTY).strings());
        if (set.isEmpty() && reset.isEmpty()) {
            throw new Declined("invalid_arguments", "say what to change: " + String.join(", ", names()));
        }
        if (set.names().stream().anyMatch(reset::contains)) {
            throw new Declined("invalid_arguments", "an attribute is both set and in `reset`");
        }
        var port = physical(arguments.string("port").orElse(""));
        var reading = api.reading(caller.scope(), Arguments.PATIENCE);
        var named = arguments.string("site");
        var site = named.isPresent() ? Optional.of(Arguments.site(reading, named.get())) : Optional.<Site>empty();
        var device = Arguments.networkSwitch(reading, arguments.string("device").orElse(""), site);
        // The site that counts is the one where the switch really is, whatever the arguments say.
        var real =
                device.site().orElseThrow(() -> new Declined("invalid_arguments", "the switch is assigned to no site"));
        var place = Arguments.site(reading, real.value());
        var config = reading.object(Operations.getSiteDevice(real, device.id()).fresh());
        var derived = reading.object(Operations.getSiteSettingDerived(real).fresh());
        var layers = new PortLayers(
                config,
                derived,
                config.string("model").or(() -> device.body().string("model")).orElse(""));
        checkUsage(set, layers);
        var facts = PortFacts.read(reading, real, device, port);
        checkPort(port, facts, device);
        var edit = new PortEdit(
                port, PortMap.of(config, PortEdit.CONFIG), PortMap.of(config, PortEdit.OVERWRITE), set, reset);
        return change(reading, edit, place, device, config, layers, facts);
    }

    private Change change(
            MistReading reading,
            PortEdit edit,
            Site site,
            Device device,
            JsonObject config,
            PortLayers layers,
            PortFacts facts) {
        var name = Arguments.shown(device.name());
        var body = edit.body();
        var preview = new Preview(
                List.of(Target.at(site, "switch_port", device.id() + "/" + edit.port(), name + " " + edit.port())),
                body.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new MistWrite.UpdateSwitch(site.id(), device.id(), body)),
                "set " + String.join(" and ", body.names()) + " of switch " + name + ", changed for port " + edit.port()
                        + " only",
                edit.before(),
                edit.after(),
                edit.basis()
                        .with("device", device.id().value())
                        .with("site", site.id().value())
                        .with(
                                "local_port_config",
                                PortMap.of(config, "local_port_config")
                                        .only(Set.copyOf(PortMap.of(config, "local_port_config")
                                                .keys(edit.port())))),
                facts.impact("port " + edit.port() + " of switch " + name),
                warnings(edit, device, config, layers, facts),
                undo(edit, device),
                name + " " + edit.port());
        return new Change(
                preview,
                body,
                _ -> held(api.reading(reading.scope(), Arguments.PATIENCE), edit, body, site.id(), device));
    }

    /// The roots that were sent, as Mist holds them now. Of an entry that was sent, members that Mist added
    /// by itself are left out.
    private static JsonObject held(MistReading reading, PortEdit edit, JsonObject sent, SiteId site, Device device)
            throws InterruptedException {
        var config = reading.object(Operations.getSiteDevice(site, device.id()).fresh());
        var held = JsonObject.EMPTY;
        for (var root : sent.names()) {
            var expected = sent.object(root).orElse(JsonObject.EMPTY);
            var entries = new LinkedHashMap<String, JsonValue>();
            PortMap.of(config, root)
                    .entries()
                    .members()
                    .forEach((key, entry) -> entries.put(key, comparable(entry, expected.object(key), edit)));
            held = held.with(root, new JsonObject(entries));
        }
        return held;
    }

    private static JsonValue comparable(JsonValue entry, Optional<JsonObject> expected, PortEdit edit) {
        if (!(entry instanceof JsonObject members) || expected.isEmpty()) {
            return entry;
        }
        var added = members.names().stream()
                .filter(name -> !expected.get().has(name) && !edit.reset().contains(name))
                .toArray(String[]::new);
        return members.without(added);
    }

    private static List<String> warnings(
            PortEdit edit, Device device, JsonObject config, PortLayers layers, PortFacts facts) {
        var warnings = new ArrayList<>(facts.warnings());
        if (!device.body().bool("connected").orElse(true)) {
            warnings.add("the switch is not connected: the change takes effect when it is back");
        }
        if (config.bool("disable_auto_config").orElse(false)) {
            warnings.add("Mist does not push the configuration of this switch: the change may have no effect");
        }
        edit.split()
                .forEach(key -> warnings.add(
                        "the range `" + Arguments.shown(key) + "` is split; its other ports keep their settings"));
        for (var say : layers.effective(edit.port()).says()) {
            if (say.ignored()) {
                continue;
            }
            var voided = say.entry().names().stream()
                    .filter(name -> edit.set().has(name) || edit.reset().contains(name))
                    .toList();
            if (say.layer() == PortLayers.Layer.LOCAL_PORT_CONFIG && !voided.isEmpty()) {
                warnings.add("a local override by a port operator sets " + String.join(", ", voided)
                        + " on this port, and stays the stronger word");
            }
            if (say.layer() == PortLayers.Layer.SWITCH_MATCHING && edit.set().has(PortEdit.USAGE)) {
                warnings.add(
                        "a switch rule of the site sets this port today: the switch's own setting takes its place");
            }
        }
        return warnings;
    }

    private static Preview.Undo undo(PortEdit edit, Device device) {
        var back = JsonObject.of("device", device.id().value(), "port", edit.port())
                .withAll(edit.back());
        return edit.reversible() && SCHEMA.faults(back).isEmpty()
                ? new Preview.Undo.By(NAME, back)
                : new Preview.Undo.Impossible("the port has settings that this tool cannot set again");
    }

    private static String physical(String port) {
        if (!PHYSICAL.matcher(port).matches()) {
            throw new Declined(
                    "invalid_arguments",
                    "`" + Arguments.shown(port) + "` is no single physical port such as `ge-0/0/7`; vme, ae and irb"
                            + " interfaces are not changed");
        }
        return port;
    }

    private static void checkPort(String port, PortFacts facts, Device device) {
        if (!facts.known().isEmpty() && !facts.known().contains(port)) {
            throw new Declined(
                    "not_found",
                    "`" + Arguments.shown(device.name()) + "` has no port `" + port + "`",
                    JsonObject.of(
                            "ports",
                            facts.known().stream()
                                    .map(Arguments::shown)
                                    .sorted()
                                    .limit(MOST_NEAR)
                                    .toList()));
        }
    }

    private static void checkUsage(JsonObject set, PortLayers layers) {
        var usage = set.string(PortEdit.USAGE);
        if (usage.isEmpty()) {
            return;
        }
        if (INCOMPLETE.contains(usage.get())) {
            throw new Declined(
                    "invalid_arguments", "the profile `" + usage.get() + "` needs more than this tool can set");
        }
        if (!layers.knowsUsage(usage.get())) {
            var known = layers.usages().stream()
                    .filter(name -> !INCOMPLETE.contains(name))
                    .map(Arguments::shown)
                    .limit(MOST_NEAR)
                    .toList();
            throw new Declined(
                    "unknown_usage",
                    "no port profile `" + Arguments.shown(usage.get()) + "` is defined for this switch; known are "
                            + String.join(", ", known),
                    JsonObject.of("known", known));
        }
    }

    private static JsonObject settings(JsonObject arguments) {
        var set = JsonObject.EMPTY;
        for (var name : names()) {
            set = set.withPresent(name, arguments.get(name));
        }
        set.string("description").ifPresent(text -> Arguments.plain("description", text, 64));
        return set;
    }

    private static List<String> names() {
        var names = new ArrayList<>(List.of(PortEdit.USAGE));
        names.addAll(PortEdit.BENDS);
        return names;
    }

    private static JsonObject schema() {
        var flag = JsonObject.of("type", "boolean");
        return Arguments.schema(
                JsonObject.of(
                                "site", Arguments.entity("site", "only to tell switches apart"),
                                "device", Arguments.entity("device", "id, MAC or exact name"),
                                "port", Arguments.entity("port", "as ge-0/0/7"),
                                "usage", JsonObject.of("type", "string", "description", "port profile"),
                                "description", JsonObject.of("type", "string"),
                                "disabled", flag,
                                "poe_disabled", flag,
                                "speed",
                                        options("auto", "10m", "100m", "1g", "2.5g", "5g", "10g", "25g", "40g", "100g"),
                                "duplex", options("auto", "full", "half"),
                                "mac_limit", JsonObject.of("type", "integer", "minimum", 0, "maximum", 16383),
                                "reset",
                                        JsonObject.of(
                                                "type",
                                                "array",
                                                "items",
                                                JsonObject.of("enum", names()),
                                                "uniqueItems",
                                                true))
                        .withAll(Arguments.reasons()),
                "device",
                "port");
    }

    private static JsonObject options(String... options) {
        return JsonObject.of("enum", List.of(options));
    }
}

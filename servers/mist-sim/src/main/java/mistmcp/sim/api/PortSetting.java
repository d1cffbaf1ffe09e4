package mistmcp.sim.api;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import mistmcp.json.JsonObject;

/// The setting in force on one port of a switch, strongest first: local override (where allowed),
/// `port_config_overwrite`, `port_config`, the switch matching rule of site or template,
/// `default_port_usage`.
final class PortSetting {
    private static final Pattern RANGE = Pattern.compile("(.*?)([0-9]+)-([0-9]+)");

    private final Cloud cloud;

    PortSetting(Cloud cloud) {
        this.cloud = cloud;
    }

    JsonObject of(JsonObject device, String port) {
        var derived = Cloud.siteOf(device)
                .flatMap(id -> cloud.row(Table.SITES, id))
                .map(site -> new DerivedSetting(cloud).of(site))
                .orElse(JsonObject.EMPTY);
        var fallback = device.string("default_port_usage")
                .or(() -> derived.string("default_port_usage"))
                .orElse("default");
        var base = entry(device.object("port_config"), port)
                .or(() -> matching(device, derived, port))
                .orElseGet(() -> JsonObject.of("usage", fallback));
        var setting =
                base.withAll(entry(device.object("port_config_overwrite"), port).orElse(JsonObject.EMPTY));
        boolean locked = base.bool("no_local_overwrite").orElse(cloud.quirks().has(Quirk.NO_LOCAL_OVERWRITE));
        var local = cloud.row(Table.LOCAL_PORT_CONFIG, device.string("id").orElse(""))
                .flatMap(row -> row.object("ports"));
        return locked ? setting : setting.withAll(entry(local, port).orElse(JsonObject.EMPTY));
    }

    /// Whether the usage that a setting names, or the setting itself, shuts the port down.
    boolean disabled(JsonObject device, JsonObject setting) {
        var usage = setting.string("usage").orElse("default");
        var derived = Cloud.siteOf(device)
                .flatMap(id -> cloud.row(Table.SITES, id))
                .map(site -> new DerivedSetting(cloud).of(site))
                .orElse(JsonObject.EMPTY);
        boolean byUsage = device.object("port_usages")
                .flatMap(map -> map.object(usage))
                .or(() -> derived.object("port_usages").flatMap(map -> map.object(usage)))
                .flatMap(found -> found.bool("disabled"))
                .orElse(usage.equals("disabled"));
        return setting.bool("disabled").orElse(byUsage);
    }

    private static Optional<JsonObject> matching(JsonObject device, JsonObject derived, String port) {
        var rules = derived.object("switch_matching")
                .filter(matching -> matching.bool("enable").orElse(false))
                .flatMap(matching -> matching.array("rules"))
                .map(array -> array.objects())
                .orElse(List.of());
        return rules.stream()
                .filter(rule -> applies(rule, device))
                .findFirst()
                .flatMap(rule -> entry(rule.object("port_config"), port));
    }

    private static boolean applies(JsonObject rule, JsonObject device) {
        return rule.names().stream().filter(name -> name.startsWith("match_")).allMatch(name -> {
            var wanted = rule.string(name).orElse("");
            var field = name.substring("match_".length()).replaceAll("\\[.*", "");
            return device.string(field)
                    .map(value -> name.contains("[") ? value.startsWith(wanted) : value.equals(wanted))
                    .orElse(false);
        });
    }

    static Optional<JsonObject> entry(Optional<JsonObject> map, String port) {
        return map.flatMap(ports -> ports.object(port)
                .or(() -> ports.members().entrySet().stream()
                        .filter(entry -> covers(entry.getKey(), port))
                        .map(Map.Entry::getValue)
                        .filter(JsonObject.class::isInstance)
                        .map(JsonObject.class::cast)
                        .findFirst()));
    }

    /// Whether a key such as `ge-0/0/0-23` or `ge-0/0/1,ge-0/0/5` names the port.
    static boolean covers(String key, String port) {
        return Arrays.stream(key.split(",")).map(String::strip).anyMatch(part -> {
            if (part.equals(port)) {
                return true;
            }
            var range = RANGE.matcher(part);
            return range.matches()
                    && port.startsWith(range.group(1))
                    && port.substring(range.group(1).length()).matches("[0-9]{1,4}")
                    && within(
                            Integer.parseInt(port.substring(range.group(1).length())), range.group(2), range.group(3));
        });
    }

    private static boolean within(int number, String from, String to) {
        return from.length() < 6
                && to.length() < 6
                && number >= Integer.parseInt(from)
                && number <= Integer.parseInt(to);
    }
}

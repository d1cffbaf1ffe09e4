package mistmcp.mist;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonString;

/// All that decides how a port of one switch is set, in layers. Pure.
///
/// @param device  the switch as `getSiteDevice` gives it, `local_port_config` included
/// @param derived the site's setting with its templates, as `getSiteSettingDerived` gives it
/// @param model   the model of the switch, for matching rules
public record PortLayers(JsonObject device, JsonObject derived, String model) {
    private static final Pattern MATCH = Pattern.compile("match_(name|model|role)(?:\\[([0-9]+)[:-]([0-9]+)])?");

    /// A layer that has a say, strongest first.
    public enum Layer {
        LOCAL_PORT_CONFIG,
        PORT_CONFIG_OVERWRITE,
        PORT_CONFIG,
        SWITCH_MATCHING,
        DEFAULT_PORT_USAGE
    }

    /// What one layer says about the port.
    ///
    /// @param key     the key that covers the port, as it stands; where a default usage comes from
    /// @param entry   what is set there
    /// @param ignored whether a stronger word voids it, as `no_local_overwrite` does a local override
    public record Say(Layer layer, String key, JsonObject entry, boolean ignored) {}

    /// How a port is set in the end.
    ///
    /// @param usage      the name of the port profile
    /// @param usageLayer where that name comes from
    /// @param profile    the profile's attributes; empty when no layer defines it
    /// @param profileIn  `device`, `site` (setting with templates) or `built-in`; empty when nobody defines
    ///                   it
    /// @param attributes all attributes of the port, the profile's included
    /// @param says       what each layer says, strongest first
    public record Effective(
            String usage,
            Layer usageLayer,
            Optional<JsonObject> profile,
            Optional<String> profileIn,
            JsonObject attributes,
            List<Say> says) {
        /// Copies the list given.
        public Effective {
            says = List.copyOf(says);
        }
    }

    /// The names of the profiles that Mist defines itself.
    public static final List<String> BUILT_IN =
            List.of("default", "ap", "disabled", "dynamic", "inet", "iot", "uplink", "wan");

    /// How a port is set.
    public Effective effective(String port) {
        var says = says(port);
        var usage = DEFAULT;
        var usageLayer = Layer.DEFAULT_PORT_USAGE;
        for (var say : says.reversed()) {
            var named = say.entry().string("usage").filter(text -> !text.isEmpty());
            if (!say.ignored() && named.isPresent()) {
                usage = named.get();
                usageLayer = say.layer();
            }
        }
        var own = profile(device, usage);
        var site = profile(derived, usage);
        var profile = own.or(() -> site);
        var profileIn = own.isPresent()
                ? Optional.of("device")
                : site.isPresent()
                        ? Optional.of("site")
                        : BUILT_IN.contains(usage) ? Optional.of("built-in") : Optional.<String>empty();
        var attributes = profile.orElse(JsonObject.EMPTY);
        for (var say : says.reversed()) {
            attributes = say.ignored() ? attributes : attributes.withAll(say.entry());
        }
        return new Effective(usage, usageLayer, profile, profileIn, attributes.with("usage", usage), says);
    }

    /// Whether a profile of this name is defined for the switch, on itself, its site and templates, or by
    /// Mist.
    public boolean knowsUsage(String usage) {
        return profile(device, usage).isPresent() || profile(derived, usage).isPresent() || BUILT_IN.contains(usage);
    }

    /// The names of all profiles that are defined for the switch.
    public List<String> usages() {
        var names = new java.util.TreeSet<>(BUILT_IN);
        device.object("port_usages").ifPresent(map -> names.addAll(map.names()));
        derived.object("port_usages").ifPresent(map -> names.addAll(map.names()));
        return List.copyOf(names);
    }

    private static final String DEFAULT = "default";

    private List<Say> says(String port) {
        var portConfig = entry(device, "port_config", port);
        var rule = rule();
        var ruleConfig = rule.flatMap(matching -> entry(matching, "port_config", port));
        // Mist takes `no_local_overwrite` to be true where it is not set.
        boolean locked = portConfig
                .or(() -> ruleConfig)
                .map(found -> found.entry().bool("no_local_overwrite").orElse(true))
                .orElse(false);
        var says = new ArrayList<Say>();
        entry(device, "local_port_config", port)
                .ifPresent(found -> says.add(new Say(Layer.LOCAL_PORT_CONFIG, found.key(), found.entry(), locked)));
        entry(device, "port_config_overwrite", port)
                .ifPresent(found -> says.add(new Say(Layer.PORT_CONFIG_OVERWRITE, found.key(), found.entry(), false)));
        portConfig.ifPresent(found -> says.add(new Say(Layer.PORT_CONFIG, found.key(), found.entry(), false)));
        ruleConfig.ifPresent(
                found -> says.add(new Say(Layer.SWITCH_MATCHING, found.key(), found.entry(), portConfig.isPresent())));
        defaultUsage(rule).ifPresent(says::add);
        return says;
    }

    private Optional<Say> defaultUsage(Optional<JsonObject> rule) {
        return device.string("default_port_usage")
                .map(usage -> usageSay("device", usage))
                .or(() -> rule.flatMap(matching -> matching.string("default_port_usage"))
                        .map(usage -> usageSay("switch_matching", usage)))
                .or(() -> derived.string("default_port_usage").map(usage -> usageSay("site", usage)))
                .or(() -> Optional.of(usageSay("built-in", DEFAULT)));
    }

    private static Say usageSay(String where, String usage) {
        return new Say(Layer.DEFAULT_PORT_USAGE, where, JsonObject.of("usage", usage), false);
    }

    private record Found(String key, JsonObject entry) {}

    /// The entry that covers a port: its own key before a range.
    private static Optional<Found> entry(JsonObject holder, String map, String port) {
        return holder.object(map)
                .flatMap(entries -> entries.object(port)
                        .map(entry -> new Found(port, entry))
                        .or(() -> entries.names().stream()
                                .filter(key -> PortNames.covers(key, port))
                                .findFirst()
                                .flatMap(key -> entries.object(key).map(entry -> new Found(key, entry)))));
    }

    private static Optional<JsonObject> profile(JsonObject holder, String usage) {
        return holder.object("port_usages").flatMap(usages -> usages.object(usage));
    }

    /// The first rule all of whose conditions the switch meets; a rule without conditions meets all.
    private Optional<JsonObject> rule() {
        return derived.object("switch_matching")
                .filter(matching -> matching.bool("enable").orElse(false))
                .flatMap(matching -> matching.array("rules"))
                .flatMap(rules -> rules.objects().stream().filter(this::matches).findFirst());
    }

    private boolean matches(JsonObject rule) {
        return rule.members().entrySet().stream()
                .filter(member -> member.getKey().startsWith("match_"))
                .allMatch(member ->
                        member.getValue() instanceof JsonString wanted && meets(member.getKey(), wanted.value()));
    }

    private boolean meets(String condition, String wanted) {
        var matcher = MATCH.matcher(condition);
        if (!matcher.matches()) {
            return false;
        }
        var actual = switch (matcher.group(1)) {
            case "name" -> device.string("name").orElse("");
            case "model" -> model;
            default -> device.string("role").orElse("");
        };
        if (matcher.group(2) == null) {
            return matcher.group(1).equals("model") ? actual.startsWith(wanted) : actual.equals(wanted);
        }
        int from = Math.min(Integer.parseInt(matcher.group(2)), actual.length());
        int to = Math.min(Integer.parseInt(matcher.group(3)), actual.length());
        return from <= to && actual.substring(from, to).equals(wanted);
    }
}

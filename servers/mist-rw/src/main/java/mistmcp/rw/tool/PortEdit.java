package mistmcp.rw.tool;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import mistmcp.json.JsonObject;

/// An edit of one port in the two port maps of a switch. The port profile is set in `port_config`; attributes
/// that bend the profile are set in `port_config_overwrite`, which is the stronger layer and takes them
/// without naming a profile. Pure.
///
/// @param port      the port
/// @param config    `port_config` as it is
/// @param overwrite `port_config_overwrite` as it is
/// @param set       the attributes to set
/// @param reset     the attributes to leave to the layers below again
record PortEdit(String port, PortMap config, PortMap overwrite, JsonObject set, Set<String> reset) {
    /// The root that names profiles.
    static final String CONFIG = "port_config";

    /// The root that bends them.
    static final String OVERWRITE = "port_config_overwrite";

    /// The name of the port profile.
    static final String USAGE = "usage";

    /// The attributes that are set in `port_config_overwrite`.
    static final List<String> BENDS =
            List.of("description", "disabled", "poe_disabled", "speed", "duplex", "mac_limit");

    PortEdit {
        reset = Set.copyOf(reset);
    }

    /// `port_config` as it would be.
    PortMap configAfter() {
        if (reset.contains(USAGE)) {
            return config.keys(port).isEmpty() ? config : config.with(port, JsonObject.EMPTY);
        }
        return edited(
                config, set.get(USAGE).map(usage -> JsonObject.of(USAGE, usage)).orElse(JsonObject.EMPTY), Set.of());
    }

    /// `port_config_overwrite` as it would be.
    PortMap overwriteAfter() {
        return edited(overwrite, set.without(USAGE), reset);
    }

    /// The roots that change, each whole: what is sent.
    JsonObject body() {
        var body = JsonObject.EMPTY;
        if (!configAfter().equals(config)) {
            body = body.with(CONFIG, configAfter().entries());
        }
        return overwriteAfter().equals(overwrite)
                ? body
                : body.with(OVERWRITE, overwriteAfter().entries());
    }

    /// The entries that change, as they are; those of the port when none changes.
    JsonObject before() {
        return places(config, overwrite);
    }

    /// The entries that change, as they would be; those of the port when none changes.
    JsonObject after() {
        return places(configAfter(), overwriteAfter());
    }

    /// All that the edit replaces: every entry that covers the port.
    JsonObject basis() {
        return JsonObject.of(
                CONFIG, config.only(Set.copyOf(config.keys(port))),
                OVERWRITE, overwrite.only(Set.copyOf(overwrite.keys(port))));
    }

    /// The ranges that fall apart.
    List<String> split() {
        var split = new LinkedHashSet<String>();
        config.keys(port).stream()
                .filter(key -> !configAfter().entries().has(key))
                .forEach(split::add);
        overwrite.keys(port).stream()
                .filter(key -> !overwriteAfter().entries().has(key))
                .forEach(split::add);
        split.remove(port);
        return List.copyOf(split);
    }

    /// The settings that would take this edit back, in the words of the tool: `{..., reset: [...]}`.
    JsonObject back() {
        var back = JsonObject.EMPTY;
        var gone = new LinkedHashSet<String>();
        if (!configAfter().equals(config)) {
            var usage = config.entry(port).get(USAGE);
            back = back.withPresent(USAGE, usage);
            if (usage.isEmpty()) {
                gone.add(USAGE);
            }
        }
        var was = overwrite.entry(port);
        var is = overwriteAfter().entry(port);
        for (var name : BENDS) {
            if (!was.get(name).equals(is.get(name))) {
                back = back.withPresent(name, was.get(name));
                if (!was.has(name)) {
                    gone.add(name);
                }
            }
        }
        return gone.isEmpty() ? back : back.with("reset", gone);
    }

    /// Whether [#back] restores everything: not when an entry goes that holds more than the tool can set.
    boolean reversible() {
        boolean entryGoes = reset.contains(USAGE) && !configAfter().equals(config);
        return !entryGoes || config.entry(port).names().equals(Set.of(USAGE));
    }

    private PortMap edited(PortMap map, JsonObject values, Set<String> without) {
        var was = map.entry(port);
        var is = was.withAll(values).without(without.toArray(String[]::new));
        return is.equals(was) ? map : map.with(port, is);
    }

    private JsonObject places(PortMap configNow, PortMap overwriteNow) {
        var inConfig = config.changed(configAfter());
        var inOverwrite = overwrite.changed(overwriteAfter());
        if (inConfig.isEmpty() && inOverwrite.isEmpty()) {
            return basis();
        }
        var places = JsonObject.EMPTY;
        if (!inConfig.isEmpty()) {
            places = places.with(CONFIG, configNow.only(inConfig));
        }
        return inOverwrite.isEmpty() ? places : places.with(OVERWRITE, overwriteNow.only(inOverwrite));
    }
}

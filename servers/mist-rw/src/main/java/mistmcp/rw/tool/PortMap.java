package mistmcp.rw.tool;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonValue;
import mistmcp.mist.PortNames;

/// One of a switch's port maps (`port_config`, `port_config_overwrite`, `local_port_config`): entries by port
/// or range. A key that names a port alone wins over a range that covers it; of several ranges the first one
/// counts.
///
/// @param entries the whole map as Mist holds it
record PortMap(JsonObject entries) {
    /// The map of a device's root; an absent one is empty.
    static PortMap of(JsonObject device, String root) {
        return new PortMap(device.object(root).orElse(JsonObject.EMPTY));
    }

    /// The keys that name the port, alone or among others, in their order.
    List<String> keys(String port) {
        return entries.names().stream()
                .filter(key -> PortNames.covers(key, port))
                .toList();
    }

    /// The key whose entry counts for a port; empty when none does.
    Optional<String> key(String port) {
        return entries.has(port) ? Optional.of(port) : keys(port).stream().findFirst();
    }

    /// The entry that counts for a port; empty when none does.
    JsonObject entry(String port) {
        return key(port).flatMap(entries::object).orElse(JsonObject.EMPTY);
    }

    /// A copy in which the port has this entry for itself, or none when the entry is empty; every other port
    /// keeps what it had. Ranges that cover the port are split, unless they are void already because the port
    /// has a key of its own that stays.
    PortMap with(String port, JsonObject entry) {
        boolean own = entries.has(port);
        boolean rangesStay = own && !entry.isEmpty();
        var result = new LinkedHashMap<String, JsonValue>();
        entries.members().forEach((key, value) -> {
            if (key.equals(port)) {
                put(result, port, entry);
            } else if (rangesStay || !PortNames.covers(key, port)) {
                result.put(key, value);
            } else {
                // A key that the map holds for itself is the stronger one: a part of the split must not overwrite it.
                PortNames.without(key, port).stream()
                        .filter(part -> !entries.has(part))
                        .forEach(part -> result.putIfAbsent(part, value));
            }
        });
        if (!own) {
            put(result, port, entry);
        }
        return new PortMap(new JsonObject(result));
    }

    /// The entries under these keys only.
    JsonObject only(Set<String> keys) {
        var result = new LinkedHashMap<String, JsonValue>();
        entries.members().forEach((name, value) -> {
            if (keys.contains(name)) {
                result.put(name, value);
            }
        });
        return new JsonObject(result);
    }

    /// The keys that hold another entry, or none, in the other map.
    Set<String> changed(PortMap other) {
        var keys = new LinkedHashSet<String>();
        entries.members().forEach((name, value) -> {
            if (!other.entries.get(name).filter(value::equals).isPresent()) {
                keys.add(name);
            }
        });
        other.entries.names().stream().filter(name -> !entries.has(name)).forEach(keys::add);
        return keys;
    }

    private static void put(LinkedHashMap<String, JsonValue> result, String key, JsonObject entry) {
        if (!entry.isEmpty()) {
            result.put(key, entry);
        }
    }
}

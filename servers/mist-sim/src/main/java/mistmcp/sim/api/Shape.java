package mistmcp.sim.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Set;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonNumber;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonString;
import mistmcp.json.JsonValue;

/// Gives a stored body the looks of Mist's answers: fractional times, MAC addresses in several forms.
final class Shape {
    private static final Set<String> TIMES = Set.of(
            "timestamp",
            "created_time",
            "modified_time",
            "last_seen",
            "last_disconnected",
            "acked_time",
            "resolved_time",
            "last_flapped",
            "assoc_time",
            "connect",
            "disconnect",
            "last_trouble_timestamp",
            "authorized_time",
            "authorized_expiring_time",
            "dhcp_start_time",
            "dhcp_expire_time",
            "password_modified_time");

    /// Attributes that the document does not know.
    static final Set<String> UNLISTED = Set.of("deployment_ring", "marvis_ref");

    private final Quirks quirks;

    Shape(Quirks quirks) {
        this.quirks = quirks;
    }

    JsonValue of(JsonValue value) {
        return switch (value) {
            case JsonObject object -> {
                var members = new LinkedHashMap<String, JsonValue>();
                object.members().forEach((name, member) -> {
                    if (!UNLISTED.contains(name) || quirks.has(Quirk.UNKNOWN_FIELDS)) {
                        members.put(name, member(name, member));
                    }
                });
                yield new JsonObject(members);
            }
            case JsonArray array -> {
                var values = new ArrayList<JsonValue>();
                array.forEach(element -> values.add(of(element)));
                yield new JsonArray(values);
            }
            default -> value;
        };
    }

    private JsonValue member(String name, JsonValue value) {
        if (value instanceof JsonNumber number && TIMES.contains(name) && !quirks.has(Quirk.FRACTIONAL_TIMES)) {
            return JsonNumber.of((long) number.asDouble());
        }
        if (!quirks.has(Quirk.MIXED_MACS)) {
            return of(value);
        }
        return switch (name) {
            case "neighbor_mac" -> form(value, ":", true);
            case "device_mac" -> form(value, ":", false);
            case "bssid", "bssids" -> form(value, "-", false);
            default -> of(value);
        };
    }

    private static JsonValue form(JsonValue value, String separator, boolean upper) {
        return switch (value) {
            case JsonString text
            when Macs.isMac(text.value()) -> {
                var pairs = Macs.pairs(text.value(), separator);
                yield new JsonString(upper ? pairs.toUpperCase(java.util.Locale.ROOT) : pairs);
            }
            case JsonArray array ->
                new JsonArray(
                        array.stream().map(one -> form(one, separator, upper)).toList());
            default -> value;
        };
    }
}

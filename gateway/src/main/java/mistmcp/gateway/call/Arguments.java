package mistmcp.gateway.call;

import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import mistmcp.json.InvalidJson;
import mistmcp.json.JsonBoolean;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonNull;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonSpans;
import mistmcp.json.JsonString;
import mistmcp.json.JsonValue;
import mistmcp.json.RawJson;

/// The arguments of a call: what the gateway reads out of a write's, and the bytes that are judged and sent.
///
/// @param sent         the bytes to send: as they came, less `commit` and `confirmation` of a write
/// @param tree         the same as a tree
/// @param commit       whether a write asks for its effect
/// @param confirmation the plan that a write names
record Arguments(RawJson sent, JsonObject tree, boolean commit, Optional<String> confirmation) {
    static final String COMMIT = "commit";
    static final String CONFIRMATION = "confirmation";

    /// Reads the arguments of a call.
    ///
    /// @throws InvalidJson when they are no object, or `commit` or `confirmation` is of another type
    static Arguments read(Optional<RawJson> given, boolean write) {
        var raw = given.orElse(RawJson.EMPTY_OBJECT);
        if (!write) {
            return new Arguments(raw, object(raw), false, Optional.empty());
        }
        var members = JsonSpans.members(raw, JsonLimits.REQUEST);
        boolean ours = members.containsKey(COMMIT) || members.containsKey(CONFIRMATION);
        var commit = Optional.ofNullable(members.get(COMMIT)).map(value -> value.parse(JsonLimits.REQUEST));
        var confirmation = Optional.ofNullable(members.get(CONFIRMATION)).map(value -> value.parse(JsonLimits.REQUEST));
        var sent = raw;
        if (ours) {
            var rest = new LinkedHashMap<>(members);
            rest.remove(COMMIT);
            rest.remove(CONFIRMATION);
            sent = JsonSpans.join(rest);
        }
        return new Arguments(sent, object(sent), commit(commit), confirmation(confirmation));
    }

    /// The same arguments as a commit of a plan.
    static RawJson confirmed(RawJson sent, String planId) {
        var members = new LinkedHashMap<>(JsonSpans.members(sent, JsonLimits.REQUEST));
        members.put(COMMIT, RawJson.of(JsonBoolean.TRUE));
        members.put(CONFIRMATION, RawJson.of(new JsonString(planId)));
        return JsonSpans.join(members);
    }

    private static boolean commit(Optional<JsonValue> value) {
        return switch (value.orElse(JsonBoolean.FALSE)) {
            case JsonBoolean flag -> flag.value();
            default -> throw new InvalidJson(InvalidJson.Reason.MALFORMED, "`commit` is `true` or `false`");
        };
    }

    private static Optional<String> confirmation(Optional<JsonValue> value) {
        return switch (value.orElse(JsonNull.NULL)) {
            case JsonString id when id.value().length() <= 100 -> Optional.of(id.value());
            case JsonNull _ -> Optional.empty();
            default -> throw new InvalidJson(InvalidJson.Reason.MALFORMED, "`confirmation` is the id of a plan");
        };
    }

    private static JsonObject object(RawJson raw) {
        if (raw.parse(JsonLimits.REQUEST) instanceof JsonObject object) {
            return object;
        }
        throw new InvalidJson(InvalidJson.Reason.MALFORMED, "the arguments are not an object");
    }

    /// The ids of sites that the arguments name, by the tool's own schema. Names are resolved by the server,
    /// within the caller's scope.
    Set<String> sitesNamed(JsonObject inputSchema) {
        var properties = inputSchema.object("properties").orElse(JsonObject.EMPTY);
        var ids = new java.util.HashSet<String>();
        for (Map.Entry<String, JsonValue> member : tree.members().entrySet()) {
            boolean names = member.getKey().equals("site_id")
                    || properties
                            .object(member.getKey())
                            .flatMap(property -> property.string("x-mist-entity"))
                            .filter("site"::equals)
                            .isPresent();
            if (names && member.getValue() instanceof JsonString text && uuid(text.value())) {
                ids.add(text.value());
            }
        }
        return ids;
    }

    /// 8, 4, 4, 4 and 12 hex digits with dashes between.
    private static boolean uuid(String text) {
        if (text.length() != 36) {
            return false;
        }
        for (int i = 0; i < 36; i++) {
            char c = text.charAt(i);
            boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
            boolean right = dash ? c == '-' : HexFormat.isHexDigit(c);
            if (!right) {
                return false;
            }
        }
        return true;
    }
}

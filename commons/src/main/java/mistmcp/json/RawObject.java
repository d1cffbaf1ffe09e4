package mistmcp.json;

import java.util.Map;
import java.util.Optional;

/// A JSON object as it stood on the wire, with its members found: each value to the byte, in order. Safe to
/// share.
///
/// @param raw     the whole object
/// @param members its values by name
public record RawObject(RawJson raw, Map<String, RawJson> members) {
    /// `{}`.
    public static final RawObject EMPTY = new RawObject(RawJson.EMPTY_OBJECT, Map.of());

    /// Copies the map given, order kept.
    public RawObject {
        members = Members.kept(members);
    }

    /// The value of a member, to the byte.
    public Optional<RawJson> get(String name) {
        return Optional.ofNullable(members.get(name));
    }

    /// The member as a string; empty when it is absent or of another type.
    public Optional<String> string(String name) {
        return get(name).flatMap(RawJson::string);
    }

    /// The member as a tree, when it is an object; empty when it is absent or of another type.
    public Optional<JsonObject> object(String name) {
        return get(name).filter(RawJson::isObject).map(value ->
                (JsonObject) value.parse(JsonLimits.TRUSTED.withMaxBytes(value.length())));
    }
}

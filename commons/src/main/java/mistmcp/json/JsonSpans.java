package mistmcp.json;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JsonToken;

/// Finds the members of a JSON object in its bytes, in one pass that also checks the whole text: UTF-8, grammar, depth,
/// duplicate keys at every level.
public final class JsonSpans {
    private JsonSpans() {}

    /// The members of the object, each as the bytes of its value, in order.
    ///
    /// @throws InvalidJson when the bytes are not exactly one JSON object within the limits
    public static Map<String, RawJson> members(RawJson object, JsonLimits limits) {
        try (var cursor = new JsonCursor(object.array(), object.start(), object.length(), limits)) {
            if (cursor.next() != JsonToken.START_OBJECT) {
                throw new InvalidJson(InvalidJson.Reason.MALFORMED, "expected a JSON object");
            }
            var members = new LinkedHashMap<String, RawJson>();
            while (cursor.next() != JsonToken.END_OBJECT) {
                var name = cursor.text();
                cursor.next();
                int start = cursor.start();
                cursor.skipValue();
                members.put(name, new RawJson(object.array(), start, cursor.end()));
            }
            cursor.expectEnd();
            return members;
        }
    }

    /// An object of the members given, each value to the byte as it stood.
    public static RawJson join(Map<String, RawJson> members) {
        var out = new java.io.ByteArrayOutputStream(256);
        out.write('{');
        boolean first = true;
        for (var member : members.entrySet()) {
            if (!first) {
                out.write(',');
            }
            first = false;
            out.writeBytes(Json.bytes(new JsonString(member.getKey())));
            out.write(':');
            out.write(
                    member.getValue().array(),
                    member.getValue().start(),
                    member.getValue().length());
        }
        out.write('}');
        return RawJson.of(out.toByteArray());
    }
}

package mistmcp.sim.api;

import java.util.Map;
import java.util.Optional;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonValue;

/// What an endpoint answers.
///
/// @param applied whether the state was changed
public record Answer(int status, Map<String, String> headers, Optional<JsonValue> body, boolean applied) {
    /// Copies the map given.
    public Answer {
        headers = Map.copyOf(headers);
    }

    static Answer ok(JsonValue body) {
        return new Answer(200, Map.of(), Optional.of(body), false);
    }

    static Answer changed(JsonValue body) {
        return new Answer(200, Map.of(), Optional.of(body), true);
    }

    /// An error with the body that Mist gives to 400, 401, 403 and 429.
    public static Answer detail(int status, String detail) {
        return new Answer(status, Map.of(), Optional.of(JsonObject.of("detail", detail)), false);
    }

    /// The same answer with a header more.
    public Answer header(String name, String value) {
        var more = new java.util.HashMap<>(headers);
        more.put(name, value);
        return new Answer(status, more, body, applied);
    }
}

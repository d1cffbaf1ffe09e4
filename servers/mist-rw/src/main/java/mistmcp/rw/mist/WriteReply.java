package mistmcp.rw.mist;

import java.util.Optional;
import mistmcp.json.JsonObject;

/// How one write ended.
public sealed interface WriteReply {
    /// Mist took it (2xx).
    ///
    /// @param body what Mist sent along, when that was an object; several operations send nothing
    record Accepted(int status, Optional<JsonObject> body) implements WriteReply {}

    /// Mist refused it (4xx): nothing changed.
    ///
    /// @param code   the stable code, as tools report it
    /// @param detail Mist's own words, cleaned
    record Rejected(int status, String code, String detail) implements WriteReply {}

    /// It never left: no connection was made, or no call is left in this hour.
    record NotSent(String code, String message) implements WriteReply {}

    /// It may or may not have taken effect: no whole answer, or 5xx.
    record Unknown(Optional<Integer> status, String message) implements WriteReply {}
}

package mistmcp.jsonrpc;

import java.util.Optional;
import java.util.Set;
import mistmcp.json.InvalidJson;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonSpans;
import mistmcp.json.RawJson;
import mistmcp.json.RawObject;

/// One JSON-RPC 2.0 message, read in one pass over its bytes. Ids are kept as they stood and are echoed to
/// the byte.
public sealed interface Envelope {
    /// A message that wants an answer.
    ///
    /// @param id     a string or an integer, to the byte
    /// @param params the parameters; empty when there were none
    record Request(RawJson id, String method, RawObject params) implements Envelope {}

    /// A message that wants none.
    record Notification(String method, RawObject params) implements Envelope {}

    /// A good answer to a request of ours.
    record Success(RawJson id, RawObject result) implements Envelope {}

    /// A bad answer to a request of ours.
    ///
    /// @param id empty when the other side could not read ours
    record Fault(Optional<RawJson> id, int code, String message, Optional<RawJson> data) implements Envelope {}

    /// No message at all: what to answer.
    ///
    /// @param id     the id, when one could be read
    /// @param reason why the JSON was refused; empty when the JSON is fine but is no message
    record Invalid(Optional<RawJson> id, int code, String message, Optional<InvalidJson.Reason> reason)
            implements Envelope {}

    /// Reads a message. Never throws for what stands in the bytes.
    static Envelope read(byte[] bytes, JsonLimits limits) {
        return read(RawJson.of(bytes), limits);
    }

    /// Reads a message from a part of an array.
    static Envelope read(RawJson raw, JsonLimits limits) {
        if (firstByte(raw) == '[') {
            return invalid(Optional.empty(), "batches are not supported: send one message at a time");
        }
        try {
            return message(JsonSpans.open(raw, limits, Set.of("params", "result", "error")));
        } catch (InvalidJson refused) {
            return new Invalid(
                    Optional.empty(), ErrorCode.PARSE_ERROR, refused.getMessage(), Optional.of(refused.reason()));
        }
    }

    private static Envelope message(JsonSpans.Opened opened) {
        var top = opened.object();
        var id = top.get("id");
        if (id.isPresent() && !usableId(id.get())) {
            return faultWithoutId(opened)
                    .orElseGet(() -> invalid(Optional.empty(), "the id must be a string or an integer"));
        }
        if (!top.string("jsonrpc").filter("2.0"::equals).isPresent()) {
            return invalid(id, "expected `jsonrpc` to be `2.0`");
        }
        if (top.get("method").isPresent()) {
            return call(opened, id);
        }
        if (id.isPresent()
                && opened.inner("result").isPresent()
                && top.get("error").isEmpty()) {
            return new Success(id.get(), opened.inner("result").orElseThrow());
        }
        return fault(opened, id).orElseGet(() -> invalid(id, "expected a request, a notification or a response"));
    }

    private static Envelope call(JsonSpans.Opened opened, Optional<RawJson> id) {
        var top = opened.object();
        var method = top.string("method").filter(name -> !name.isEmpty());
        var params = top.get("params").isEmpty() ? Optional.of(RawObject.EMPTY) : opened.inner("params");
        if (method.isEmpty()) {
            return invalid(id, "expected `method` to be a string");
        }
        if (params.isEmpty()) {
            return invalid(id, "expected `params` to be an object");
        }
        if (top.get("result").isPresent() || top.get("error").isPresent()) {
            return invalid(id, "a message is a request or a response, not both");
        }
        return id.<Envelope>map(present -> new Request(present, method.get(), params.get()))
                .orElseGet(() -> new Notification(method.get(), params.get()));
    }

    /// An error may come with a null id: its sender could not read ours.
    private static Optional<Envelope> faultWithoutId(JsonSpans.Opened opened) {
        boolean isNull = opened.object()
                .get("id")
                .map(RawJson::toString)
                .filter("null"::equals)
                .isPresent();
        return isNull ? fault(opened, Optional.empty()) : Optional.empty();
    }

    private static Optional<Envelope> fault(JsonSpans.Opened opened, Optional<RawJson> id) {
        return opened.inner("error")
                .flatMap(error -> error.get("code")
                        .flatMap(Envelope::integer)
                        .map(code -> new Fault(id, code, error.string("message").orElse(""), error.get("data"))));
    }

    private static Optional<Integer> integer(RawJson raw) {
        return Optional.of(raw)
                .filter(text -> isInteger(text) && text.length() <= 11)
                .map(text -> Long.parseLong(text.toString()))
                .filter(value -> value.intValue() == value)
                .map(Long::intValue);
    }

    private static boolean usableId(RawJson id) {
        return id.length() <= 1024 && (id.array()[id.start()] == '"' || isInteger(id));
    }

    private static boolean isInteger(RawJson raw) {
        int from = raw.array()[raw.start()] == '-' ? raw.start() + 1 : raw.start();
        for (int i = from; i < raw.end(); i++) {
            if (raw.array()[i] < '0' || raw.array()[i] > '9') {
                return false;
            }
        }
        return from < raw.end();
    }

    private static byte firstByte(RawJson raw) {
        for (int i = raw.start(); i < raw.end(); i++) {
            if (raw.array()[i] > ' ') {
                return raw.array()[i];
            }
        }
        return 0;
    }

    private static Invalid invalid(Optional<RawJson> id, String message) {
        return new Invalid(id, ErrorCode.INVALID_REQUEST, message, Optional.empty());
    }
}

package mistmcp.jsonrpc;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonString;
import mistmcp.json.JsonValue;
import mistmcp.json.RawJson;

/// Writes JSON-RPC 2.0 messages around bytes that stay as they are. Stateless.
public final class Messages {
    private static final byte[] BEGIN = ascii("{\"jsonrpc\":\"2.0\"");
    private static final byte[] ID = ascii(",\"id\":");
    private static final byte[] METHOD = ascii(",\"method\":");
    private static final byte[] PARAMS = ascii(",\"params\":");
    private static final byte[] RESULT = ascii(",\"result\":");
    private static final byte[] ERROR = ascii(",\"error\":");

    private Messages() {}

    /// A request.
    public static byte[] request(RawJson id, String method, RawJson params) {
        var out = begin(Optional.of(id), params.length() + 96);
        part(out, METHOD, RawJson.of(new JsonString(method)));
        part(out, PARAMS, params);
        return end(out);
    }

    /// A notification.
    public static byte[] notification(String method, RawJson params) {
        var out = begin(Optional.empty(), params.length() + 96);
        part(out, METHOD, RawJson.of(new JsonString(method)));
        part(out, PARAMS, params);
        return end(out);
    }

    /// A good answer. A result may be long, so it is copied once.
    public static byte[] success(RawJson id, RawJson result) {
        var message = new byte[BEGIN.length + ID.length + id.length() + RESULT.length + result.length() + 1];
        int at = put(message, 0, RawJson.of(BEGIN));
        at = put(message, at, RawJson.of(ID));
        at = put(message, at, id);
        at = put(message, at, RawJson.of(RESULT));
        at = put(message, at, result);
        message[at] = '}';
        return message;
    }

    /// What stands before the result of a good answer; a brace ends it behind the result.
    public static byte[] beforeResult(RawJson id) {
        var message = new byte[BEGIN.length + ID.length + id.length() + RESULT.length];
        int at = put(message, 0, RawJson.of(BEGIN));
        at = put(message, at, RawJson.of(ID));
        at = put(message, at, id);
        put(message, at, RawJson.of(RESULT));
        return message;
    }

    private static int put(byte[] message, int at, RawJson part) {
        System.arraycopy(part.array(), part.start(), message, at, part.length());
        return at + part.length();
    }

    /// A bad answer; without an id when the request's could not be read.
    public static byte[] failure(Optional<RawJson> id, int code, String message, Optional<JsonValue> data) {
        var out = begin(id, 256);
        var error = JsonObject.of("code", code, "message", message).withPresent("data", data);
        part(out, ERROR, RawJson.of(error));
        return end(out);
    }

    private static ByteArrayOutputStream begin(Optional<RawJson> id, int size) {
        var out = new ByteArrayOutputStream(size + id.map(RawJson::length).orElse(0));
        out.writeBytes(BEGIN);
        id.ifPresent(present -> part(out, ID, present));
        return out;
    }

    private static void part(ByteArrayOutputStream out, byte[] name, RawJson value) {
        out.writeBytes(name);
        out.write(value.array(), value.start(), value.length());
    }

    private static byte[] end(ByteArrayOutputStream out) {
        out.write('}');
        return out.toByteArray();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}

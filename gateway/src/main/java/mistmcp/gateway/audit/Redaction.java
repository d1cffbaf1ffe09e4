package mistmcp.gateway.audit;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import mistmcp.json.CanonicalJson;
import mistmcp.json.InvalidJson;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonString;
import mistmcp.json.JsonValue;
import mistmcp.json.Sha256;

/// Takes secrets out of what is recorded: by the name of the member, and by a text that looks like a token.
final class Redaction {
    static final JsonString REDACTED = new JsonString("[redacted]");

    static final int MAX_BYTES = 8 << 10;

    private static final int MAX_CHARS = 2048;
    private static final int MAX_ELEMENTS = 256;
    private static final Pattern SECRET_NAME =
            Pattern.compile("psk|passphrase|passwd|password|secret|token|credential|authorization|cookie|privatekey"
                    + "|apikey|sshkey|community|keys?$");
    private static final Pattern TOKEN =
            Pattern.compile("(?i:bearer|basic|token) +[A-Za-z0-9._~+/=-]{8,}|eyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_.-]+");

    private Redaction() {}

    /// `arguments` and `argumentsDigest` for a record. There is no digest of what holds a secret, since a short
    /// secret could be guessed from it.
    static Map<String, JsonValue> of(JsonObject arguments) {
        var members = new LinkedHashMap<String, JsonValue>();
        var redacted = redacted(arguments);
        var bytes = Json.bytes(redacted);
        if (bytes.length <= MAX_BYTES) {
            members.put("arguments", redacted);
        } else {
            members.put("argumentsBytes", Json.of(bytes.length));
        }
        if (redacted.equals(arguments)) {
            members.put("argumentsDigest", new JsonString(digest(arguments, bytes)));
        }
        return members;
    }

    static JsonObject redacted(JsonObject object) {
        var members = new LinkedHashMap<String, JsonValue>();
        object.members()
                .forEach((name, value) ->
                        members.put(wellFormed(name), secret(name, value) ? REDACTED : redacted(value)));
        return new JsonObject(members);
    }

    /// The value as it fits into a record: texts of at most 2,048 characters and lists of at most 256 elements.
    static JsonValue bounded(JsonValue value) {
        return switch (value) {
            case JsonObject object -> {
                var members = new LinkedHashMap<String, JsonValue>();
                object.members().forEach((name, member) -> members.put(wellFormed(name), bounded(member)));
                yield new JsonObject(members);
            }
            case JsonArray array ->
                new JsonArray(array.stream()
                        .limit(MAX_ELEMENTS)
                        .map(Redaction::bounded)
                        .toList());
            case JsonString text -> bounded(text);
            default -> value;
        };
    }

    private static JsonString bounded(JsonString text) {
        var cut = text.value().length() > MAX_CHARS ? text.value().substring(0, MAX_CHARS) + "…" : text.value();
        var sound = wellFormed(cut);
        return sound.equals(text.value()) ? text : new JsonString(sound);
    }

    /// The text with each lone surrogate, which UTF-8 cannot hold, replaced.
    private static String wellFormed(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text)
                ? text
                : text.codePoints()
                        .map(point -> point >= 0xD800 && point <= 0xDFFF ? 0xFFFD : point)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
    }

    private static JsonValue redacted(JsonValue value) {
        return switch (value) {
            case JsonObject object -> redacted(object);
            case JsonArray array ->
                new JsonArray(array.stream().map(Redaction::redacted).toList());
            case JsonString text -> redacted(text);
            default -> value;
        };
    }

    private static JsonString redacted(JsonString text) {
        var sound = wellFormed(text.value());
        var bare = TOKEN.matcher(sound).replaceAll("[redacted]");
        return bare.equals(text.value()) ? text : new JsonString(bare);
    }

    private static boolean secret(String name, JsonValue value) {
        boolean holdsText = value instanceof JsonString || value instanceof JsonArray || value instanceof JsonObject;
        return holdsText
                && SECRET_NAME
                        .matcher(name.toLowerCase(Locale.ROOT).replaceAll("[_\\-. ]", ""))
                        .find();
    }

    private static String digest(JsonObject arguments, byte[] compact) {
        try {
            return Sha256.of(CanonicalJson.bytes(arguments));
        } catch (InvalidJson inexact) {
            return Sha256.of(compact);
        }
    }
}

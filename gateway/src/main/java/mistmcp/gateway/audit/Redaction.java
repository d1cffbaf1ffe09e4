package mistmcp.gateway.audit;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import mistmcp.json.CanonicalJson;
import mistmcp.json.InvalidJson;
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

    private static final int MAX_KEPT_NAME = 64;
    private static final int KEPT_NAMES = 512;
    private static final AtomicReferenceArray<Judged> JUDGED = new AtomicReferenceArray<>(KEPT_NAMES);

    private Redaction() {}

    static JsonObject redacted(JsonObject object) {
        return mapped(object, (name, value) -> secret(name, value) ? REDACTED : redacted(value));
    }

    /// The value as it fits into a record: texts of at most 2,048 characters and lists of at most 256
    /// elements.
    static JsonValue bounded(JsonValue value) {
        return switch (value) {
            case JsonObject object -> mapped(object, (name, member) -> bounded(member));
            case JsonArray array
            when array.size() > MAX_ELEMENTS ->
                mapped(new JsonArray(array.values().subList(0, MAX_ELEMENTS)), Redaction::bounded);
            case JsonArray array -> mapped(array, Redaction::bounded);
            case JsonString text -> bounded(text);
            default -> value;
        };
    }

    /// Whether the value fits as it is, which it nearly always does.
    @SuppressWarnings("ReferenceEquality") // what is unchanged comes back itself
    static boolean fits(JsonValue value) {
        return bounded(value) == value;
    }

    /// The text as long as it fits into a record.
    static String cut(String text) {
        return text.length() > MAX_CHARS ? text.substring(0, MAX_CHARS) + "…" : text;
    }

    private static JsonString bounded(JsonString text) {
        var bounded = wellFormed(cut(text.value()));
        return bounded.equals(text.value()) ? text : new JsonString(bounded);
    }

    /// The object with its values changed and its names well-formed; itself when that changes nothing, which
    /// is nearly always.
    @SuppressWarnings("ReferenceEquality") // what is unchanged comes back itself
    private static JsonObject mapped(JsonObject object, BiFunction<String, JsonValue, JsonValue> change) {
        boolean same = true;
        for (var member : object.members().entrySet()) {
            same = same
                    && !hasSurrogate(member.getKey())
                    && change.apply(member.getKey(), member.getValue()) == member.getValue();
        }
        if (same) {
            return object;
        }
        var members = new LinkedHashMap<String, JsonValue>();
        object.members().forEach((name, value) -> members.put(wellFormed(name), change.apply(name, value)));
        return new JsonObject(members);
    }

    @SuppressWarnings("ReferenceEquality") // as above
    private static JsonArray mapped(JsonArray array, UnaryOperator<JsonValue> change) {
        boolean same = true;
        for (int i = 0; same && i < array.size(); i++) {
            same = change.apply(array.get(i)) == array.get(i);
        }
        return same ? array : new JsonArray(array.stream().map(change).toList());
    }

    /// The text with each lone surrogate, which UTF-8 cannot hold, replaced.
    private static String wellFormed(String text) {
        return hasSurrogate(text)
                ? text.codePoints()
                        .map(point -> point >= 0xD800 && point <= 0xDFFF ? 0xFFFD : point)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString()
                : text;
    }

    private static boolean hasSurrogate(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    private static JsonValue redacted(JsonValue value) {
        return switch (value) {
            case JsonObject object -> redacted(object);
            case JsonArray array -> mapped(array, Redaction::redacted);
            case JsonString text -> redacted(text);
            default -> value;
        };
    }

    private static JsonString redacted(JsonString text) {
        var sound = wellFormed(text.value());
        var bare = mayHoldToken(sound) ? TOKEN.matcher(sound).replaceAll("[redacted]") : sound;
        return bare.equals(text.value()) ? text : new JsonString(bare);
    }

    /// A quick look that spares most texts the pattern: what it takes has a blank, or begins as a JWT does.
    private static boolean mayHoldToken(String text) {
        return text.indexOf(' ') >= 0 || text.contains("eyJ");
    }

    private static boolean secret(String name, JsonValue value) {
        boolean holdsText = value instanceof JsonString || value instanceof JsonArray || value instanceof JsonObject;
        return holdsText && secret(name);
    }

    /// Tools have few names, and callers may send many: some of the last ones are kept, if they are short.
    private static boolean secret(String name) {
        if (name.length() > MAX_KEPT_NAME) {
            return SECRET_NAME.matcher(plain(name)).find();
        }
        int place = name.hashCode() & (KEPT_NAMES - 1);
        var judged = JUDGED.get(place);
        if (judged == null || !judged.name().equals(name)) {
            judged = new Judged(name, SECRET_NAME.matcher(plain(name)).find());
            JUDGED.set(place, judged);
        }
        return judged.secret();
    }

    private record Judged(String name, boolean secret) {}

    /// The name in lower case, without what separates its words.
    private static String plain(String name) {
        var plain = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            switch (name.charAt(i)) {
                case '_', '-', '.', ' ' -> {
                    // left out
                }
                default -> plain.append(name.charAt(i));
            }
        }
        return plain.toString().toLowerCase(Locale.ROOT);
    }

    /// The digest of arguments in their canonical form; of the bytes given, when they have none.
    static String digest(JsonObject arguments, byte[] compact) {
        try {
            return Sha256.of(CanonicalJson.bytes(arguments));
        } catch (InvalidJson inexact) {
            return Sha256.of(compact);
        }
    }
}

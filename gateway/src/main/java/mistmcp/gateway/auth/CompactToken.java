package mistmcp.gateway.auth;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import mistmcp.json.InvalidJson;
import mistmcp.json.Json;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonString;

/// A token in the compact form of RFC 7515, taken apart and its header checked; nothing in it is proven yet.
/// The form is strict: one text only stands for a token (no padding, no unused bits, no blanks), and its
/// header can mean one thing.
@SuppressWarnings("ArrayRecordComponent") // never compared
record CompactToken(String algorithm, Optional<String> keyId, byte[] signed, byte[] payload, byte[] signature) {
    /// The longest token; one with 200 Entra groups has about 12 KB.
    static final int MAX_CHARS = 24 << 10;

    private static final int MAX_HEADER_CHARS = 8 << 10;
    private static final JsonLimits LIMITS = new JsonLimits(MAX_CHARS, 16, 64);
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    /// The six bits of each ASCII character in base64url; less than zero for all others.
    private static final byte[] SEXTETS = sextets();
    private static final Set<String> TYPES = Set.of("jwt", "application/jwt", "at+jwt", "application/at+jwt");
    private static final List<String> KEYS_IN_HEADER = List.of("jku", "x5u", "jwk", "x5c");

    /// Takes a token apart.
    ///
    /// @param accepted the algorithms that may be used at all
    static CompactToken of(String text, Set<String> accepted) throws RefusedToken {
        if (text.length() > MAX_CHARS) {
            throw new RefusedToken(TokenFault.TOO_LONG);
        }
        int first = text.indexOf('.');
        int second = text.indexOf('.', first + 1);
        requireThreeParts(text, first, second);
        // What is not ASCII becomes a question mark, which no part may have either.
        var ascii = text.getBytes(StandardCharsets.US_ASCII);
        var headerBytes = decoded(ascii, 0, first);
        var payload = decoded(ascii, first + 1, second);
        var signature = decoded(ascii, second + 1, ascii.length);
        var header = header(headerBytes);
        var algorithm = algorithm(header, accepted);
        requirePlain(header);
        var signed = Arrays.copyOf(ascii, second);
        return new CompactToken(algorithm, keyId(header), signed, payload, signature);
    }

    /// The claims; to be read only once the signature has verified.
    JsonObject claims() throws RefusedToken {
        try {
            return Json.parseObject(payload, LIMITS);
        } catch (InvalidJson invalid) {
            throw new RefusedToken(
                    switch (invalid.reason()) {
                        case DUPLICATE_KEY -> TokenFault.CLAIMS_DUPLICATE_KEY;
                        case INVALID_UTF8 -> TokenFault.CLAIMS_NOT_UTF8;
                        case TOO_DEEP -> TokenFault.CLAIMS_TOO_DEEP;
                        case MALFORMED, TOO_LARGE, INEXACT_NUMBER -> TokenFault.CLAIMS_NOT_JSON;
                    });
        }
    }

    private static void requireThreeParts(String text, int first, int second) throws RefusedToken {
        if (first < 0 || second < 0 || text.indexOf('.', second + 1) >= 0) {
            boolean five = text.chars().filter(character -> character == '.').count() == 4;
            throw new RefusedToken(five ? TokenFault.ENCRYPTED : TokenFault.NOT_THREE_PARTS);
        }
        if (second + 1 == text.length()) {
            throw new RefusedToken(TokenFault.UNSIGNED);
        }
        if (first == 0 || second == first + 1) {
            throw new RefusedToken(TokenFault.EMPTY_PART);
        }
        if (first > MAX_HEADER_CHARS) {
            throw new RefusedToken(TokenFault.TOO_LONG);
        }
    }

    /// The bytes of one part. Only one text stands for them: the bits that the last character has too many
    /// are zero.
    private static byte[] decoded(byte[] ascii, int begin, int end) throws RefusedToken {
        for (int i = begin; i < end; i++) {
            if (SEXTETS[ascii[i]] < 0) {
                throw new RefusedToken(TokenFault.NOT_BASE64URL);
            }
        }
        int unused = switch ((end - begin) % 4) {
            case 0 -> 0;
            case 2 -> 0b1111;
            case 3 -> 0b11;
            default -> throw new RefusedToken(TokenFault.NOT_BASE64URL);
        };
        if ((SEXTETS[ascii[end - 1]] & unused) != 0) {
            throw new RefusedToken(TokenFault.NOT_CANONICAL);
        }
        return Base64.getUrlDecoder().decode(Arrays.copyOfRange(ascii, begin, end));
    }

    private static byte[] sextets() {
        var sextets = new byte[128];
        Arrays.fill(sextets, (byte) -1);
        for (byte i = 0; i < ALPHABET.length(); i++) {
            sextets[ALPHABET.charAt(i)] = i;
        }
        return sextets;
    }

    private static JsonObject header(byte[] bytes) throws RefusedToken {
        try {
            return Json.parseObject(bytes, LIMITS);
        } catch (InvalidJson invalid) {
            throw new RefusedToken(
                    switch (invalid.reason()) {
                        case DUPLICATE_KEY -> TokenFault.HEADER_DUPLICATE_KEY;
                        case INVALID_UTF8 -> TokenFault.HEADER_NOT_UTF8;
                        case MALFORMED, TOO_DEEP, TOO_LARGE, INEXACT_NUMBER -> TokenFault.HEADER_NOT_JSON;
                    });
        }
    }

    private static String algorithm(JsonObject header, Set<String> accepted) throws RefusedToken {
        var algorithm = header.string("alg").orElseThrow(() -> new RefusedToken(TokenFault.ALG_MISSING));
        if (accepted.contains(algorithm)) {
            return algorithm;
        }
        if (algorithm.strip().equalsIgnoreCase("none")) {
            throw new RefusedToken(TokenFault.ALG_NONE);
        }
        throw new RefusedToken(
                algorithm.toUpperCase(Locale.ROOT).startsWith("HS")
                        ? TokenFault.ALG_SYMMETRIC
                        : TokenFault.ALG_NOT_ACCEPTED);
    }

    private static void requirePlain(JsonObject header) throws RefusedToken {
        if (header.has("enc")) {
            throw new RefusedToken(TokenFault.ENCRYPTED);
        }
        if (header.has("b64")) {
            throw new RefusedToken(TokenFault.UNENCODED_PAYLOAD);
        }
        if (header.has("crit")) {
            throw new RefusedToken(TokenFault.CRITICAL_HEADER);
        }
        if (header.has("zip")) {
            throw new RefusedToken(TokenFault.COMPRESSED);
        }
        if (header.has("cty")) {
            throw new RefusedToken(TokenFault.NESTED);
        }
        if (KEYS_IN_HEADER.stream().anyMatch(header::has)) {
            throw new RefusedToken(TokenFault.KEY_IN_HEADER);
        }
        boolean type = header.get("typ")
                .map(typ -> typ instanceof JsonString name
                        && TYPES.contains(name.value().toLowerCase(Locale.ROOT)))
                .orElse(true);
        if (!type) {
            throw new RefusedToken(TokenFault.TYP_NOT_ACCEPTED);
        }
    }

    private static Optional<String> keyId(JsonObject header) throws RefusedToken {
        if (!header.has("kid")) {
            return Optional.empty();
        }
        return Optional.of(header.string("kid")
                .filter(id -> !id.isEmpty() && id.length() <= 256 && PlainText.is(id))
                .orElseThrow(() -> new RefusedToken(TokenFault.KEY_ID_MALFORMED)));
    }
}

package mistmcp.gateway.auth;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonNull;
import mistmcp.json.JsonNumber;
import mistmcp.json.JsonObject;

/// A token that must be refused, and the reason that the audit log must have.
///
/// @param proven whether its signature is good, so that the caller may learn the reason
record Attack(String name, TokenFault fault, boolean proven, Function<Mode, String> token) {
    private static final long YEAR = Duration.ofDays(365).toSeconds();

    @Override
    public String toString() {
        return name;
    }

    static List<Attack> all() {
        var all = new ArrayList<Attack>();
        all.addAll(shapes());
        all.addAll(headers());
        all.addAll(signatures());
        all.addAll(payloads());
        all.addAll(times());
        all.addAll(parties());
        all.addAll(kinds());
        all.addAll(roles());
        return all;
    }

    private static Attack raw(String name, TokenFault fault, Function<Mode, String> token) {
        return new Attack(name, fault, false, token);
    }

    /// A good token whose text is changed.
    private static Attack text(String name, TokenFault fault, UnaryOperator<String> change) {
        return raw(name, fault, mode -> change.apply(mode.signer().token(mode.claims())));
    }

    /// A good token with another header, signed with the right key.
    private static Attack header(String name, TokenFault fault, UnaryOperator<JsonObject> change) {
        return raw(
                name,
                fault,
                mode -> mode.signer().token(change.apply(mode.signer().header()), mode.claims()));
    }

    private static Attack headerText(String name, TokenFault fault, Function<Mode, String> header) {
        return headerBytes(name, fault, mode -> header.apply(mode).getBytes(StandardCharsets.UTF_8));
    }

    private static Attack headerBytes(String name, TokenFault fault, Function<Mode, byte[]> header) {
        return raw(name, fault, mode -> mode.signer().token(header.apply(mode), Json.bytes(mode.claims())));
    }

    /// Other claims, signed with the right key.
    private static Attack claims(String name, TokenFault fault, UnaryOperator<JsonObject> change) {
        return timed(name, fault, (mode, claims) -> change.apply(claims));
    }

    private static Attack timed(
            String name, TokenFault fault, java.util.function.BiFunction<Mode, JsonObject, JsonObject> change) {
        return new Attack(name, fault, true, mode -> mode.signer().token(change.apply(mode, mode.claims())));
    }

    private static Attack payload(String name, TokenFault fault, Function<Mode, byte[]> payload) {
        return new Attack(
                name,
                fault,
                true,
                mode -> mode.signer().token(Json.bytes(mode.signer().header()), payload.apply(mode)));
    }

    private static Attack payloadText(String name, TokenFault fault, UnaryOperator<String> change) {
        return payload(
                name, fault, mode -> change.apply(Json.text(mode.claims())).getBytes(StandardCharsets.UTF_8));
    }

    private static List<Attack> shapes() {
        return List.of(
                raw("one part", TokenFault.NOT_THREE_PARTS, _ -> "opaque"),
                text("two parts", TokenFault.NOT_THREE_PARTS, token -> token.substring(0, token.lastIndexOf('.'))),
                text("four parts", TokenFault.NOT_THREE_PARTS, token -> token + ".x"),
                text("five parts, as JWE", TokenFault.ENCRYPTED, token -> token + ".x.y"),
                text("no signature", TokenFault.UNSIGNED, token -> token.substring(0, token.lastIndexOf('.') + 1)),
                text("no header", TokenFault.EMPTY_PART, token -> token.substring(token.indexOf('.'))),
                raw(
                        "no payload",
                        TokenFault.EMPTY_PART,
                        mode -> Signer.base64(mode.signer().header().toString()) + "..eA"),
                text("25 KiB", TokenFault.TOO_LONG, token -> token + "A".repeat(25 << 10)),
                raw(
                        "a header of 9 KiB",
                        TokenFault.TOO_LONG,
                        mode -> mode.signer()
                                .token(mode.signer().header().with("x", "y".repeat(9 << 10)), mode.claims())),
                text(
                        "2 MB of claims",
                        TokenFault.TOO_LONG,
                        token -> token.replaceFirst("\\.", "." + "A".repeat(2 << 20))),
                text("padding behind the signature", TokenFault.NOT_BASE64URL, token -> token + "=="),
                text("letters of no alphabet in the signature", TokenFault.NOT_BASE64URL, token -> token + "!!!!"),
                text("the other base64 alphabet", TokenFault.NOT_BASE64URL, token -> token + "+/+/"),
                text(
                        "a byte too many for base64",
                        TokenFault.NOT_BASE64URL,
                        token -> token
                                + "A".repeat(Math.floorMod(1 - (token.length() - token.lastIndexOf('.') - 1), 4))),
                text("other unused bits", TokenFault.NOT_CANONICAL, Attack::otherUnusedBits),
                text("a dot of another script", TokenFault.NOT_THREE_PARTS, token -> token.replace('.', '\u2024')),
                text("a full-width letter", TokenFault.NOT_BASE64URL, token -> token + "\uff21\uff21\uff21\uff21"),
                text("a letter of two units in front", TokenFault.NOT_BASE64URL, token -> "\ud83d\ude00" + token),
                text("a letter of two units behind", TokenFault.NOT_BASE64URL, token -> token + "\ud83d\ude00"));
    }

    /// The last letter of 342 carries four bits that stand for nothing.
    private static String otherUnusedBits(String token) {
        var alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        int last = alphabet.indexOf(token.charAt(token.length() - 1));
        return token.substring(0, token.length() - 1) + alphabet.charAt(last + 1);
    }

    private static List<Attack> headers() {
        return List.of(
                headerText("a header that is no JSON", TokenFault.HEADER_NOT_JSON, _ -> "alg=RS256"),
                headerText(
                        "a header that is a list",
                        TokenFault.HEADER_NOT_JSON,
                        mode -> "[" + mode.signer().header() + "]"),
                headerText(
                        "a comment in the header",
                        TokenFault.HEADER_NOT_JSON,
                        mode -> mode.signer().header() + "/**/"),
                headerText(
                        "single quotes in the header",
                        TokenFault.HEADER_NOT_JSON,
                        mode -> mode.signer().header().toString().replace('"', '\'')),
                headerText(
                        "text behind the header",
                        TokenFault.HEADER_NOT_JSON,
                        mode -> mode.signer().header() + "{}"),
                headerText(
                        "a byte order mark",
                        TokenFault.HEADER_NOT_JSON,
                        mode -> "\ufeff" + mode.signer().header()),
                headerText(
                        "a deep header",
                        TokenFault.HEADER_NOT_JSON,
                        mode -> mode.signer()
                                .header()
                                .toString()
                                .replaceFirst("\\{", "{\"x\":" + "[".repeat(50) + "]".repeat(50) + ",")),
                headerBytes("a header that is no UTF-8", TokenFault.HEADER_NOT_UTF8, mode -> {
                    var bytes = Json.bytes(mode.signer().header().with("x", "AAAA"));
                    bytes[bytes.length - 4] = (byte) 0xC3;
                    return bytes;
                }),
                headerText(
                        "alg twice",
                        TokenFault.HEADER_DUPLICATE_KEY,
                        mode -> mode.signer().header().toString().replaceFirst("\\{", "{\"alg\":\"none\",")),
                headerText(
                        "a key twice, further in",
                        TokenFault.HEADER_DUPLICATE_KEY,
                        mode -> mode.signer().header().toString().replaceFirst("\\{", "{\"x\":{\"y\":1,\"y\":2},")),
                header("alg none", TokenFault.ALG_NONE, header -> header.with("alg", "none")),
                header("alg None", TokenFault.ALG_NONE, header -> header.with("alg", "None")),
                header("alg nOnE", TokenFault.ALG_NONE, header -> header.with("alg", "nOnE")),
                header("alg none with a blank", TokenFault.ALG_NONE, header -> header.with("alg", "none ")),
                header("no alg", TokenFault.ALG_MISSING, header -> header.without("alg")),
                header("alg as a number", TokenFault.ALG_MISSING, header -> header.with("alg", 256)),
                header("alg as a list", TokenFault.ALG_MISSING, header -> header.with("alg", List.of("RS256"))),
                header("alg in lower case", TokenFault.ALG_NOT_ACCEPTED, header -> header.with("alg", "rs256")),
                header("alg RS1", TokenFault.ALG_NOT_ACCEPTED, header -> header.with("alg", "RS1")),
                header("alg ES256K", TokenFault.ALG_NOT_ACCEPTED, header -> header.with("alg", "ES256K")),
                raw("HS256 with the public key as its secret", TokenFault.ALG_SYMMETRIC, Attack::keyConfusion),
                header("HS512", TokenFault.ALG_SYMMETRIC, header -> header.with("alg", "HS512")),
                header("an empty crit", TokenFault.CRITICAL_HEADER, header -> header.with("crit", List.of())),
                header(
                        "a crit that names exp",
                        TokenFault.CRITICAL_HEADER,
                        header -> header.with("crit", List.of("exp"))),
                header(
                        "b64 false",
                        TokenFault.UNENCODED_PAYLOAD,
                        header -> header.with("b64", false).with("crit", List.of("b64"))),
                header("zip", TokenFault.COMPRESSED, header -> header.with("zip", "DEF")),
                header("enc", TokenFault.ENCRYPTED, header -> header.with("enc", "A256GCM")),
                header("cty JWT", TokenFault.NESTED, header -> header.with("cty", "JWT")),
                header("jku", TokenFault.KEY_IN_HEADER, header -> header.with("jku", "https://evil.example/keys")),
                header("x5u", TokenFault.KEY_IN_HEADER, header -> header.with("x5u", "https://evil.example/cert")),
                raw("the attacker's own key as jwk", TokenFault.KEY_IN_HEADER, mode -> {
                    var own = Signer.rsa(mode.signer().keyId());
                    return own.token(own.header().with("jwk", own.jwk()), mode.claims());
                }),
                header("x5c", TokenFault.KEY_IN_HEADER, header -> header.with("x5c", List.of("MIIB"))),
                header("typ dpop+jwt", TokenFault.TYP_NOT_ACCEPTED, header -> header.with("typ", "dpop+jwt")),
                header("typ logout+jwt", TokenFault.TYP_NOT_ACCEPTED, header -> header.with("typ", "logout+jwt")),
                header("typ secevent+jwt", TokenFault.TYP_NOT_ACCEPTED, header -> header.with("typ", "secevent+jwt")),
                header("typ as a number", TokenFault.TYP_NOT_ACCEPTED, header -> header.with("typ", 1)),
                header("typ null", TokenFault.TYP_NOT_ACCEPTED, header -> header.with("typ", JsonNull.NULL)));
    }

    private static String keyConfusion(Mode mode) {
        var signed = Signer.base64(mode.signer().header().with("alg", "HS256").toString())
                + "."
                + Signer.base64(mode.claims().toString());
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(mode.signer().pair().getPublic().getEncoded(), "HmacSHA256"));
            return signed + "." + Signer.base64(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
        } catch (java.security.GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static List<Attack> signatures() {
        return List.of(
                header("no kid, with two keys", TokenFault.KEY_ID_MISSING, header -> header.without("kid")),
                header("an empty kid", TokenFault.KEY_ID_MALFORMED, header -> header.with("kid", "")),
                header("kid as a number", TokenFault.KEY_ID_MALFORMED, header -> header.with("kid", 1)),
                header("kid null", TokenFault.KEY_ID_MALFORMED, header -> header.with("kid", JsonNull.NULL)),
                header(
                        "a kid of 300 characters",
                        TokenFault.KEY_ID_MALFORMED,
                        header -> header.with("kid", "k".repeat(300))),
                header(
                        "a line break in the kid",
                        TokenFault.KEY_ID_MALFORMED,
                        header -> header.with("kid", "k\nforged log line")),
                header("a path as kid", TokenFault.KEY_UNKNOWN, header -> header.with("kid", "../../../dev/null")),
                header("SQL as kid", TokenFault.KEY_UNKNOWN, header -> header.with("kid", "x' UNION SELECT 'k")),
                header("a kid of nobody", TokenFault.KEY_UNKNOWN, header -> header.with("kid", "key-2")),
                header("the kid of another key", TokenFault.SIGNATURE_INVALID, header -> header.with("kid", "other")),
                raw(
                        "another key under the right kid",
                        TokenFault.SIGNATURE_INVALID,
                        mode -> Signer.rsa(mode.signer().keyId()).token(mode.claims())),
                text(
                        "an altered payload",
                        TokenFault.SIGNATURE_INVALID,
                        token -> token.replaceFirst("\\.[^.]+\\.", "." + Signer.base64("{\"sub\":\"root\"}") + ".")),
                text(
                        "another order in the header",
                        TokenFault.SIGNATURE_INVALID,
                        token -> Signer.base64("{\"typ\":\"at+jwt\",\"alg\":\"RS256\",\"kid\":\"other\"}")
                                + token.substring(token.indexOf('.'))),
                text(
                        "half a signature",
                        TokenFault.SIGNATURE_INVALID,
                        token -> token.substring(0, token.lastIndexOf('.') + 1 + 172)),
                text(
                        "a signature of zeros",
                        TokenFault.SIGNATURE_INVALID,
                        token -> token.substring(0, token.lastIndexOf('.') + 1) + Signer.base64(new byte[256])),
                raw("the signature of another token", TokenFault.SIGNATURE_INVALID, mode -> {
                    var one = mode.signer().token(mode.claims());
                    var other = mode.signer().token(mode.claims().with("sub", "root"));
                    return one.substring(0, one.lastIndexOf('.')) + other.substring(other.lastIndexOf('.'));
                }));
    }

    private static List<Attack> payloads() {
        return List.of(
                payloadText("claims that are no JSON", TokenFault.CLAIMS_NOT_JSON, _ -> "hello"),
                payloadText("claims in a list", TokenFault.CLAIMS_NOT_JSON, claims -> "[" + claims + "]"),
                payloadText("claims as text", TokenFault.CLAIMS_NOT_JSON, _ -> "\"anna\""),
                payloadText("text behind the claims", TokenFault.CLAIMS_NOT_JSON, claims -> claims + "{}"),
                payloadText("a byte order mark before claims", TokenFault.CLAIMS_NOT_JSON, claims -> "\ufeff" + claims),
                payloadText("NaN", TokenFault.CLAIMS_NOT_JSON, claims -> claims.replaceFirst("\\{", "{\"x\":NaN,")),
                payloadText("a trailing comma", TokenFault.CLAIMS_NOT_JSON, claims -> claims.replaceFirst("}$", ",}")),
                payloadText(
                        "a claim twice",
                        TokenFault.CLAIMS_DUPLICATE_KEY,
                        claims -> claims.replaceFirst("\\{", "{\"sub\":\"root\",")),
                payloadText(
                        "a claim twice, further in",
                        TokenFault.CLAIMS_DUPLICATE_KEY,
                        claims -> claims.replaceFirst(
                                "\\{", "{\"realm_access\":{\"roles\":[],\"roles\":[\"ReadWrite\"]},")),
                payloadText(
                        "a claim twice, once escaped",
                        TokenFault.CLAIMS_DUPLICATE_KEY,
                        claims -> claims.replaceFirst("\\{", "{\"s\\\\u0075b\":\"root\",")),
                payloadText(
                        "deep claims",
                        TokenFault.CLAIMS_TOO_DEEP,
                        claims -> claims.replaceFirst("\\{", "{\"x\":" + "[".repeat(90) + "]".repeat(90) + ",")),
                payload("claims that are no UTF-8", TokenFault.CLAIMS_NOT_UTF8, mode -> {
                    var bytes = Json.bytes(mode.claims().with("x", "AAAA"));
                    bytes[bytes.length - 4] = (byte) 0xC3;
                    return bytes;
                }));
    }

    private static List<Attack> times() {
        return List.of(
                claims("no exp", TokenFault.EXP_MISSING, claims -> claims.without("exp")),
                claims("exp null", TokenFault.TIME_MALFORMED, claims -> claims.with("exp", JsonNull.NULL)),
                timed(
                        "exp as text",
                        TokenFault.TIME_MALFORMED,
                        (mode, claims) -> claims.with("exp", Long.toString(mode.now() + 900))),
                claims("exp 1e300", TokenFault.TIME_MALFORMED, claims -> claims.with("exp", new JsonNumber("1e300"))),
                claims("exp below zero", TokenFault.TIME_MALFORMED, claims -> claims.with("exp", -1)),
                claims(
                        "exp in milliseconds",
                        TokenFault.LIFE_TOO_LONG,
                        claims -> claims.with("exp", claims.integer("exp").orElseThrow() * 10)),
                timed(
                        "long expired",
                        TokenFault.EXPIRED,
                        (mode, claims) -> claims.with("iat", mode.now() - 7200).with("exp", mode.now() - 3600)),
                timed(
                        "expired beyond the skew",
                        TokenFault.EXPIRED,
                        (mode, claims) -> claims.with("iat", mode.now() - 600).with("exp", mode.now() - 60)),
                timed(
                        "nbf in the future",
                        TokenFault.NOT_YET_VALID,
                        (mode, claims) -> claims.with("nbf", mode.now() + 61)),
                claims("nbf as text", TokenFault.TIME_MALFORMED, claims -> claims.with("nbf", "now")),
                timed(
                        "iat in a year",
                        TokenFault.ISSUED_IN_FUTURE,
                        (mode, claims) -> claims.with("iat", mode.now() + YEAR).with("exp", mode.now() + YEAR + 60)),
                claims("iat as an object", TokenFault.TIME_MALFORMED, claims -> claims.with("iat", JsonObject.EMPTY)),
                timed(
                        "exp before iat",
                        TokenFault.EXP_BEFORE_IAT,
                        (mode, claims) -> claims.with("iat", mode.now() + 30).with("exp", mode.now() + 10)),
                timed(
                        "ten years",
                        TokenFault.LIFE_TOO_LONG,
                        (mode, claims) -> claims.with("exp", mode.now() + 10 * YEAR)),
                timed(
                        "ten years and no iat",
                        TokenFault.LIFE_TOO_LONG,
                        (mode, claims) -> claims.without("iat").with("exp", mode.now() + 10 * YEAR)));
    }

    private static List<Attack> parties() {
        return List.of(
                claims("no iss", TokenFault.ISSUER_MISSING, claims -> claims.without("iss")),
                claims("iss as a number", TokenFault.ISSUER_MISSING, claims -> claims.with("iss", 1)),
                claims(
                        "another issuer",
                        TokenFault.ISSUER_NOT_ACCEPTED,
                        claims -> claims.with("iss", "https://evil.example")),
                timed(
                        "the issuer with a slash behind",
                        TokenFault.ISSUER_NOT_ACCEPTED,
                        (mode, claims) -> claims.with("iss", mode.issuer() + "/")),
                timed(
                        "the issuer in upper case",
                        TokenFault.ISSUER_NOT_ACCEPTED,
                        (mode, claims) -> claims.with("iss", mode.issuer().toUpperCase(java.util.Locale.ROOT))),
                claims("no aud", TokenFault.AUDIENCE_MISSING, claims -> claims.without("aud")),
                claims("another audience", TokenFault.AUDIENCE_NOT_ACCEPTED, claims -> claims.with("aud", "billing")),
                claims(
                        "an audience that begins alike",
                        TokenFault.AUDIENCE_NOT_ACCEPTED,
                        claims -> claims.with("aud", "mcp-gateway-test")),
                claims(
                        "no audience in the list",
                        TokenFault.AUDIENCE_NOT_ACCEPTED,
                        claims -> claims.with("aud", List.of())),
                claims("aud as a number", TokenFault.AUDIENCE_MALFORMED, claims -> claims.with("aud", 1)),
                claims(
                        "aud with a number in it",
                        TokenFault.AUDIENCE_MALFORMED,
                        claims -> claims.with("aud", JsonArray.of("mcp-gateway", 1))),
                claims(
                        "aud as an object",
                        TokenFault.AUDIENCE_MALFORMED,
                        claims -> claims.with("aud", JsonObject.of("mcp-gateway", true))),
                claims("no sub", TokenFault.SUBJECT_MISSING, claims -> claims.without("sub")),
                claims("sub as a number", TokenFault.SUBJECT_MALFORMED, claims -> claims.with("sub", 12345)),
                claims("an empty sub", TokenFault.SUBJECT_MALFORMED, claims -> claims.with("sub", "")),
                claims("a blank sub", TokenFault.SUBJECT_MALFORMED, claims -> claims.with("sub", "  ")),
                claims(
                        "a sub of 300 characters",
                        TokenFault.SUBJECT_MALFORMED,
                        claims -> claims.with("sub", "s".repeat(300))),
                claims(
                        "a line break in the sub",
                        TokenFault.SUBJECT_MALFORMED,
                        claims -> claims.with("sub", "anna\nroot")),
                claims(
                        "reversed text in the sub",
                        TokenFault.SUBJECT_MALFORMED,
                        claims -> claims.with("sub", "anna\u202etoor")),
                payloadText(
                        "half a character in the sub",
                        TokenFault.SUBJECT_MALFORMED,
                        claims -> claims.replace("\"anna\"", "\"anna\\ud800\"")),
                claims("a client that is no text", TokenFault.CLIENT_MALFORMED, claims -> claims.with("azp", 7)));
    }

    private static List<Attack> kinds() {
        return List.of(
                claims("an ID token, by at_hash", TokenFault.ID_TOKEN, claims -> claims.with("at_hash", "x")),
                claims("an ID token, by c_hash", TokenFault.ID_TOKEN, claims -> claims.with("c_hash", "x")),
                claims("an ID token, by its kind", TokenFault.ID_TOKEN, claims -> claims.with("typ", "ID")),
                claims("an ID token, by token_use", TokenFault.ID_TOKEN, claims -> claims.with("token_use", "id")),
                claims(
                        "an ID token, by a nonce without client and scope",
                        TokenFault.ID_TOKEN,
                        claims -> claims.without("azp").with("nonce", "n")),
                claims("a refresh token", TokenFault.NOT_AN_ACCESS_TOKEN, claims -> claims.with("typ", "Refresh")),
                claims("a kind that is no text", TokenFault.NOT_AN_ACCESS_TOKEN, claims -> claims.with("typ", 1)),
                claims(
                        "a security event",
                        TokenFault.NOT_AN_ACCESS_TOKEN,
                        claims -> claims.with("events", JsonObject.EMPTY)),
                claims(
                        "bound to a DPoP key",
                        TokenFault.SENDER_CONSTRAINED,
                        claims -> claims.with("cnf", JsonObject.of("jkt", "x"))),
                claims(
                        "bound to a certificate",
                        TokenFault.SENDER_CONSTRAINED,
                        claims -> claims.with("cnf", JsonObject.of("x5t#S256", "x"))));
    }

    private static List<Attack> roles() {
        return List.of(
                claims("no roles", TokenFault.NO_ROLE, claims -> claims.without("roles")),
                claims("an empty list of roles", TokenFault.NO_ROLE, claims -> claims.with("roles", List.of())),
                claims("a role nobody knows", TokenFault.NO_ROLE, claims -> claims.with("roles", List.of("Admin"))),
                claims(
                        "a role in another case",
                        TokenFault.NO_ROLE,
                        claims -> claims.with("roles", List.of("readwrite"))),
                claims(
                        "a role that begins alike",
                        TokenFault.NO_ROLE,
                        claims -> claims.with("roles", List.of("ReadWriteX"))),
                claims(
                        "two roles in one text",
                        TokenFault.NO_ROLE,
                        claims -> claims.with("roles", "ReadOnly ReadWrite")),
                claims(
                        "roles as an object",
                        TokenFault.NO_ROLE,
                        claims -> claims.with("roles", JsonObject.of("ReadWrite", true))),
                claims(
                        "roles left out for their number",
                        TokenFault.GROUPS_OVERAGE,
                        claims -> claims.without("roles")
                                .with("_claim_names", JsonObject.of("roles", "src1"))
                                .with(
                                        "_claim_sources",
                                        JsonObject.of("src1", JsonObject.of("endpoint", "https://evil.example")))),
                claims(
                        "1,001 roles",
                        TokenFault.TOO_MANY_ROLES,
                        claims -> claims.with("roles", Collections.nCopies(1_001, "x"))));
    }
}

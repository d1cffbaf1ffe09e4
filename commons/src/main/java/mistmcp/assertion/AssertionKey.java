package mistmcp.assertion;

import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import mistmcp.ids.Ids;
import mistmcp.json.InvalidJson;
import mistmcp.json.Json;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonWriter;
import mistmcp.settings.Secret;

/// The key that the gateway and one server share: signs and checks assertions as compact HS256 tokens (RFC
/// 7515). Safe for several threads.
public final class AssertionKey {
    /// How long an assertion holds.
    public static final Duration LIFE = Duration.ofSeconds(60);

    private static final Duration SKEW = Duration.ofSeconds(5);
    private static final String HEADER = encode(
            "{\"alg\":\"HS256\",\"typ\":\"mist-assertion+jwt\"}".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    private static final JsonLimits LIMITS = new JsonLimits(1 << 20, 8, 20);

    /// With the key in it, copied for each use: a provider takes longer to be looked up than to sign.
    private final Mac keyed;
    private final InstantSource clock;

    /// A key of at least 32 bytes of text.
    ///
    /// @throws IllegalArgumentException when it is shorter
    public AssertionKey(Secret key, InstantSource clock) {
        if (key.bytes().length < 32) {
            throw new IllegalArgumentException("a service key needs at least 32 characters");
        }
        this.keyed = keyed(new SecretKeySpec(key.bytes(), "HmacSHA256"));
        this.clock = clock;
    }

    /// A new id and expiry for an assertion.
    public String newId() {
        return Ids.next();
    }

    /// When an assertion that is made now expires.
    public Instant expiry() {
        return clock.instant().plus(LIFE);
    }

    /// The assertion as a signed token.
    public String sign(Assertion assertion) {
        var claims = new JsonWriter()
                .begin()
                .name("aud")
                .string(assertion.audience())
                .name("sub")
                .string(assertion.principal())
                .name("role")
                .string(assertion.role())
                .name("sites")
                .strings(assertion.sites())
                .name("mode")
                .string(assertion.mode())
                .name("method")
                .string(assertion.method())
                .name("target")
                .string(assertion.target())
                .name("args")
                .string(assertion.argumentsDigest())
                .name("jti")
                .string(assertion.id())
                .name("exp")
                .number(assertion.expiresAt().getEpochSecond());
        assertion
                .commit()
                .ifPresent(commit -> claims.name("commit")
                        .begin()
                        .name("plan")
                        .string(commit.planId())
                        .name("change")
                        .string(commit.changeDigest())
                        .name("before")
                        .string(commit.beforeHash())
                        .end());
        var signed = HEADER + "." + encode(claims.end().bytes());
        return signed + "." + encode(mac(signed));
    }

    /// The assertion of a token, when its signature, its audience and its time are right; else nothing.
    public Optional<Assertion> verify(String token, String audience) {
        int second = token.lastIndexOf('.');
        if (second < 0 || !token.startsWith(HEADER + ".") || second <= HEADER.length()) {
            return Optional.empty();
        }
        var signed = token.substring(0, second);
        if (!MessageDigest.isEqual(
                encode(mac(signed)).getBytes(java.nio.charset.StandardCharsets.US_ASCII),
                token.substring(second + 1).getBytes(java.nio.charset.StandardCharsets.UTF_8))) {
            return Optional.empty();
        }
        try {
            var claims = Json.parseObject(Base64.getUrlDecoder().decode(signed.substring(HEADER.length() + 1)), LIMITS);
            return Optional.of(read(claims))
                    .filter(assertion -> assertion.audience().equals(audience) && timely(assertion));
        } catch (InvalidJson | IllegalArgumentException | java.util.NoSuchElementException garbled) {
            return Optional.empty();
        }
    }

    private boolean timely(Assertion assertion) {
        var now = clock.instant();
        return now.isBefore(assertion.expiresAt())
                && !assertion.expiresAt().isAfter(now.plus(LIFE).plus(SKEW));
    }

    private static Assertion read(JsonObject claims) {
        return new Assertion(
                claims.string("aud").orElseThrow(),
                claims.string("sub").orElseThrow(),
                claims.string("role").orElseThrow(),
                claims.array("sites").orElseThrow().strings(),
                claims.string("mode").orElseThrow(),
                claims.string("method").orElseThrow(),
                claims.string("target").orElseThrow(),
                claims.string("args").orElseThrow(),
                claims.string("jti").orElseThrow(),
                Instant.ofEpochSecond(claims.integer("exp").orElseThrow()),
                claims.object("commit")
                        .map(commit -> new Assertion.Commit(
                                commit.string("plan").orElseThrow(),
                                commit.string("change").orElseThrow(),
                                commit.string("before").orElseThrow())));
    }

    private byte[] mac(String text) {
        try {
            return ((Mac) keyed.clone()).doFinal(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        } catch (CloneNotSupportedException refused) {
            throw new IllegalStateException("this Java's HmacSHA256 cannot be copied", refused);
        }
    }

    private static Mac keyed(SecretKeySpec key) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac;
        } catch (NoSuchAlgorithmException | InvalidKeyException unusable) {
            throw new IllegalStateException("this Java has no HmacSHA256", unusable);
        }
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}

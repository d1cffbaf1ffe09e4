package mistmcp.gateway.auth;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import mistmcp.json.InvalidJson;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.settings.Secret;

/// The key pair that DEV tokens are signed with (RS256, 2048 bits), and the public keys before it whose
/// tokens may still live. Immutable.
public final class DevKeys {
    /// How a DEV key's id begins, so that no other mode takes it.
    public static final String ID_PREFIX = "mist-dev-";

    /// The longest life of a DEV token.
    static final Duration MAX_LIFE = Duration.ofHours(1);

    /// Beyond a token's life: the clock skew, and the moment until a running gateway sees that the key has
    /// changed.
    private static final Duration MARGIN = Duration.ofMinutes(2);

    private static final String RETIRED_AT = "mist_retired_at";
    private static final String PEM_HEAD = "-----BEGIN PRIVATE KEY-----";
    private static final String PEM_FOOT = "-----END PRIVATE KEY-----";
    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

    private final RSAPrivateCrtKey privateKey;
    private final String id;
    private final List<JsonObject> retired;

    private DevKeys(RSAPrivateCrtKey privateKey, List<JsonObject> retired) {
        this.privateKey = privateKey;
        this.id = id(privateKey);
        this.retired = List.copyOf(retired);
    }

    /// The keys of the files, made first when there are none.
    ///
    /// @throws UnusableKeys when the files cannot be used
    public static DevKeys openOrCreate(DevKeyFiles files, Instant now) {
        var kept = files.readPrivate();
        if (kept.isPresent()) {
            return open(files, kept.get());
        }
        if (files.readJwks().isPresent()) {
            throw new UnusableKeys("there are public keys in `" + files.jwks() + "` but no private key in `"
                    + files.privateKey() + "`: run `mist keys rotate` to make a new pair");
        }
        var fresh = new DevKeys(generate(), List.of());
        files.writePrivate(fresh.pem());
        files.writeJwks(Json.bytes(fresh.jwks(now)));
        return fresh;
    }

    /// Replaces the key pair. The public key before it stays in the set until its last token has died; keys
    /// whose tokens have died are dropped.
    ///
    /// @throws UnusableKeys when the files cannot be used
    public static DevKeys rotate(DevKeyFiles files, Instant now) {
        var before = files.readJwks().map(text -> keys(files, text)).orElse(List.of());
        var retired = before.stream()
                .filter(key -> alive(key, now))
                .map(key -> key.has(RETIRED_AT) ? key : key.with(RETIRED_AT, now.getEpochSecond()))
                .toList();
        var fresh = new DevKeys(generate(), retired);
        // The new public key is there before anything is signed with its private half.
        files.writeJwks(Json.bytes(fresh.jwks(now)));
        files.writePrivate(fresh.pem());
        return fresh;
    }

    /// The id of the key that signs.
    public String id() {
        return id;
    }

    /// The public keys whose tokens may live, as they are published.
    public JsonObject jwks(Instant now) {
        var keys = new ArrayList<JsonObject>();
        keys.add(publicJwk());
        retired.stream().filter(key -> alive(key, now)).forEach(keys::add);
        return JsonObject.of("keys", JsonArray.ofAll(keys));
    }

    /// The set that tokens are checked with.
    KeySet keySet(Instant now) {
        try {
            return KeySet.parse(Json.bytes(jwks(now)), Set.of("RS256"), true);
        } catch (InvalidKeySet invalid) {
            throw new UnusableKeys("the public key set " + invalid.getMessage() + ": run `mist keys rotate`");
        }
    }

    /// Signs claims as a compact token.
    Secret sign(JsonObject claims) {
        var header = JsonObject.of("alg", "RS256", "typ", "at+jwt", "kid", id);
        var signed = BASE64URL.encodeToString(Json.bytes(header)) + "." + BASE64URL.encodeToString(Json.bytes(claims));
        try {
            var signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(privateKey);
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return new Secret(signed + "." + BASE64URL.encodeToString(signature.sign()));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this Java cannot sign with RS256", missing);
        }
    }

    private static DevKeys open(DevKeyFiles files, Secret pem) {
        var privateKey = privateKey(files, pem);
        var jwks = files.readJwks();
        if (jwks.isEmpty()) {
            var alone = new DevKeys(privateKey, List.of());
            files.writeJwks(Json.bytes(JsonObject.of("keys", JsonArray.of(alone.publicJwk()))));
            return alone;
        }
        var published = keys(files, jwks.get());
        var own = id(privateKey);
        if (published.stream().noneMatch(key -> key.string("kid").equals(Optional.of(own)))) {
            throw new UnusableKeys("the public keys in `" + files.jwks() + "` do not include that of `"
                    + files.privateKey() + "`: run `mist keys rotate` to make a new pair");
        }
        // A key that nothing says the end of is none of ours: it would be trusted for ever.
        return new DevKeys(
                privateKey,
                published.stream()
                        .filter(key -> key.has(RETIRED_AT) && !key.string("kid").equals(Optional.of(own)))
                        .toList());
    }

    private static List<JsonObject> keys(DevKeyFiles files, String text) {
        try {
            var keys =
                    Json.parseObject(text).array("keys").map(JsonArray::objects).orElse(List.of());
            return keys.stream()
                    .filter(key -> key.string("kid")
                            .filter(kid -> kid.startsWith(ID_PREFIX))
                            .isPresent())
                    .toList();
        } catch (InvalidJson invalid) {
            throw new UnusableKeys("the public keys `" + files.jwks() + "` are no JWKS: move the file away, then run"
                    + " `mist keys rotate`");
        }
    }

    private static boolean alive(JsonObject key, Instant now) {
        return !key.has(RETIRED_AT)
                || key.integer(RETIRED_AT)
                        .map(Instant::ofEpochSecond)
                        .filter(at -> now.isBefore(at.plus(MAX_LIFE).plus(MARGIN)))
                        .isPresent();
    }

    private JsonObject publicJwk() {
        return JsonObject.of(
                "kty",
                "RSA",
                "use",
                "sig",
                "alg",
                "RS256",
                "kid",
                id,
                "n",
                number(privateKey.getModulus()),
                "e",
                number(privateKey.getPublicExponent()));
    }

    private byte[] pem() {
        var lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(privateKey.getEncoded());
        return (PEM_HEAD + "\n" + lines + "\n" + PEM_FOOT + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    private static RSAPrivateCrtKey privateKey(DevKeyFiles files, Secret pem) {
        var text = pem.reveal().strip();
        try {
            if (!text.startsWith(PEM_HEAD) || !text.endsWith(PEM_FOOT)) {
                throw new IllegalArgumentException("no PKCS #8 PEM");
            }
            var encoded = Base64.getMimeDecoder()
                    .decode(text.substring(PEM_HEAD.length(), text.length() - PEM_FOOT.length()));
            var key = KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(encoded));
            if (key instanceof RSAPrivateCrtKey whole && whole.getModulus().bitLength() >= 2048) {
                return whole;
            }
        } catch (GeneralSecurityException | IllegalArgumentException unreadable) {
            throw unusable(files);
        }
        throw unusable(files);
    }

    private static UnusableKeys unusable(DevKeyFiles files) {
        return new UnusableKeys("the private key `" + files.privateKey()
                + "` is no RSA key of 2048 bits or more in PKCS #8 PEM: run `mist keys rotate` to make a new pair");
    }

    private static RSAPrivateCrtKey generate() {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return (RSAPrivateCrtKey) generator.generateKeyPair().getPrivate();
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this Java makes no RSA keys", missing);
        }
    }

    /// The thumbprint of RFC 7638, shortened, behind our prefix.
    private static String id(RSAPrivateCrtKey key) {
        var canonical =
                JsonObject.of("e", number(key.getPublicExponent()), "kty", "RSA", "n", number(key.getModulus()));
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(Json.bytes(canonical));
            return ID_PREFIX + BASE64URL.encodeToString(digest).substring(0, 16);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this Java has no SHA-256", missing);
        }
    }

    private static String number(BigInteger value) {
        var bytes = value.toByteArray();
        return BASE64URL.encodeToString(
                bytes.length > 1 && bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes);
    }
}

package mistmcp.gateway.auth;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;

/// Makes tokens as a provider would, and as nobody should.
record Signer(String keyId, KeyPair pair, String algorithm) {
    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

    static Signer rsa(String keyId) {
        return rsa(keyId, 2048);
    }

    static Signer rsa(String keyId, int bits) {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            return new Signer(keyId, generator.generateKeyPair(), "RS256");
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }

    static Signer ec(String keyId) {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return new Signer(keyId, generator.generateKeyPair(), "ES256");
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }

    static Signer ed25519(String keyId) {
        try {
            return new Signer(keyId, KeyPairGenerator.getInstance("Ed25519").generateKeyPair(), "EdDSA");
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }

    JsonObject jwk() {
        return switch (pair.getPublic()) {
            case RSAPublicKey rsa ->
                JsonObject.of(
                        "kty",
                        "RSA",
                        "use",
                        "sig",
                        "alg",
                        algorithm,
                        "kid",
                        keyId,
                        "n",
                        number(rsa.getModulus()),
                        "e",
                        number(rsa.getPublicExponent()));
            case ECPublicKey ec ->
                JsonObject.of(
                        "kty",
                        "EC",
                        "use",
                        "sig",
                        "alg",
                        algorithm,
                        "kid",
                        keyId,
                        "crv",
                        "P-256",
                        "x",
                        coordinate(ec.getW().getAffineX()),
                        "y",
                        coordinate(ec.getW().getAffineY()));
            default -> {
                var encoded = pair.getPublic().getEncoded();
                var raw = java.util.Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
                yield JsonObject.of(
                        "kty",
                        "OKP",
                        "use",
                        "sig",
                        "alg",
                        algorithm,
                        "kid",
                        keyId,
                        "crv",
                        "Ed25519",
                        "x",
                        BASE64URL.encodeToString(raw));
            }
        };
    }

    static JsonObject set(JsonObject... jwks) {
        return JsonObject.of("keys", JsonArray.of((Object[]) jwks));
    }

    JsonObject header() {
        return JsonObject.of("alg", algorithm, "typ", "at+jwt", "kid", keyId);
    }

    String token(JsonObject claims) {
        return token(header(), claims);
    }

    String token(JsonObject header, JsonObject claims) {
        return token(Json.bytes(header), Json.bytes(claims));
    }

    String token(byte[] header, byte[] payload) {
        var signed = base64(header) + "." + base64(payload);
        return signed + "." + base64(sign(signed));
    }

    byte[] sign(String signed) {
        try {
            var signature = Signature.getInstance(
                    switch (algorithm) {
                        case "ES256" -> "SHA256withECDSAinP1363Format";
                        case "EdDSA" -> "Ed25519";
                        default -> "SHA256withRSA";
                    });
            signature.initSign(pair.getPrivate());
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signature.sign();
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }

    static String base64(byte[] bytes) {
        return BASE64URL.encodeToString(bytes);
    }

    static String base64(String text) {
        return base64(text.getBytes(StandardCharsets.UTF_8));
    }

    static String number(BigInteger value) {
        var bytes = value.toByteArray();
        return base64(bytes.length > 1 && bytes[0] == 0 ? java.util.Arrays.copyOfRange(bytes, 1, bytes.length) : bytes);
    }

    private static String coordinate(BigInteger value) {
        var bytes = value.toByteArray();
        var fixed = new byte[32];
        int length = Math.min(32, bytes.length);
        System.arraycopy(bytes, bytes.length - length, fixed, 32 - length, length);
        return base64(fixed);
    }
}

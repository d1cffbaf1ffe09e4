package mistmcp.gateway.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import mistmcp.json.Json;
import mistmcp.json.JsonObject;

/// One public key of a set and the algorithms it may be used with. Safe for several threads.
final class VerificationKey {
    private static final byte[] ED25519_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");
    private static final Map<Curve, String> CURVE_ALGORITHMS =
            Map.of(Curve.P_256, "ES256", Curve.P_384, "ES384", Curve.P_521, "ES512");

    private final Optional<String> id;
    private final String kind;
    private final Set<String> algorithms;
    private final Check check;

    /// Checks a signature; a key that does not fit its use answers false.
    private interface Check {
        boolean holds(String algorithm, byte[] signed, byte[] signature) throws JOSEException, GeneralSecurityException;
    }

    private VerificationKey(Optional<String> id, String kind, Set<String> algorithms, Check check) {
        this.id = id;
        this.kind = kind;
        this.algorithms = algorithms;
        this.check = check;
    }

    /// Reads one public JWK.
    ///
    /// @param accepted the algorithms that may be used at all
    /// @throws InvalidKeySet when the key is not one that we check signatures with
    static VerificationKey of(JsonObject jwk, Set<String> accepted) throws InvalidKeySet {
        requireForSigning(jwk);
        try {
            var parsed = JWK.parse(Json.text(jwk));
            var id = jwk.string("kid");
            return switch (parsed) {
                case RSAKey rsa -> {
                    requireStrong(rsa);
                    var key = rsa.toRSAPublicKey();
                    var fitting = List.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512");
                    var kind = "RSA " + rsa.getModulus().decodeToBigInteger().bitLength();
                    yield new VerificationKey(id, kind, algorithms(jwk, accepted, fitting), rsa(key));
                }
                case ECKey ec -> {
                    var fitting = Optional.ofNullable(CURVE_ALGORITHMS.get(ec.getCurve()))
                            .orElseThrow(() -> new InvalidKeySet("has a curve that is not used for signatures"));
                    var verifier = new ECDSAVerifier(ec.toECPublicKey());
                    yield new VerificationKey(
                            id, ec.getCurve().getName(), algorithms(jwk, accepted, List.of(fitting)), nimbus(verifier));
                }
                case OctetKeyPair okp
                when Curve.Ed25519.equals(okp.getCurve()) -> {
                    var key = ed25519(okp.getX().decode());
                    yield new VerificationKey(
                            id,
                            "Ed25519",
                            algorithms(jwk, accepted, List.of("EdDSA", "Ed25519")),
                            (_, signed, signature) -> {
                                var verifier = Signature.getInstance("Ed25519");
                                verifier.initVerify(key);
                                verifier.update(signed);
                                return verifier.verify(signature);
                            });
                }
                default -> throw new InvalidKeySet("is of a kind that is not used for signatures");
            };
        } catch (ParseException | JOSEException | GeneralSecurityException | RuntimeException unreadable) {
            throw new InvalidKeySet("cannot be read as a public key");
        }
    }

    Optional<String> id() {
        return id;
    }

    /// Its id, kind and size, and the algorithms it is used with, for people.
    String described() {
        return PlainText.shown(id.orElse("without an id")) + " (" + kind + ", "
                + String.join(" ", algorithms.stream().sorted().toList()) + ")";
    }

    boolean fits(String algorithm) {
        return algorithms.contains(algorithm);
    }

    boolean verifies(String algorithm, byte[] signed, byte[] signature) {
        try {
            return fits(algorithm) && check.holds(algorithm, signed, signature);
        } catch (JOSEException | GeneralSecurityException | RuntimeException unfit) {
            return false;
        }
    }

    /// RSA by the JDK alone, which refuses a signature that is not exactly as long as the modulus.
    private static Check rsa(PublicKey key) {
        return (algorithm, signed, signature) -> {
            var verifier = switch (algorithm) {
                case "RS256" -> Signature.getInstance("SHA256withRSA");
                case "RS384" -> Signature.getInstance("SHA384withRSA");
                case "RS512" -> Signature.getInstance("SHA512withRSA");
                case "PS256" -> pss("SHA-256", MGF1ParameterSpec.SHA256, 32);
                case "PS384" -> pss("SHA-384", MGF1ParameterSpec.SHA384, 48);
                case "PS512" -> pss("SHA-512", MGF1ParameterSpec.SHA512, 64);
                default -> throw new NoSuchAlgorithmException(algorithm);
            };
            verifier.initVerify(key);
            verifier.update(signed);
            return verifier.verify(signature);
        };
    }

    private static Signature pss(String hash, MGF1ParameterSpec mask, int saltBytes) throws GeneralSecurityException {
        var verifier = Signature.getInstance("RSASSA-PSS");
        verifier.setParameter(new PSSParameterSpec(hash, "MGF1", mask, saltBytes, PSSParameterSpec.TRAILER_FIELD_BC));
        return verifier;
    }

    private static Check nimbus(JWSVerifier verifier) {
        return (algorithm, signed, signature) ->
                verifier.verify(new JWSHeader(JWSAlgorithm.parse(algorithm)), signed, Base64URL.encode(signature));
    }

    private static void requireForSigning(JsonObject jwk) throws InvalidKeySet {
        if (jwk.has("use") && !jwk.string("use").equals(Optional.of("sig"))) {
            throw new InvalidKeySet("is not for signatures");
        }
        if (jwk.has("key_ops")
                && !jwk.array("key_ops")
                        .map(ops -> ops.strings().contains("verify"))
                        .orElse(false)) {
            throw new InvalidKeySet("is not for checking signatures");
        }
    }

    private static void requireStrong(RSAKey rsa) throws InvalidKeySet {
        var modulus = rsa.getModulus().decodeToBigInteger();
        var exponent = rsa.getPublicExponent().decodeToBigInteger();
        if (modulus.bitLength() < 2048) {
            throw new InvalidKeySet("is an RSA key of fewer than 2048 bits");
        }
        if (modulus.bitLength() > 16_384 || exponent.bitLength() > 64) {
            throw new InvalidKeySet("is too large an RSA key");
        }
        if (exponent.compareTo(BigInteger.valueOf(65_537)) < 0 || !exponent.testBit(0) || !modulus.testBit(0)) {
            throw new InvalidKeySet("is an RSA key with a weak exponent or modulus");
        }
        if (Roca.weak(modulus)) {
            throw new InvalidKeySet("is an RSA key of the ROCA kind (CVE-2017-15361)");
        }
    }

    private static Set<String> algorithms(JsonObject jwk, Set<String> accepted, List<String> fitting)
            throws InvalidKeySet {
        var usable = new ArrayList<>(fitting);
        usable.retainAll(accepted);
        if (jwk.has("alg")) {
            usable.retainAll(List.of(jwk.string("alg").orElse("")));
        }
        if (usable.isEmpty()) {
            throw new InvalidKeySet("is for an algorithm that is not accepted");
        }
        return Set.copyOf(usable);
    }

    private static PublicKey ed25519(byte[] raw) throws GeneralSecurityException {
        var encoded = new byte[ED25519_PREFIX.length + raw.length];
        System.arraycopy(ED25519_PREFIX, 0, encoded, 0, ED25519_PREFIX.length);
        System.arraycopy(raw, 0, encoded, ED25519_PREFIX.length, raw.length);
        return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
    }
}

package mistmcp.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.List;
import mistmcp.json.Json;
import mistmcp.json.JsonObject;
import org.junit.jupiter.api.Test;

class KeySetTest {
    private final Signer signer = Signer.rsa("key-1");

    private static KeySet parse(JsonObject... jwks) throws InvalidKeySet {
        return KeySet.parse(Json.bytes(Signer.set(jwks)), TokenRules.PUBLIC_KEY_ALGORITHMS, false);
    }

    @Test
    void leavesOutKeysThatAreNotForSignaturesOrTooWeak() throws InvalidKeySet {
        var other = signer.jwk().with("kid", "x");
        var set = parse(
                signer.jwk(),
                other.with("use", "enc"),
                other.with("use", 1),
                other.with("key_ops", List.of("encrypt")),
                other.with("alg", "RSA-OAEP"),
                other.with("e", "Aw"),
                other.with("n", "AQAB"),
                other.with("kty", "AKP"),
                Signer.rsa("x", 1024).jwk(),
                JsonObject.of("kty", "EC", "crv", "P-256", "kid", "x", "x", "AA", "y", "AA"),
                JsonObject.of("kty", "OKP", "crv", "X25519", "kid", "x", "x", "AA"),
                other.with("n", Signer.number(rocaModulus())));

        assertThat(set.ids()).containsExactly("key-1");
        assertThat(set.dropped()).hasSize(11);
        assertThat(set.dropped().getLast()).contains("ROCA");
    }

    /// A modulus with the mark of CVE-2017-15361: a power of 65537 modulo the product of the primes up to
    /// 167.
    private static BigInteger rocaModulus() {
        var product = BigInteger.TWO;
        for (int prime = 3; prime <= 167; prime += 2) {
            if (BigInteger.valueOf(prime).isProbablePrime(30)) {
                product = product.multiply(BigInteger.valueOf(prime));
            }
        }
        var residue = BigInteger.valueOf(65_537).modPow(BigInteger.valueOf(77), product);
        var modulus = BigInteger.ONE
                .shiftLeft(2047)
                .divide(product)
                .multiply(product)
                .add(product)
                .add(residue);
        return modulus.testBit(0) ? modulus : modulus.add(product);
    }

    @Test
    void takesNoOrdinaryModulusForRoca() {
        for (int i = 0; i < 5; i++) {
            var key = (java.security.interfaces.RSAPublicKey)
                    Signer.rsa("k").pair().getPublic();
            assertThat(Roca.weak(key.getModulus())).isFalse();
        }
    }

    @Test
    void takesKeysWithoutAlgAndUse() throws InvalidKeySet {
        var set = parse(signer.jwk().without("alg", "use"));

        assertThat(set.only().orElseThrow().fits("RS256")).isTrue();
        assertThat(set.only().orElseThrow().fits("ES256")).isFalse();
    }

    @Test
    void refusesASetThatCannotBeTrusted() {
        assertThatThrownBy(() -> parse()).isInstanceOf(InvalidKeySet.class);
        assertThatThrownBy(() -> parse(signer.jwk(), signer.jwk())).hasMessageContaining("twice");
        assertThatThrownBy(() -> parse(signer.jwk().with("d", "AA"))).hasMessageContaining("secret");
        assertThatThrownBy(() -> parse(signer.jwk(), JsonObject.of("kty", "oct", "k", "AA")))
                .hasMessageContaining("secret");
        assertThatThrownBy(() -> parse(signer.jwk().with("kid", "mist-dev-1"))).hasMessageContaining("DEV");
        assertThatThrownBy(() -> parse(signer.jwk().with("kid", 1))).hasMessageContaining("id");
        assertThatThrownBy(() -> KeySet.parse(
                        "{\"keys\":[],\"keys\":[]}".getBytes(java.nio.charset.StandardCharsets.UTF_8),
                        TokenRules.PUBLIC_KEY_ALGORITHMS,
                        false))
                .isInstanceOf(InvalidKeySet.class);
    }
}

package mistmcp.http;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/// A certificate made for a test, with its key: one that signs others, or a server's.
record TestCertificate(X509Certificate certificate, PrivateKey key, String name) {
    private static final byte[] SHA256_ECDSA = HexFormat.of().parseHex("300a06082a8648ce3d040302");

    static TestCertificate authority(String name) {
        return make(name, name, Optional.empty(), Instant.now().plus(Duration.ofDays(1)));
    }

    /// A certificate for `localhost` and 127.0.0.1.
    TestCertificate server(String called) {
        return server(called, Instant.now().plus(Duration.ofDays(1)));
    }

    TestCertificate server(String called, Instant end) {
        return make(called, name, Optional.of(key), end);
    }

    String pem() {
        try {
            return block("CERTIFICATE", certificate.getEncoded());
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }

    String keyPem() {
        return block("PRIVATE KEY", key.getEncoded());
    }

    static String block(String label, byte[] content) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content) + "\n-----END " + label
                + "-----\n";
    }

    private static TestCertificate make(String name, String issuer, Optional<PrivateKey> issuerKey, Instant end) {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            KeyPair pair = generator.generateKeyPair();
            boolean authority = issuerKey.isEmpty();
            var names = sequence(
                    tagged(0x82, "localhost".getBytes(StandardCharsets.US_ASCII)),
                    tagged(0x87, InetAddress.ofLiteral("127.0.0.1").getAddress()));
            var extensions = authority
                    ? sequence(extension("551d13", sequence(tagged(0x01, new byte[] {-1}))))
                    : sequence(extension("551d11", names));
            var body = sequence(
                    tagged(0xA0, tagged(0x02, new byte[] {2})),
                    tagged(
                            0x02,
                            new BigInteger(63, new SecureRandom())
                                    .add(BigInteger.ONE)
                                    .toByteArray()),
                    SHA256_ECDSA,
                    distinguished(issuer),
                    sequence(time(end.minus(Duration.ofDays(9))), time(end)),
                    distinguished(name),
                    pair.getPublic().getEncoded(),
                    tagged(0xA3, extensions));
            var signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(issuerKey.orElse(pair.getPrivate()));
            signature.update(body);
            var encoded = sequence(body, SHA256_ECDSA, tagged(0x03, joined(new byte[] {0}, signature.sign())));
            var certificate = (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(encoded));
            return new TestCertificate(certificate, pair.getPrivate(), name);
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static byte[] distinguished(String name) {
        var common = sequence(
                tagged(0x06, HexFormat.of().parseHex("550403")), tagged(0x0C, name.getBytes(StandardCharsets.UTF_8)));
        return sequence(tagged(0x31, common));
    }

    private static byte[] extension(String id, byte[] value) {
        return sequence(tagged(0x06, HexFormat.of().parseHex(id)), tagged(0x04, value));
    }

    private static byte[] time(Instant at) {
        var text = DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'")
                .withZone(ZoneOffset.UTC)
                .format(at);
        return tagged(0x18, text.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] sequence(byte[]... parts) {
        return tagged(0x30, joined(parts));
    }

    private static byte[] tagged(int tag, byte[] content) {
        var out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.length < 128) {
            out.write(content.length);
        } else {
            var length = BigInteger.valueOf(content.length).toByteArray();
            int skip = length[0] == 0 ? 1 : 0;
            out.write(0x80 | (length.length - skip));
            out.write(length, skip, length.length - skip);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static byte[] joined(byte[]... parts) {
        var out = new ByteArrayOutputStream();
        for (var part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}

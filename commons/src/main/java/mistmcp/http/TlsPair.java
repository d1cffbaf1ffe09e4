package mistmcp.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import mistmcp.settings.Secret;

/// A server's certificate with its key, read from files and found to belong together.
record TlsPair(List<X509Certificate> chain, PrivateKey key) {
    private static final long MAX_BYTES = 1 << 20;
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----([^-]*)-----END \\1-----");
    /// What stands before an RSA key in the older form (PKCS #1) to make it one of PKCS #8.
    private static final byte[] RSA_HEAD = {2, 1, 0, 48, 13, 6, 9, 42, -122, 72, -122, -9, 13, 1, 1, 1, 5, 0};

    /// The content of both files, to tell whether they have changed.
    record Content(byte[] certificate, byte[] key) {
        static Content of(TlsFiles files) throws UnusableCertificate {
            return new Content(bytes(files.certificate()), bytes(files.key()));
        }

        boolean same(Content other) {
            return MessageDigest.isEqual(certificate, other.certificate) && MessageDigest.isEqual(key, other.key);
        }

        private static byte[] bytes(Path file) throws UnusableCertificate {
            try {
                if (Files.size(file) > MAX_BYTES) {
                    throw new UnusableCertificate("`" + file + "` is larger than a certificate or key is");
                }
                return Files.readAllBytes(file);
            } catch (IOException unreadable) {
                throw new UnusableCertificate("`" + file + "` cannot be read");
            }
        }
    }

    /// Reads a pair.
    ///
    /// @throws UnusableCertificate for what is unreadable, does not belong together, or is not valid now
    static TlsPair of(Content content, TlsFiles files, Instant now) throws UnusableCertificate {
        var chain = chain(content.certificate(), files.certificate());
        var key = key(content.key(), files.key());
        var own = chain.getFirst();
        if (!belong(own.getPublicKey(), key)) {
            throw new UnusableCertificate(
                    "the key `" + files.key() + "` is not that of the certificate `" + files.certificate() + "`");
        }
        var begin = own.getNotBefore().toInstant();
        var end = own.getNotAfter().toInstant();
        if (now.isBefore(begin)) {
            throw new UnusableCertificate("the certificate `" + files.certificate() + "` is not valid before " + begin);
        }
        if (!now.isBefore(end)) {
            throw new UnusableCertificate("the certificate `" + files.certificate() + "` ended at " + end);
        }
        return new TlsPair(chain, key);
    }

    /// When the certificate ends.
    Instant end() {
        return chain.getFirst().getNotAfter().toInstant();
    }

    KeyStore store(Secret password) {
        try {
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("server", key, password.reveal().toCharArray(), chain.toArray(X509Certificate[]::new));
            return store;
        } catch (GeneralSecurityException | IOException missing) {
            throw new IllegalStateException("this Java keeps no keys in memory", missing);
        }
    }

    private static List<X509Certificate> chain(byte[] pem, Path file) throws UnusableCertificate {
        var chain = new ArrayList<X509Certificate>();
        try {
            CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem))
                    .forEach(found -> chain.add((X509Certificate) found));
            for (int i = 0; i + 1 < chain.size(); i++) {
                chain.get(i).verify(chain.get(i + 1).getPublicKey());
            }
        } catch (CertificateException unreadable) {
            throw new UnusableCertificate("`" + file + "` is no list of PEM certificates");
        } catch (GeneralSecurityException unordered) {
            throw new UnusableCertificate("the certificates in `" + file
                    + "` do not follow each other: first the server's, then who signed it");
        }
        if (chain.isEmpty()) {
            throw new UnusableCertificate("`" + file + "` holds no certificate");
        }
        return List.copyOf(chain);
    }

    private static PrivateKey key(byte[] pem, Path file) throws UnusableCertificate {
        var block = BLOCK.matcher(new String(pem, StandardCharsets.ISO_8859_1));
        while (block.find()) {
            try {
                var encoded = Base64.getMimeDecoder().decode(block.group(2));
                switch (block.group(1)) {
                    case "PRIVATE KEY" -> {
                        return pkcs8(encoded);
                    }
                    case "RSA PRIVATE KEY" -> {
                        return pkcs8(wrapped(encoded));
                    }
                    default -> {
                        // Of another kind, or encrypted: said below.
                    }
                }
            } catch (GeneralSecurityException | IllegalArgumentException unreadable) {
                throw new UnusableCertificate("the key `" + file + "` cannot be read as RSA, EC or Ed25519");
            }
        }
        throw new UnusableCertificate("`" + file + "` holds no PEM key in the form PKCS #8 without a password: run"
                + " `openssl pkcs8 -topk8 -nodes` on it");
    }

    private static PrivateKey pkcs8(byte[] encoded) throws GeneralSecurityException {
        var specification = new PKCS8EncodedKeySpec(encoded);
        for (var kind : List.of("RSA", "EC", "Ed25519")) {
            try {
                return KeyFactory.getInstance(kind).generatePrivate(specification);
            } catch (GeneralSecurityException other) {
                // The encoding names its kind; the next factory may be the one.
            }
        }
        throw new GeneralSecurityException("no kind of key that is known");
    }

    private static byte[] wrapped(byte[] rsa) {
        var key = tagged(4, rsa);
        var body = Arrays.copyOf(RSA_HEAD, RSA_HEAD.length + key.length);
        System.arraycopy(key, 0, body, RSA_HEAD.length, key.length);
        return tagged(48, body);
    }

    /// An element of DER whose length takes two bytes, as it is with every RSA key in use.
    private static byte[] tagged(int tag, byte[] content) {
        var element = new byte[content.length + 4];
        element[0] = (byte) tag;
        element[1] = (byte) 0x82;
        element[2] = (byte) (content.length >> 8);
        element[3] = (byte) content.length;
        System.arraycopy(content, 0, element, 4, content.length);
        return element;
    }

    private static boolean belong(PublicKey open, PrivateKey secret) {
        var algorithm = switch (secret.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> "Ed25519";
        };
        try {
            var signer = Signature.getInstance(algorithm);
            signer.initSign(secret);
            signer.update(RSA_HEAD);
            var checker = Signature.getInstance(algorithm);
            checker.initVerify(open);
            checker.update(RSA_HEAD);
            return checker.verify(signer.sign());
        } catch (GeneralSecurityException other) {
            return false;
        }
    }
}

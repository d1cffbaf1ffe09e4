package mistmcp.json;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// SHA-256 as `sha256:` and 64 hex digits.
public final class Sha256 {
    // A provider takes longer to be looked up than a short text to be hashed. Copied only, never fed.
    private static final MessageDigest UNUSED = unused();

    private Sha256() {}

    /// A digest to feed, for who wants other than the usual text of it.
    public static MessageDigest digest() {
        try {
            return (MessageDigest) UNUSED.clone();
        } catch (CloneNotSupportedException refused) {
            throw new IllegalStateException("this Java's SHA-256 cannot be copied", refused);
        }
    }

    /// The digest of bytes.
    public static String of(byte[] bytes) {
        return text(digest().digest(bytes));
    }

    /// The digest of a value in its canonical form (RFC 8785).
    ///
    /// @throws InvalidJson when the value has no exact canonical form
    public static String of(JsonValue value) {
        return of(CanonicalJson.bytes(value));
    }

    /// The digest of the bytes of a value as they stand.
    public static String of(RawJson raw) {
        var digest = digest();
        digest.update(raw.array(), raw.start(), raw.length());
        return text(digest.digest());
    }

    /// A digest of bytes that come in parts. Not for sharing between threads.
    public static final class Running {
        private final MessageDigest digest = digest();

        /// Takes the next bytes.
        public void take(RawJson part) {
            digest.update(part.array(), part.start(), part.length());
        }

        /// The digest of all that was taken, once.
        public String end() {
            return text(digest.digest());
        }
    }

    private static String text(byte[] hash) {
        return "sha256:" + HexFormat.of().formatHex(hash);
    }

    private static MessageDigest unused() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("this Java has no SHA-256", missing);
        }
    }
}

package mistmcp.gateway.api;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The cursors of merged lists: the place of the last entry given, with a code over it that only this process
/// can make, bound to the caller and the list. Safe for several threads.
final class ListCursors {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int CODE_BYTES = 16;
    private static final int MAX_LENGTH = 8_000;

    private final SecretKeySpec key;

    /// Cursors with a key of their own: they end with the process.
    ListCursors() {
        var bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        this.key = new SecretKeySpec(bytes, ALGORITHM);
    }

    /// The cursor for what comes after a place.
    String after(String principal, String list, String place) {
        var code = code(principal, list, place);
        var text = place.getBytes(StandardCharsets.UTF_8);
        var whole = ByteBuffer.allocate(code.length + text.length)
                .put(code)
                .put(text)
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(whole);
    }

    /// The place that a cursor stands for; nothing when it was not made for this caller and list.
    Optional<String> place(String principal, String list, String cursor) {
        if (cursor.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        byte[] whole;
        try {
            whole = Base64.getUrlDecoder().decode(cursor);
        } catch (IllegalArgumentException garbage) {
            return Optional.empty();
        }
        if (whole.length < CODE_BYTES) {
            return Optional.empty();
        }
        var place = new String(whole, CODE_BYTES, whole.length - CODE_BYTES, StandardCharsets.UTF_8);
        return MessageDigest.isEqual(Arrays.copyOf(whole, CODE_BYTES), code(principal, list, place))
                ? Optional.of(place)
                : Optional.empty();
    }

    private byte[] code(String principal, String list, String place) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            for (var part : new String[] {principal, list, place}) {
                var bytes = part.getBytes(StandardCharsets.UTF_8);
                mac.update(
                        ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
                mac.update(bytes);
            }
            return Arrays.copyOf(mac.doFinal(), CODE_BYTES);
        } catch (GeneralSecurityException absent) {
            throw new IllegalStateException("this Java has no " + ALGORITHM, absent);
        }
    }
}

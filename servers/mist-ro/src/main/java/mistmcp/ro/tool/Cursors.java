package mistmcp.ro.tool;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import mistmcp.json.CanonicalJson;
import mistmcp.json.InvalidJson;
import mistmcp.json.Json;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonObject;
import mistmcp.mist.SiteScope;

/// Makes and reads cursors: positions under a signature, bound to the tool, its arguments and the caller's
/// scope. A cursor of another call or another scope, or an altered one, is none.
final class Cursors {
    private static final JsonLimits LIMITS = new JsonLimits(8 << 10, 4, 20);
    private static final int MAC_BYTES = 16;

    private final SecretKeySpec key;

    Cursors(byte[] key) {
        this.key = new SecretKeySpec(key, "HmacSHA256");
    }

    String seal(String tool, JsonObject arguments, SiteScope scope, Position position) {
        var payload = Json.bytes(position.toJson());
        var sealed = Arrays.copyOf(mac(tool, arguments, scope, payload), MAC_BYTES + payload.length);
        System.arraycopy(payload, 0, sealed, MAC_BYTES, payload.length);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(sealed);
    }

    Optional<Position> open(String tool, JsonObject arguments, SiteScope scope, String cursor) {
        try {
            var sealed = Base64.getUrlDecoder().decode(cursor);
            if (sealed.length <= MAC_BYTES) {
                return Optional.empty();
            }
            var payload = Arrays.copyOfRange(sealed, MAC_BYTES, sealed.length);
            boolean ours =
                    MessageDigest.isEqual(mac(tool, arguments, scope, payload), Arrays.copyOf(sealed, MAC_BYTES));
            return ours ? Position.of(Json.parseObject(payload, LIMITS)) : Optional.empty();
        } catch (IllegalArgumentException | InvalidJson garbled) {
            return Optional.empty();
        }
    }

    private byte[] mac(String tool, JsonObject arguments, SiteScope scope, byte[] payload) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            mac.update((tool + "\n" + scope.text() + "\n").getBytes(StandardCharsets.UTF_8));
            mac.update(CanonicalJson.bytes(arguments.without("cursor", "limit")));
            mac.update((byte) '\n');
            mac.update(payload);
            return Arrays.copyOf(mac.doFinal(), MAC_BYTES);
        } catch (NoSuchAlgorithmException | InvalidKeyException unusable) {
            throw new IllegalStateException("this Java has no HmacSHA256", unusable);
        }
    }
}

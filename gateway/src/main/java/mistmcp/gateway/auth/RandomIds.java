package mistmcp.gateway.auth;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import mistmcp.json.Sha256;

/// Random texts that stand for a right: 256 bits each. Only their digests are kept.
final class RandomIds {
    private static final SecureRandom RANDOM = new SecureRandom();

    private RandomIds() {}

    static String fresh() {
        var bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /// Under which an id is looked up: whoever reads the table, or times the look-up, learns no id.
    static String digest(String id) {
        return Sha256.of(id.getBytes(StandardCharsets.UTF_8));
    }
}

package mistmcp.gateway.auth;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import mistmcp.json.Sha256;

/// The SHA-256 of a token's text: what a token is known by where the text itself must not stay.
record TokenDigest(long first, long second, long third, long fourth) {
    static TokenDigest of(String token) {
        var bytes = ByteBuffer.wrap(Sha256.digest().digest(token.getBytes(StandardCharsets.UTF_8)));
        return new TokenDigest(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
    }
}

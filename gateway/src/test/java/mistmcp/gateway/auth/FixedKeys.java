package mistmcp.gateway.auth;

import java.util.List;
import java.util.Optional;
import mistmcp.json.Json;
import mistmcp.json.JsonObject;

/// A key source whose set the test decides.
final class FixedKeys implements KeySource {
    private volatile Optional<KeySet> set;

    FixedKeys(Optional<KeySet> set) {
        this.set = set;
    }

    static FixedKeys of(JsonObject... jwks) {
        return new FixedKeys(Optional.of(set(jwks)));
    }

    static KeySet set(JsonObject... jwks) {
        try {
            return KeySet.parse(Json.bytes(Signer.set(jwks)), TokenRules.PUBLIC_KEY_ALGORITHMS, true);
        } catch (InvalidKeySet invalid) {
            throw new AssertionError(invalid);
        }
    }

    void become(Optional<KeySet> other) {
        set = other;
    }

    @Override
    public Optional<KeySet> current() {
        return set;
    }

    @Override
    public Optional<KeySet> renewedFor(String keyId) {
        return Optional.empty();
    }

    @Override
    public KeyHealth health() {
        return new KeyHealth(set.isPresent(), Optional.empty(), List.of(), 0, Optional.empty(), 0, 0, false);
    }

    @Override
    public void close() {}
}

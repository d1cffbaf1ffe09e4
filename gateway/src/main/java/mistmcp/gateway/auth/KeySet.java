package mistmcp.gateway.auth;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import mistmcp.json.InvalidJson;
import mistmcp.json.Json;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonObject;
import mistmcp.json.Sha256;

/// The public keys that signatures are checked with, at one moment. Immutable.
public final class KeySet {
    /// The most bytes a published set may have.
    static final int MAX_BYTES = 256 << 10;

    private static final int MAX_KEYS = 100;
    private static final JsonLimits LIMITS = new JsonLimits(MAX_BYTES, 16, 400);
    private static final List<String> PRIVATE_MEMBERS = List.of("d", "p", "q", "dp", "dq", "qi", "oth", "k");

    private final Map<String, VerificationKey> byId;
    private final List<VerificationKey> all;
    private final Optional<VerificationKey> only;
    private final String digest;
    private final List<String> dropped;

    private KeySet(Map<String, VerificationKey> byId, List<VerificationKey> all, String digest, List<String> dropped) {
        this.byId = Map.copyOf(byId);
        this.all = List.copyOf(all);
        this.only = all.size() == 1 ? Optional.of(all.getFirst()) : Optional.empty();
        this.digest = digest;
        this.dropped = List.copyOf(dropped);
    }

    /// Reads a published set (RFC 7517). A key that is not for signatures, or too weak, is left out and named
    /// in [#dropped]; what makes the whole set untrustworthy refuses it: secrets in it, a key id given twice,
    /// no key left.
    ///
    /// @param accepted   the algorithms that may be used at all
    /// @param devAllowed whether DEV keys are taken
    static KeySet parse(byte[] json, Set<String> accepted, boolean devAllowed) throws InvalidKeySet {
        var keys = read(json);
        var byId = new HashMap<String, VerificationKey>();
        var kept = new ArrayList<VerificationKey>();
        var dropped = new ArrayList<String>();
        for (var jwk : keys) {
            var name = jwk.string("kid").orElse("without an id");
            requirePublic(jwk, name);
            if (!devAllowed && name.startsWith(DevKeys.ID_PREFIX)) {
                throw new InvalidKeySet("holds the DEV key `" + name + "`, which no other mode accepts");
            }
            Optional<VerificationKey> key = Optional.empty();
            try {
                key = Optional.of(VerificationKey.of(jwk, accepted));
            } catch (InvalidKeySet unfit) {
                dropped.add("key `" + name + "` " + unfit.getMessage());
            }
            if (key.isPresent()) {
                if (key.get().id().isPresent() && byId.put(name, key.get()) != null) {
                    throw new InvalidKeySet("holds the key id `" + name + "` twice");
                }
                kept.add(key.get());
            }
        }
        if (kept.isEmpty()) {
            throw new InvalidKeySet(
                    keys.isEmpty() ? "holds no key" : "holds no key that can be used: " + String.join("; ", dropped));
        }
        return new KeySet(byId, kept, Sha256.of(json), dropped);
    }

    /// The key of an id.
    Optional<VerificationKey> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /// The key, when there is just one: only then may a token leave its id out.
    Optional<VerificationKey> only() {
        return only;
    }

    List<String> ids() {
        return byId.keySet().stream().sorted().toList();
    }

    /// Each key in words: id, kind, size and algorithms.
    List<String> described() {
        return all.stream().map(VerificationKey::described).toList();
    }

    /// The keys that were left out, each with its reason.
    List<String> dropped() {
        return dropped;
    }

    boolean sameAs(KeySet other) {
        return digest.equals(other.digest);
    }

    private static List<JsonObject> read(byte[] json) throws InvalidKeySet {
        try {
            var keys = Json.parseObject(json, LIMITS)
                    .array("keys")
                    .orElseThrow(() -> new InvalidKeySet("has no list `keys`"));
            if (keys.size() > MAX_KEYS) {
                throw new InvalidKeySet("holds more than " + MAX_KEYS + " keys");
            }
            if (keys.objects().size() != keys.size()) {
                throw new InvalidKeySet("holds something that is no key");
            }
            return keys.objects();
        } catch (InvalidJson invalid) {
            throw new InvalidKeySet("is not JSON as it must be: " + invalid.getMessage());
        }
    }

    private static void requirePublic(JsonObject jwk, String name) throws InvalidKeySet {
        if (jwk.string("kty").equals(Optional.of("oct"))
                || PRIVATE_MEMBERS.stream().anyMatch(jwk::has)) {
            throw new InvalidKeySet("publishes a secret: key `" + name + "` is symmetric or has its private half");
        }
        if (jwk.has("kid")
                && jwk.string("kid")
                        .filter(id -> !id.isEmpty() && id.length() <= 256)
                        .isEmpty()) {
            throw new InvalidKeySet("holds a key whose id is not a text of 1 to 256 characters");
        }
    }
}

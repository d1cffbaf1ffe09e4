package mistmcp.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import org.junit.jupiter.api.Test;

/// The JWS cases of C2SP/wycheproof against the profile up to the signature.
class WycheproofTest {
    /// Cases that are marked valid and that we refuse on purpose, by the reason that we give.
    private static final Map<String, String> WHY = Map.of(
            "symmetric", "an HMAC key is a shared secret and no key to publish (372, 373 have illegal characters too)",
            "empty_part", "a token has claims",
            "key_alg_mismatch", "the key is for another algorithm than the header says (346, 350)",
            "dropped", "the key names an algorithm that does not exist, `ES521` (347, 351)");

    @Test
    void acceptsNoInvalidCase() throws IOException {
        var data = Path.of(Optional.ofNullable(System.getProperty("mist.test.data"))
                .or(() -> Optional.ofNullable(System.getenv("MIST_TEST_DATA")))
                .orElse(shared()));
        var file = data.resolve("wycheproof/json_web_signature_test.json");
        if (!Files.exists(file)) {
            System.out.println("skipped: the Wycheproof cases, as there is no " + file.getFileName());
            return;
        }
        var groups =
                Json.parseObject(Files.readString(file)).array("testGroups").orElseThrow();
        var falseAccepts = new ArrayList<Long>();
        var deviations = new TreeMap<String, List<Long>>();
        int cases = 0;
        for (var group : groups.objects()) {
            var key = group.object("public").or(() -> group.object("private")).orElseThrow();
            for (var test : group.array("tests").map(JsonArray::objects).orElseThrow()) {
                cases++;
                long id = test.integer("tcId").orElseThrow();
                var refusal = refusal(key, test);
                boolean valid = test.string("result").orElseThrow().equals("valid");
                if (refusal.isEmpty() && !valid) {
                    falseAccepts.add(id);
                }
                if (valid) {
                    refusal.ifPresent(reason -> deviations
                            .computeIfAbsent(reason, _ -> new ArrayList<>())
                            .add(id));
                }
            }
        }
        System.out.println("Wycheproof: " + cases + " cases, valid ones refused on purpose: " + deviations);
        assertThat(cases).isEqualTo(401);
        assertThat(falseAccepts).isEmpty();
        assertThat(deviations.keySet()).isEqualTo(WHY.keySet());
    }

    private static String shared() {
        // The module's folder is the working directory of its tests.
        return Files.isDirectory(Path.of("../shared/data")) ? "../shared/data" : "../../shared/data";
    }

    private static Optional<String> refusal(JsonObject key, JsonObject test) {
        if (key.string("kty").equals(Optional.of("oct"))) {
            return Optional.of("symmetric");
        }
        var jws = test.get("jws").orElseThrow();
        if (!(jws instanceof mistmcp.json.JsonString(String compact))) {
            return Optional.of("json_form");
        }
        try {
            var set = KeySet.parse(Json.bytes(Signer.set(key)), TokenRules.PUBLIC_KEY_ALGORITHMS, false);
            Authenticator.verify(CompactToken.of(compact, TokenRules.PUBLIC_KEY_ALGORITHMS), set);
            return Optional.empty();
        } catch (InvalidKeySet _) {
            return Optional.of("dropped");
        } catch (RefusedToken refused) {
            return Optional.of(refused.fault().reason());
        }
    }
}

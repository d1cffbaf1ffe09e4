package mistmcp.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import org.junit.jupiter.api.Test;

/// The JWS cases of C2SP/wycheproof against the profile up to the signature.
class WycheproofTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z_]+)` \\| ([0-9, ]+) \\|");

    /// The cases that docs/tokens.md says are marked valid and refused on purpose, by the reason that we
    /// give.
    private static Map<String, List<Long>> documented() throws IOException {
        var rows = new TreeMap<String, List<Long>>();
        ROW.matcher(Files.readString(Path.of("../docs/tokens.md")))
                .results()
                .forEach(row -> rows.put(
                        row.group(1),
                        Arrays.stream(row.group(2).split(","))
                                .map(id -> Long.valueOf(id.strip()))
                                .toList()));
        return rows;
    }

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
        assertThat(deviations).isEqualTo(documented());
    }

    private static String shared() {
        // The module's folder is the working directory of its tests.
        return Files.isDirectory(Path.of("../shared/data")) ? "../shared/data" : "../../shared/data";
    }

    private static Optional<String> refusal(JsonObject key, JsonObject test) {
        var jws = test.get("jws").orElseThrow();
        if (!(jws instanceof mistmcp.json.JsonString(String compact))) {
            return Optional.of("json_form");
        }
        try {
            var set = KeySet.parse(Json.bytes(Signer.set(key)), TokenRules.PUBLIC_KEY_ALGORITHMS, false);
            Authenticator.verify(CompactToken.of(compact, TokenRules.PUBLIC_KEY_ALGORITHMS), set);
            return Optional.empty();
        } catch (InvalidKeySet refused) {
            return Optional.of(String.valueOf(refused.getMessage()).contains("secret") ? "symmetric" : "dropped");
        } catch (RefusedToken refused) {
            return Optional.of(refused.fault().reason());
        }
    }
}

package mistmcp.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The policy file of the running product is replaced: by a good one, which is in force for all that comes,
/// and by one that cannot be used, which allows nothing, stops commits and is told.
final class PolicyReloadIT {
    private static final OwnPolicy OWN = OwnPolicy.shared();
    private static final RunningStack STACK = OWN.stack();
    private static final String WRITER = STACK.mint("wim", "ReadWrite");
    private static final String READER = STACK.mint("rita", "ReadOnly");

    @BeforeEach
    void theFirstPolicy() {
        OWN.put(OwnPolicy.of("field"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{\"version\": 2, \"roles\": {}}",
                "{\"version\": 1, \"roles\": {\"ReadOnly\": {\"allow\": [\"*/*\"]}}, \"confirm\": \"none\"}"
            })
    void aFileThatCannotBeUsedStopsCommitsAndAllowsNothing(String text) {
        var plan = STACK.planPort(WRITER, "ber-sw-02", "ge-0/0/5", "iot");
        var readersTools = tools(READER);

        OWN.replace(text.getBytes(StandardCharsets.UTF_8));

        theOldRulesHoldWithoutCommits(plan, readersTools);
    }

    @Test
    void aFileThatIsGoneStopsCommitsAndAllowsNothing() throws IOException {
        var plan = STACK.planPort(WRITER, "ber-sw-02", "ge-0/0/5", "iot");
        var readersTools = tools(READER);

        Files.delete(OWN.file());

        theOldRulesHoldWithoutCommits(plan, readersTools);
    }

    @Test
    void commitsGoOnWhenTheFileIsMended() {
        var plan = STACK.planPort(WRITER, "ber-sw-02", "ge-0/0/6", "iot");
        OWN.replace("{".getBytes(StandardCharsets.UTF_8));
        OWN.await(told -> !told.array("faults").orElseThrow().isEmpty());
        assertThat(commit(plan)).contains("policy_unusable");

        OWN.put(OwnPolicy.of("field"));

        assertThat(commit(plan)).contains("\"state\":\"verified\"");
        assertThat(records()).contains("\"state\":\"restored\"");
    }

    @Test
    void aNarrowerPolicyHoldsForPlansThatWereMadeBefore() {
        var plan = STACK.planPort(WRITER, "ber-sw-02", "ge-0/0/5", "iot");
        var before = STACK.writesSent();

        OWN.put(withoutWrites());

        assertThat(commit(plan)).contains("unknown tool");
        assertThat(STACK.writesSent()).isEqualTo(before);
        assertThat(records()).contains("\"state\":\"replaced\"");
    }

    private static void theOldRulesHoldWithoutCommits(JsonObject plan, List<String> readersTools) {
        OWN.await(told -> !told.array("faults").orElseThrow().isEmpty());
        var before = STACK.writesSent();

        assertThat(commit(plan)).contains("policy_unusable");
        assertThat(STACK.writesSent()).isEqualTo(before);
        assertThat(tools(READER)).isEqualTo(readersTools);
        assertThat(STACK.call(READER, "set_switch_port", port("iot")).text()).contains("unknown tool");
        assertThat(STACK.call(READER, "list_sites", JsonObject.EMPTY).body().object("result"))
                .hasValueSatisfying(result -> assertThat(result.bool("isError")).contains(false));
        assertThat(STACK.planPort(WRITER, "ber-sw-02", "ge-0/0/5", "guest").string("state"))
                .contains("planned");
        var ready = RawHttp.send(STACK.port(), "GET", "/readyz", Map.of(), Optional.empty());
        assertThat(ready.status()).isEqualTo(503);
        assertThat(ready.body().object("checks").orElseThrow().string("policy").orElseThrow())
                .containsAnyOf("the file is no JSON object", "cannot be read", "must be");
        assertThat(records()).contains("\"state\":\"refused\"", "\"faults\":[");
    }

    private static String commit(JsonObject plan) {
        var arguments = plan.object("arguments")
                .orElseThrow()
                .with("commit", true)
                .with("confirmation", plan.string("id").orElseThrow());
        return STACK.call(WRITER, "set_switch_port", arguments).text();
    }

    private static JsonObject port(String usage) {
        return JsonObject.of("device", "ber-sw-02", "port", "ge-0/0/5", "usage", usage);
    }

    private static List<String> tools(String bearer) {
        return STACK
                .mcp(bearer, "/mcp", "tools/list", JsonObject.EMPTY)
                .body()
                .object("result")
                .flatMap(result -> result.array("tools"))
                .orElseThrow()
                .objects()
                .stream()
                .map(tool -> tool.string("name").orElseThrow())
                .toList();
    }

    private static JsonObject withoutWrites() {
        var policy = OwnPolicy.of("field");
        var reads = JsonObject.of("allow", JsonArray.of("mist-ro/*"), "deny", JsonArray.EMPTY);
        return policy.with("roles", JsonObject.of("ReadOnly", reads, "ReadWrite", reads));
    }

    /// What the audit log's files have on the policy, newest last.
    private static String records() {
        try (var files = Files.walk(RunningStack.data(STACK.folder()).resolve("audit"))) {
            var found = new StringBuilder();
            for (var file : files.filter(Files::isRegularFile).sorted().toList()) {
                for (var line :
                        Files.readString(file, StandardCharsets.ISO_8859_1).split("\n")) {
                    if (line.contains("policy.changed")) {
                        found.append(line).append('\n');
                    }
                }
            }
            return found.toString();
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }
}

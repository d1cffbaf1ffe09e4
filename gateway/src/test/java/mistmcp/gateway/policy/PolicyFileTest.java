package mistmcp.gateway.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import mistmcp.gateway.identity.Role;
import mistmcp.gateway.identity.SiteScope;
import mistmcp.json.Sha256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyFileTest {
    private static final String GOOD = """
            {"version": 1, "roles": {"ReadOnly": {"allow": ["mist-ro/*"]}}}
            """;
    private static final String WRITER = """
            {"version": 1, "roles": {"ReadWrite": {"allow": ["mist-rw/*"], "deny": []}}}
            """;
    private static final KnownItems KNOWN = new KnownItems(
            Set.of("mist-ro/list_sites", "mist-ro/resource:mist://site/{id}", "mist-rw/create_site"), Set.of("gh"));

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    []                                                         | the file is no JSON object
                    {"version": 1                                              | the file is no JSON object
                    {"version": 1, "version": 1, "roles": {}}                  | the file is no JSON object
                    {"roles": {}}                                              | `version` must be 1
                    {"version": 2, "roles": {}}                                | `version` must be 1
                    {"version": "1", "roles": {}}                              | `version` must be 1
                    {"version": 1}                                             | `roles` must be an object
                    {"version": 1, "roles": []}                                | `roles` must be an object
                    {"version": 1, "roles": {}, "rules": []}                   | `rules` is not known here
                    {"version": 1, "roles": {"Admin": {"allow": []}}}          | `roles.Admin`: there are the roles
                    {"version": 1, "roles": {"ReadOnly": []}}                  | `roles.ReadOnly` must be an object
                    {"version": 1, "roles": {"ReadOnly": {}}}                  | `roles.ReadOnly.allow` must be a list of texts
                    {"version": 1, "roles": {"ReadOnly": {"allow": "x/*"}}}    | `roles.ReadOnly.allow` must be a list of texts
                    {"version": 1, "roles": {"ReadOnly": {"allow": [1]}}}      | `roles.ReadOnly.allow` must be a list of texts
                    {"version": 1, "roles": {"ReadOnly": {"allow": [], "x": 1}}}          | `roles.ReadOnly.x` is not known here
                    {"version": 1, "roles": {"ReadOnly": {"allow": ["list_sites"]}}}      | `roles.ReadOnly.allow[0]` is no pattern
                    {"version": 1, "roles": {"ReadOnly": {"allow": ["a/b/c"]}}}           | `roles.ReadOnly.allow[0]` is no pattern
                    {"version": 1, "roles": {"ReadOnly": {"allow": ["A/b"]}}}             | `roles.ReadOnly.allow[0]` is no pattern
                    {"version": 1, "roles": {"ReadOnly": {"allow": ["a/"]}}}              | `roles.ReadOnly.allow[0]` is no pattern
                    {"version": 1, "roles": {"ReadOnly": {"allow": ["a/resource:"]}}}     | `roles.ReadOnly.allow[0]` is no pattern
                    {"version": 1, "roles": {"ReadOnly": {"allow": ["a/b c"]}}}           | `roles.ReadOnly.allow[0]` is no pattern
                    {"version": 1, "roles": {"ReadOnly": {"allow": [], "deny": ["mist-ro/lst_sites"]}}} | `roles.ReadOnly.deny[0]` matches nothing
                    {"version": 1, "roles": {}, "confirm": "none"}             | `confirm` must be one of
                    {"version": 1, "roles": {}, "confirm": 1}                  | `confirm` must be one of
                    {"version": 1, "roles": {}, "grants": []}                  | `grants` must be an object
                    {"version": 1, "roles": {}, "grants": {"root": []}}        | `grants.root`: there are the grants
                    {"version": 1, "roles": {}, "grants": {"audit": "x"}}      | `grants.audit` must be a list of texts
                    {"version": 1, "roles": {}, "grants": {"audit": ["ann"]}}  | `grants.audit[0]` must be
                    {"version": 1, "roles": {}, "grants": {"audit": ["claim:groups"]}} | `grants.audit[0]` must be
                    {"version": 1, "roles": {}, "grants": {"audit": ["email:ann"]}}    | `grants.audit[0]` must be
                    """)
    void refusesAFault(String file, String fault) {
        assertThatThrownBy(() -> read(file))
                .isInstanceOfSatisfying(
                        InvalidPolicy.class,
                        invalid -> assertThat(invalid.faults())
                                .singleElement()
                                .asString()
                                .startsWith(fault));
    }

    @Test
    void tellsAllFaultsAtOnce() {
        assertThatThrownBy(() -> read("""
                        {"version": 3, "extra": 1, "confirm": "never",
                         "roles": {"ReadOnly": {"allow": ["x"], "deny": ["mist-ro/nothing"]}, "Root": {}},
                         "grants": {"audit": ["ann"]}}
                        """))
                .isInstanceOfSatisfying(
                        InvalidPolicy.class,
                        invalid -> assertThat(invalid.faults()).hasSize(7));
    }

    @Test
    void warnsOfAnAllowThatMatchesNothingAndOfOneSaidTwice() {
        var policy = read("""
                {"version": 1, "roles": {"ReadOnly": {"allow": ["mist-ro/lst_*", "mist-ro/*", "mist-ro/*"]}}}
                """);

        assertThat(policy.warnings())
                .containsExactly(
                        "`roles.ReadOnly.allow` says the same twice: `mist-ro/*`",
                        "`roles.ReadOnly.allow[0]` matches nothing: `mist-ro/lst_*`");
    }

    @Test
    void doesNotJudgePatternsOfAnUpstreamThatHasNotSpoken() {
        var policy = read("""
                {"version": 1, "roles": {"ReadOnly": {"allow": ["gh/list_*"], "deny": ["gh/delete_*"]}}}
                """);

        assertThat(policy.warnings()).isEmpty();
    }

    @Test
    void findsAResourceByItsTemplate() {
        assertThat(read("""
                                {"version": 1, "roles": {"ReadOnly": {"allow": [],
                                 "deny": ["mist-ro/resource:mist://site/berlin", "mist-ro/resource:mist://*/x*"]}}}
                                """).warnings()).isEmpty();
    }

    @Test
    void hashesTheBytesOfTheFile() {
        assertThat(read(GOOD).hash()).isEqualTo(Sha256.of(GOOD.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void keepsTheLastGoodPolicyInForce() {
        var file = new AtomicReference<>(GOOD);
        var inForce = PolicyInForce.start(() -> file.get().getBytes(StandardCharsets.UTF_8), () -> KNOWN);
        var first = inForce.policy();

        assertThat(inForce.reload()).isEqualTo(new PolicyInForce.Reload.Unchanged());

        file.set("{");
        assertThat(inForce.reload()).isInstanceOf(PolicyInForce.Reload.Refused.class);
        assertThat(inForce.reload())
                .isInstanceOfSatisfying(
                        PolicyInForce.Reload.Refused.class,
                        again -> assertThat(again.repeated()).isTrue());
        assertThat(inForce.policy().hash()).isEqualTo(first.hash());
        assertThat(inForce.faults()).hasSize(1);

        file.set(GOOD);
        assertThat(inForce.reload()).isEqualTo(new PolicyInForce.Reload.Restored());
        assertThat(inForce.faults()).isEmpty();

        file.set(GOOD.replace("mist-ro/*", "mist-ro/list_*"));
        assertThat(inForce.reload()).isInstanceOf(PolicyInForce.Reload.Replaced.class);
        assertThat(inForce.policy().hash()).isNotEqualTo(first.hash());
        assertThat(inForce.faults()).isEmpty();
    }

    @Test
    void keepsTheLastGoodPolicyWhenTheFileIsGone() {
        var gone = new AtomicReference<>(false);
        var inForce = PolicyInForce.start(
                () -> {
                    if (gone.get()) {
                        throw new IllegalStateException("no such file");
                    }
                    return GOOD.getBytes(StandardCharsets.UTF_8);
                },
                () -> KNOWN);
        gone.set(true);

        assertThat(inForce.reload())
                .isEqualTo(new PolicyInForce.Reload.Refused(List.of("the policy file cannot be read"), false));
        assertThat(inForce.policy().decide(write(true)))
                .isInstanceOfSatisfying(
                        Decision.Deny.class,
                        denied -> assertThat(denied.denial().code()).isEqualTo("policy_unusable"));
    }

    @Test
    void stopsCommitsAndNothingElseWhileTheNewFileCannotBeUsed() {
        var file = new AtomicReference<>(WRITER);
        var inForce = PolicyInForce.start(() -> file.get().getBytes(StandardCharsets.UTF_8), () -> KNOWN);
        assertThat(inForce.policy().decide(write(true)).allowed()).isTrue();

        file.set(WRITER + ",");
        inForce.reload();

        assertThat(inForce.policy().decide(write(true)))
                .isInstanceOfSatisfying(
                        Decision.Deny.class,
                        denied -> assertThat(denied.denial().code()).isEqualTo("policy_unusable"));
        assertThat(inForce.policy().decide(write(false)).allowed()).isTrue();

        file.set(WRITER);
        inForce.reload();
        assertThat(inForce.policy().decide(write(true)).allowed()).isTrue();
    }

    @Test
    void letsNoUpstreamStopCommitsByWhatItListsNoMore() {
        var known = new AtomicReference<>(KNOWN);
        var text = WRITER.replace("\"deny\": []", "\"deny\": [\"mist-ro/list_sites\"]");
        var inForce = PolicyInForce.start(() -> text.getBytes(StandardCharsets.UTF_8), known::get);

        known.set(new KnownItems(Set.of("mist-ro/whoami", "mist-rw/create_site"), Set.of()));

        assertThat(inForce.reload()).isInstanceOf(PolicyInForce.Reload.Refused.class);
        assertThat(inForce.faults()).hasSize(1);
        assertThat(inForce.policy().decide(write(true)).allowed()).isTrue();
    }

    private static Question write(boolean commit) {
        return new Question(
                Role.READ_WRITE,
                SiteScope.ALL,
                "mist-rw",
                "create_site",
                true,
                false,
                true,
                Reach.FILTERED,
                Set.of(),
                commit,
                true);
    }

    private static Policy read(String file) {
        return Policy.read(file.getBytes(StandardCharsets.UTF_8), KNOWN);
    }
}

package mistmcp.gateway.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import mistmcp.gateway.change.Level;
import mistmcp.gateway.identity.Principal;
import mistmcp.gateway.identity.Role;
import mistmcp.gateway.identity.SiteScope;
import mistmcp.json.Json;
import mistmcp.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyTest {
    private static final SiteScope BERLIN = new SiteScope(List.of("berlin"));
    private static final List<String> ITEMS = List.of(
            "mist-ro/list_sites",
            "mist-ro/resource:mist://org",
            "mist-ro/resource:mist://site/berlin",
            "mist-ro/prompt:morning_report",
            "mist-rw/set_switch_port",
            "mist-rw/create_site",
            "gateway/plan_status",
            "gh/list_issues");
    private static final List<String> PATTERNS = List.of(
            "mist-ro/*",
            "mist-rw/*",
            "*/*",
            "gh/list_*",
            "mist-*/*",
            "mist-rw/create_site",
            "mist-rw/set_*",
            "mist-ro/list_sites",
            "mist-ro/resource:*",
            "mist-ro/resource:mist://*",
            "mist-ro/resource:mist://site/*",
            "mist-ro/prompt:*",
            "mist-ro/prompt:morning_*",
            "gateway/plan_status",
            "*/LIST_*");

    @Test
    void agreesWithTheNaivePolicyOnEveryQuestion() {
        for (var file : List.of(
                DEFAULT,
                file(List.of("*/*"), List.of(), List.of("*/*"), List.of()),
                file(
                        List.of("*/*"),
                        List.of("mist-rw/create_site", "gh/list_*"),
                        List.of("mist-rw/create_site"),
                        List.of()),
                file(List.of(), List.of(), List.of("*/*"), List.of("mist-rw/*", "mist-ro/resource:mist://*")))) {
            var policy = read(file);
            var naive = new NaivePolicy(file);
            everyQuestion(question -> assertThat(mode(policy.decide(question)))
                    .as("%s under %s", question, file)
                    .isEqualTo(naive.decide(question)));
        }
    }

    @Test
    void agreesWithTheNaivePolicyUnderRandomFiles() {
        var random = new Random(20_261_123);
        for (int round = 0; round < 400; round++) {
            var file = randomFile(random);
            var policy = read(file);
            var naive = new NaivePolicy(file);
            for (int at = 0; at < 100; at++) {
                var question = randomQuestion(random);
                assertThat(mode(policy.decide(question)))
                        .as("%s under %s", question, file)
                        .isEqualTo(naive.decide(question));
            }
        }
    }

    @Test
    void allowsNothingMoreWhenADenyIsAddedOrAnAllowTakenAway() {
        var random = new Random(1);
        for (int round = 0; round < 400; round++) {
            var allows = some(random, 4);
            var denies = some(random, 2);
            var more = new ArrayList<>(denies);
            more.add(any(random, PATTERNS));
            var fewer = allows.subList(0, allows.size() / 2);
            var policy = read(file(List.of(), List.of(), allows, denies));
            var denying = read(file(List.of(), List.of(), allows, more));
            var narrower = read(file(List.of(), List.of(), fewer, denies));
            for (int at = 0; at < 50; at++) {
                var question = randomQuestion(random);
                if (!policy.decide(question).allowed()) {
                    assertThat(denying.decide(question).allowed()).isFalse();
                    assertThat(narrower.decide(question).allowed()).isFalse();
                }
            }
        }
    }

    @Test
    void decidesTheSameInAnyOrderOfItsLines() {
        var random = new Random(2);
        for (int round = 0; round < 200; round++) {
            var allows = some(random, 5);
            var denies = some(random, 3);
            var one = read(file(List.of(), List.of(), allows, denies));
            Collections.shuffle(allows, random);
            Collections.shuffle(denies, random);
            var other = read(file(List.of(), List.of(), allows, denies));
            for (int at = 0; at < 50; at++) {
                var question = randomQuestion(random);
                assertThat(mode(one.decide(question))).isEqualTo(mode(other.decide(question)));
            }
        }
    }

    @Test
    void letsReadOnlyReachNoWriteWhateverTheFileSays() {
        var policy = read(file(List.of("*/*", "mist-rw/set_switch_port"), List.of(), List.of(), List.of()));
        everyQuestion(question -> {
            if (question.role() == Role.READ_ONLY && question.writes()) {
                assertThat(policy.decide(question).allowed()).isFalse();
            }
        });
    }

    @ParameterizedTest
    @CsvSource({
        "ReadOnly,  mist-ro/list_sites,      false, false, read,    roles.ReadOnly.allow[0] `mist-ro/*`",
        "ReadOnly,  mist-rw/set_switch_port, false, true,  role_read_only, gateway:read-only-never-writes",
        "ReadWrite, mist-rw/set_switch_port, false, false, dry_run, roles.ReadWrite.allow[1] `mist-rw/*`",
        "ReadWrite, mist-rw/set_switch_port, true,  false, writes_off, gateway:writes-off",
        "ReadWrite, mist-rw/set_switch_port, true,  true,  commit,  roles.ReadWrite.allow[1] `mist-rw/*`",
        "ReadWrite, gh/list_issues,          false, true,  not_allowed, gateway:deny-by-default",
        "ReadOnly,  gateway/plan_status,     false, false, read,    gateway:own-tools",
    })
    void namesTheRuleThatDecided(
            String role, String item, boolean commit, boolean writeEnabled, String answer, String rule) {
        var question = question(
                item, Role.of(role).orElseThrow(), SiteScope.ALL, Reach.FILTERED, Set.of(), commit, writeEnabled);

        var decision = read(DEFAULT).decide(question);

        assertThat(decision.rule()).isEqualTo(rule);
        assertThat(
                        switch (decision) {
                            case Decision.Execute execute -> execute.mode().text();
                            case Decision.Deny deny -> deny.denial().code();
                        })
                .isEqualTo(answer);
    }

    @Test
    void asksForTheApprovalThatTheFileNames() {
        for (var level : Level.values()) {
            var policy = read(DEFAULT.with("confirm", level.text()));
            var decision = policy.decide(question(
                    "mist-rw/create_site", Role.READ_WRITE, SiteScope.ALL, Reach.FILTERED, Set.of(), true, true));
            assertThat(((Decision.Execute) decision).level()).isEqualTo(level.text());
        }
        assertThat(PolicyFile.LEVELS)
                .isEqualTo(Arrays.stream(Level.values()).map(Level::text).toList());
        assertThat(read(DEFAULT.without("confirm")).level()).isEqualTo("page");
    }

    @Test
    void letsAToolOfTheOrganisationThroughForSomeSitesOnlyWhenItIsListed() {
        var listed = read(file(List.of(), List.of(), List.of("mist-rw/create_site"), List.of()));
        var question =
                question("mist-rw/create_site", Role.READ_WRITE, BERLIN, Reach.ORGANISATION, Set.of(), false, false);

        assertThat(((Decision.Deny) read(DEFAULT).decide(question)).denial().code())
                .isEqualTo("all_sites_needed");
        assertThat(listed.decide(question).allowed()).isTrue();
    }

    @Test
    void speaksOfASiteOutOfScopeAsOfOneThatDoesNotExist() {
        var question =
                question("mist-ro/list_sites", Role.READ_ONLY, BERLIN, Reach.FILTERED, Set.of("paris"), false, false);

        var denial = ((Decision.Deny) read(DEFAULT).decide(question)).denial();

        assertThat(denial.code()).isEqualTo("site_out_of_scope");
        assertThat(denial.toJson().toString()).doesNotContain("paris");
    }

    @Test
    void explainsWhatNearlyMatched() {
        var question = question(
                "mist-rw/set_switch_port", Role.READ_ONLY, SiteScope.ALL, Reach.FILTERED, Set.of(), false, false);

        assertThat(read(DEFAULT).explain(question).trace())
                .anyMatch(line ->
                        line.contains("roles.ReadWrite.allow[1] `mist-rw/*` matches, but the role is ReadOnly"));
    }

    @Test
    void grantsByAddressSubjectAndClaim() {
        var policy = read(DEFAULT.with(
                "grants",
                JsonObject.of(
                        "audit", List.of("email:Sec@Example.com", "claim:groups=secops"),
                        "pin", List.of("sub:ann", "sub:https://idp|bob"))));

        assertThat(policy.grants(principal("x", "sec@example.com", List.of()))).containsExactly("audit");
        assertThat(policy.grants(principal("x", "no@example.com", List.of("secops"))))
                .containsExactly("audit");
        assertThat(policy.grants(principal("ann", "no@example.com", List.of()))).containsExactly("pin");
        assertThat(policy.grants(principal("bob", "no@example.com", List.of()), "pin"))
                .isTrue();
        assertThat(policy.grants(principal("eve", "no@example.com", List.of("sec"))))
                .isEmpty();
        assertThat(read(DEFAULT).grants(principal("ann", "sec@example.com", List.of("secops"))))
                .isEmpty();
    }

    @Test
    void decidesFastWithFiveHundredLines() {
        var lines = IntStream.range(0, 500)
                .mapToObj(at -> "mist-ro/tool_" + at + "_*")
                .toList();
        var policy = read(file(lines, List.of(), List.of(), List.of()));
        var question =
                question("mist-ro/tool_499_x", Role.READ_ONLY, SiteScope.ALL, Reach.FILTERED, Set.of(), false, false);
        for (int at = 0; at < 2_000; at++) {
            policy.decide(question);
        }
        long start = System.nanoTime();
        for (int at = 0; at < 1_000; at++) {
            policy.decide(question);
        }
        System.out.printf("policy: %.1f us a decision at 500 lines%n", (System.nanoTime() - start) / 1e6);

        assertThat(policy.decide(question).allowed()).isTrue();
    }

    static final JsonObject DEFAULT =
            file(List.of("mist-ro/*"), List.of(), List.of("mist-ro/*", "mist-rw/*"), List.of());

    static JsonObject file(
            List<String> readAllows, List<String> readDenies, List<String> writeAllows, List<String> writeDenies) {
        return JsonObject.of(
                "version",
                1,
                "roles",
                JsonObject.of(
                        "ReadOnly", JsonObject.of("allow", readAllows, "deny", readDenies),
                        "ReadWrite", JsonObject.of("allow", writeAllows, "deny", writeDenies)));
    }

    static Policy read(JsonObject file) {
        return Policy.read(Json.text(file).getBytes(StandardCharsets.UTF_8), KnownItems.UNHEARD);
    }

    private static Optional<Mode> mode(Decision decision) {
        return switch (decision) {
            case Decision.Execute execute -> Optional.of(execute.mode());
            case Decision.Deny _ -> Optional.empty();
        };
    }

    private static void everyQuestion(Consumer<Question> check) {
        for (var item : ITEMS) {
            for (int bits = 0; bits < 64; bits++) {
                for (var sites : List.of(SiteScope.ALL, BERLIN, SiteScope.NONE)) {
                    for (var reach : Reach.values()) {
                        for (var named : List.of(
                                Set.<String>of(), Set.of("berlin"), Set.of("paris"), Set.of("berlin", "paris"))) {
                            check.accept(question(item, bits, sites, reach, named));
                        }
                    }
                }
            }
        }
    }

    private static Question question(String item, int bits, SiteScope sites, Reach reach, Set<String> named) {
        int slash = item.indexOf('/');
        return new Question(
                (bits & 1) != 0 ? Role.READ_WRITE : Role.READ_ONLY,
                sites,
                item.substring(0, slash),
                item.substring(slash + 1),
                (bits & 2) != 0,
                (bits & 4) != 0,
                (bits & 8) != 0,
                reach,
                named,
                (bits & 16) != 0,
                (bits & 32) != 0);
    }

    private static Question question(
            String item,
            Role role,
            SiteScope sites,
            Reach reach,
            Set<String> named,
            boolean commit,
            boolean writeEnabled) {
        int bits = 2
                | (role.writes() ? 1 : 0)
                | (item.startsWith("mist-rw") ? 8 : 0)
                | (commit ? 16 : 0)
                | (writeEnabled ? 32 : 0);
        return question(item, bits, sites, reach, named);
    }

    /// Mostly known and not held, so that the lines get to speak.
    private static Question randomQuestion(Random random) {
        int bits = random.nextInt(64) | (random.nextInt(10) > 0 ? 2 : 0);
        return question(
                any(random, ITEMS),
                random.nextInt(10) > 0 ? bits & ~4 : bits,
                any(random, List.of(SiteScope.ALL, SiteScope.ALL, BERLIN, SiteScope.NONE)),
                any(random, List.of(Reach.values())),
                any(random, List.of(Set.<String>of(), Set.of("berlin"), Set.of("paris"))));
    }

    private static JsonObject randomFile(Random random) {
        return file(some(random, 4), some(random, 2), some(random, 4), some(random, 2));
    }

    private static List<String> some(Random random, int most) {
        var chosen = new ArrayList<String>();
        for (int at = random.nextInt(most + 1); at > 0; at--) {
            chosen.add(any(random, PATTERNS));
        }
        return chosen;
    }

    private static <T> T any(Random random, List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private static Principal principal(String subject, String email, List<String> groups) {
        return new Principal(
                "https://idp",
                subject,
                Optional.of(email),
                Role.READ_ONLY,
                new Principal.RoleSource("roles", "ReadOnly"),
                SiteScope.ALL,
                Optional.empty(),
                Map.of("groups", groups),
                Instant.MAX);
    }
}

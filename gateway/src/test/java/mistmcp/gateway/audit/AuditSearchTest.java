package mistmcp.gateway.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import mistmcp.gateway.identity.Principal;
import mistmcp.gateway.identity.Role;
import mistmcp.gateway.identity.SiteScope;
import mistmcp.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditSearchTest {
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final Optional<String> ANN = Optional.of("https://idp|ann");

    @TempDir
    Path directory;

    private volatile Instant now = NOON;
    private AuditLog log;
    private AuditSearch search;

    @BeforeEach
    void open() {
        log = AuditLog.open(AuditSettings.in(directory), () -> now);
        search = new AuditSearch(log);
    }

    @AfterEach
    void close() {
        log.close();
    }

    @Test
    void findsTheNewestFirstInPages() {
        for (int at = 0; at < 150; at++) {
            log.write(call("ann", "call-" + at));
        }

        var first = search.find(AuditQuery.ALL, ANN, OptionalLong.empty());
        var second = search.find(AuditQuery.ALL, ANN, first.next());

        assertThat(first.records()).hasSize(100);
        assertThat(first.records().getFirst().string("callId")).contains("call-149");
        assertThat(second.records()).hasSize(50);
        assertThat(second.records().getLast().string("callId")).contains("call-0");
        assertThat(second.next()).isEmpty();
    }

    @Test
    void showsNobodyTheRecordsOfAnother() {
        long index = log.write(call("bob", "secret"));

        assertThat(search.find(AuditQuery.ALL, ANN, OptionalLong.empty()).records())
                .isEmpty();
        assertThat(search.story(index, ANN)).isEmpty();
        assertThat(search.story(index, Optional.empty())).isPresent();
    }

    @Test
    void findsByEachPart() {
        log.write(call("ann", "a").tool("mist-ro", "tool", "list_sites").sitesNamed(Set.of("berlin", "paris")));
        now = NOON.plusSeconds(60);
        log.write(call("bob", "b").tool("mist-rw", "tool", "create_site").outcome("failed", "tool_error"));

        assertThat(found("user", "bob")).containsExactly("b");
        assertThat(found("user", "ANN@example.com")).containsExactly("a");
        assertThat(found("user", "https://idp|ann")).containsExactly("a");
        assertThat(found("tool", "mist-ro/list_sites")).containsExactly("a");
        assertThat(found("tool", "create_site")).containsExactly("b");
        assertThat(found("site", "paris")).containsExactly("a");
        assertThat(found("outcome", "failed")).containsExactly("b");
        assertThat(found("q", "TOOL_ERROR")).containsExactly("b");
        assertThat(found("from", NOON.plusSeconds(1).toString())).containsExactly("b");
        assertThat(found("to", NOON.plusSeconds(1).toString())).containsExactly("a");
        assertThat(found("decision", "deny")).isEmpty();
    }

    @Test
    void tellsTheWholeStoryOfAPlanToItsOwner() {
        log.write(call("ann", "one").plan("pl_1", ANN.orElseThrow()));
        long approved = log.write(
                AuditRecord.of(Event.PLAN_APPROVED).principal(principal("bob")).plan("pl_1", ANN.orElseThrow()));
        log.write(call("bob", "other"));

        var story = search.story(approved, ANN).orElseThrow();

        assertThat(story.siblings())
                .extracting(record -> record.string("callId").orElse(""))
                .containsExactly("one");
        assertThat(story.leafHash()).startsWith("sha256:");
    }

    @Test
    void recordsNoSecret() {
        long index = log.write(call("ann", "a")
                .arguments(JsonObject.of(
                        "psk", "hunter22",
                        "wlan", JsonObject.of("apiKey", "hunter22", "port_key", List.of("hunter22")),
                        "note", "Bearer hunter22hunter22 and eyJhbGciOiJSUzI1NiJ9.hunter22.sig")));

        var record = log.read(index).orElseThrow();

        assertThat(record.toString()).doesNotContain("hunter22");
        assertThat(record.has("argumentsDigest")).isFalse();
    }

    @Test
    void recordsWhatIsTooLongOrNoUnicodeInAFormThatFits() {
        long index = log.write(call("ann", "a")
                .tool("mist-ro", "tool", "\ud800" + "x".repeat(100_000))
                .arguments(JsonObject.of("name", "y".repeat(100_000))));

        var record = log.read(index).orElseThrow();

        assertThat(record.toString().length()).isLessThan(4_000);
        assertThat(record.integer("argumentsBytes")).contains(100_011L);
        assertThat(record.string("argumentsDigest")).isPresent();
    }

    @Test
    void countsAFloodOfRefusedSignIns() {
        var refusals = new AuthRefusals(log, () -> now);
        for (int at = 0; at < 1_000; at++) {
            refusals.refused("192.0.2.1", "token_expired", "r-" + at);
        }
        now = NOON.plus(Duration.ofSeconds(11));
        refusals.tell();
        long last = log.write(call("ann", "after"));

        var told = new ArrayList<Long>();
        for (long index = 1; index < last; index++) {
            told.add(log.read(index).orElseThrow().integer("count").orElse(0L));
        }
        assertThat(told).containsExactly(1L, 1L, 1L, 1L, 1L, 995L);
    }

    private List<String> found(String part, String value) {
        var query = new AuditQuery(
                part.equals("from") ? Optional.of(Instant.parse(value)) : Optional.empty(),
                part.equals("to") ? Optional.of(Instant.parse(value)) : Optional.empty(),
                given(part, "user", value),
                given(part, "tool", value),
                given(part, "site", value),
                given(part, "decision", value),
                given(part, "outcome", value),
                given(part, "q", value));
        return search.find(query, Optional.empty(), OptionalLong.empty()).records().stream()
                .flatMap(record -> record.string("callId").stream())
                .toList();
    }

    private static Optional<String> given(String part, String name, String value) {
        return part.equals(name) ? Optional.of(value) : Optional.empty();
    }

    private static AuditRecord call(String subject, String id) {
        return AuditRecord.of(Event.CALL_DECISION).call(id).principal(principal(subject));
    }

    private static Principal principal(String subject) {
        return new Principal(
                "https://idp",
                subject,
                Optional.of(subject + "@example.com"),
                Role.READ_ONLY,
                new Principal.RoleSource("roles", "ReadOnly"),
                SiteScope.ALL,
                Optional.empty(),
                Map.of(),
                Instant.MAX);
    }
}

package mistmcp.gateway.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import mistmcp.gateway.identity.Principal;
import mistmcp.gateway.identity.Role;
import mistmcp.gateway.identity.SiteScope;
import mistmcp.gateway.policy.Decision;
import mistmcp.gateway.policy.Mode;
import mistmcp.json.JsonObject;
import org.junit.jupiter.api.Test;

class AuditRecordTest {
    private static final String HASH = "sha256:00";

    @Test
    void writesADecisionInTheOrderItWasTold() {
        var record = AuditRecord.of(Event.CALL_DECISION)
                .call("c1")
                .request("r1")
                .principal(principal(Role.READ_ONLY, "ann@example.com"))
                .via("mcp", "client/1", Optional.of("t1"), Optional.of("127.0.0.1"))
                .tool("mist-ro", "tool", "list_sites")
                .definition(HASH)
                .arguments(JsonObject.of("b", 1, "a", "ü\n"))
                .sites(principal(Role.READ_ONLY, "ann@example.com"))
                .sitesNamed(Set.of("s2", "s1"))
                .decision(new Decision.Execute(Mode.READ, "rule", "page", List.of()), HASH);

        assertThat(text(record))
                .isEqualTo(
                        "{\"event\":\"call.decision\",\"callId\":\"c1\",\"requestId\":\"r1\",\"principal\":{\"iss\":\"i\","
                                + "\"sub\":\"ann\",\"email\":\"ann@example.com\",\"role\":\"ReadOnly\",\"roleSource\":{\"claim\":"
                                + "\"roles\",\"value\":\"ReadOnly\"},\"client\":\"cli\"},\"via\":{\"channel\":\"mcp\",\"client\":"
                                + "\"client/1\",\"thread\":\"t1\",\"from\":\"127.0.0.1\"},\"upstream\":\"mist-ro\",\"kind\":\"tool\","
                                + "\"tool\":\"list_sites\",\"definitionDigest\":\"sha256:00\",\"arguments\":{\"b\":1,\"a\":\"ü\\n\"},"
                                + "\"argumentsDigest\":\"sha256:321ea423fc8d530abdceec5b18457ae2938972e711a8354a9d6b5d2150b78f06\","
                                + "\"sites\":[\"s1\",\"s2\"],\"site\":\"s1\",\"sitesNamed\":[\"s1\",\"s2\"],\"decision\":\"allow\","
                                + "\"rule\":\"rule\",\"mode\":\"read\",\"policyHash\":\"sha256:00\"}");
    }

    @Test
    void writesAnOutcomeInTheOrderItWasTold() {
        var record = AuditRecord.of(Event.CALL_OUTCOME)
                .via("page", "", Optional.empty(), Optional.empty())
                .outcome("done", "ok")
                .ends("ok", "ok", "ok")
                .result(HASH, 12)
                .duration(Duration.ofNanos(1_234_567));

        assertThat(text(record))
                .isEqualTo(
                        "{\"event\":\"call.outcome\",\"via\":{\"channel\":\"page\"},\"outcome\":\"done\",\"code\":\"ok\","
                                + "\"ends\":{\"transport\":\"ok\",\"rpc\":\"ok\",\"tool\":\"ok\"},\"resultDigest\":\"sha256:00\","
                                + "\"resultBytes\":12,\"durationMs\":1.235}");
    }

    @Test
    void aMemberThatIsToldAgainKeepsItsPlace() {
        var record = AuditRecord.of(Event.CALL_OUTCOME)
                .outcome("failed", "first")
                .reason("why")
                .outcome("denied", "second");

        assertThat(text(record))
                .isEqualTo(
                        "{\"event\":\"call.outcome\",\"outcome\":\"denied\",\"code\":\"second\",\"reason\":\"why\"}");
    }

    @Test
    void tellsEachPrincipalOfOneNameByItself() {
        var reader = principal(Role.READ_ONLY, "ann@example.com");
        var writer = principal(Role.READ_WRITE, "other@example.com");

        for (var principal : List.of(reader, writer, reader, writer)) {
            assertThat(text(AuditRecord.of(Event.SIGN_IN).principal(principal)))
                    .contains("\"role\":\"" + principal.role().text() + "\"")
                    .contains(principal.email().orElseThrow());
        }
    }

    @Test
    void boundsAndMendsWhatACallerNames() {
        var principal = principal(Role.READ_ONLY, "half\ud800" + "x".repeat(3_000));
        var record = AuditRecord.of(Event.CALL_DECISION)
                .principal(principal)
                .via("mcp", "\udc00" + "y".repeat(3_000), Optional.empty(), Optional.empty())
                .arguments(JsonObject.of("long", "z".repeat(3_000), "half", "\ud800"));

        var written = text(record);

        assertThat(written)
                .contains("half\ufffd" + "x".repeat(2_043) + "…\"")
                .contains("\"\ufffd" + "y".repeat(2_047) + "…\"")
                .contains("\"" + "z".repeat(2_048) + "…\"")
                .contains("\"half\":\"\ufffd\"")
                .doesNotContain("\\ud", "argumentsDigest");
    }

    private static Principal principal(Role role, String email) {
        return new Principal(
                "i",
                "ann",
                Optional.of(email),
                role,
                new Principal.RoleSource("roles", role.text()),
                new SiteScope(List.of("s1", "s2")),
                Optional.of("cli"),
                Map.of(),
                Instant.EPOCH);
    }

    private static String text(AuditRecord record) {
        return new String(record.members(), StandardCharsets.UTF_8);
    }
}

package mistmcp.mist;

import static org.assertj.core.api.Assertions.assertThat;

import mistmcp.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenRightsTest {
    private static final OrgId ORG = new OrgId("e4cfdb69-3b3a-323f-94bb-b9fccb988380");

    private static TokenRights rights(String privileges) {
        return TokenRights.of(Json.parseObject("{\"privileges\": [" + privileges + "]}"), ORG);
    }

    private static String privilege(String scope, String org, String role) {
        return "{\"scope\": \"" + scope + "\", \"org_id\": \"" + org + "\", \"role\": \"" + role + "\"}";
    }

    @Test
    void takesOnlyTheReadRoleForReading() {
        assertThat(rights(privilege("org", ORG.value(), "read"))).isEqualTo(new TokenRights(true, false, false, false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"write", "admin", "helpdesk", "installer", "something-new", ""})
    void takesEveryOtherRoleForWriting(String role) {
        assertThat(rights(privilege("org", ORG.value(), role)).canWrite()).isTrue();
    }

    @Test
    void seesThatATokenIsOfAnotherOrganisation() {
        var other = rights(privilege("org", "00000000-0000-0000-0000-000000000001", "admin"));

        assertThat(other.ofOrganisation()).isFalse();
        assertThat(other.canWrite()).isFalse();
    }

    @Test
    void seesThatATokenSpansOrganisations() {
        assertThat(rights(privilege("org", ORG.value(), "read") + ","
                                + privilege("org", "00000000-0000-0000-0000-000000000001", "read"))
                        .widerThanOrg())
                .isTrue();
        assertThat(rights("{\"scope\": \"msp\", \"role\": \"read\"}").widerThanOrg())
                .isTrue();
    }
}

package mistmcp.rw;

import static org.assertj.core.api.Assertions.assertThat;

import mistmcp.mist.OrgId;
import mistmcp.mist.TokenRights;
import org.junit.jupiter.api.Test;

final class TokenCheckTest {
    private static final OrgId ORG = new OrgId("11111111-1111-4111-8111-111111111111");

    @Test
    void passesAWritingTokenOfTheOrganisation() {
        var check = TokenCheck.of(new TokenRights(true, true, false, false), ORG);

        assertThat(check.faults()).isEmpty();
        assertThat(check.warnings()).isEmpty();
    }

    @Test
    void refusesATokenOfAnotherOrganisation() {
        assertThat(TokenCheck.of(new TokenRights(false, true, true, true), ORG).faults())
                .singleElement()
                .asString()
                .contains("MIST_ORG_ID");
    }

    @Test
    void warnsOfAnAdminOfOneThatReachesFurtherAndOfOneThatOnlyReads() {
        assertThat(TokenCheck.of(new TokenRights(true, true, true, true), ORG).warnings())
                .anyMatch(warning -> warning.contains("`admin`"))
                .anyMatch(warning -> warning.contains("more than the organisation"));
        assertThat(TokenCheck.of(new TokenRights(true, false, false, false), ORG)
                        .warnings())
                .singleElement()
                .asString()
                .contains("may only read");
    }
}

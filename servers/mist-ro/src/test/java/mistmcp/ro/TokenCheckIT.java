package mistmcp.ro;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.InstantSource;
import java.util.Map;
import mistmcp.mist.MistApi;
import mistmcp.mist.MistFault;
import mistmcp.mist.MistSettings;
import mistmcp.mist.OrgId;
import mistmcp.settings.Env;
import mistmcp.settings.Secret;
import mistmcp.sim.SimSettings;
import mistmcp.sim.SimulatedMist;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TokenCheckIT {
    private final SimulatedMist mist = SimulatedMist.start(SimSettings.fresh());

    @AfterEach
    void close() {
        mist.close();
    }

    private TokenCheck check(URI base, String org, Secret token) throws InterruptedException {
        try (var api = new MistApi(new MistSettings(base, new OrgId(org), token), InstantSource.system())) {
            return TokenCheck.of(api);
        }
    }

    @Test
    void takesATokenThatMayOnlyRead() throws InterruptedException {
        assertThat(check(mist.baseUri(), mist.orgId(), mist.readToken())).isEqualTo(new TokenCheck.Fit());
    }

    @Test
    void seesThatATokenCanWrite() throws InterruptedException {
        assertThat(check(mist.baseUri(), mist.orgId(), mist.writeToken())).isEqualTo(new TokenCheck.CanWrite());
    }

    @Test
    void refusesATokenOfAnotherOrganisation() throws InterruptedException {
        assertThat(check(mist.baseUri(), "00000000-0000-0000-0000-000000000001", mist.readToken()))
                .isInstanceOf(TokenCheck.Wrong.class);
    }

    @Test
    void refusesATokenThatMistDoesNotKnow() throws InterruptedException {
        assertThat(check(mist.baseUri(), mist.orgId(), new Secret("nobody"))).isInstanceOf(TokenCheck.Wrong.class);
    }

    @Test
    void knowsNothingWhenMistDoesNotAnswer() throws InterruptedException {
        assertThat(check(URI.create("http://127.0.0.1:1"), mist.orgId(), mist.readToken()))
                .isEqualTo(new TokenCheck.Unknown(new MistFault.Unavailable()));
    }

    @Test
    void isStrictInOidcModeUnlessAllowed() {
        var base = Map.of(
                "MIST_API_BASE",
                "http://127.0.0.1:1",
                "MIST_ORG_ID",
                mist.orgId(),
                "MIST_TOKEN_RO",
                "t",
                "SERVICE_KEY_RO",
                "k".repeat(32));
        var oidc = new java.util.HashMap<>(base);
        oidc.put("MODE_AUTH", "oidc");
        var allowed = new java.util.HashMap<>(oidc);
        allowed.put("MIST_RO_ALLOW_WRITE_TOKEN", "true");

        assertThat(RoSettings.read(Env.of(base), false).strict()).isFalse();
        assertThat(RoSettings.read(Env.of(oidc), false).strict()).isTrue();
        assertThat(RoSettings.read(Env.of(allowed), false).strict()).isFalse();
    }

    @Test
    void listsAllFaultsOfItsSettings() {
        var env = Env.of(Map.of("MODE_AUTH", "none", "MIST_RO_PORT", "x"));
        RoSettings.read(env, false);

        assertThat(env.faults()).hasSize(6);
    }
}

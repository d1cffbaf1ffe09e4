package mistmcp.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A sign-in that proves anew who somebody is.
class OidcFreshSignInIT {
    @RegisterExtension
    final SignInRig rig = new SignInRig();

    @Test
    void aFreshSignInAsksForAProofAndChecksItsTime() throws IOException, InterruptedException {
        rig.provider.authTime = Optional.of(rig.clock.instant().getEpochSecond() - 3_600);
        var browser = rig.browser();
        browser.signIn("/auth/login");
        assertThat(browser.session().string("provenAt")).isEmpty();
        var before = browser.cookies().get("__Host-mist");
        rig.clock.pass(Duration.ofSeconds(30));

        assertThat(browser.signIn("/auth/login?fresh=1&return=/ui/plans/pl_1")).isEqualTo("/ui/plans/pl_1");
        assertThat(rig.provider.asked.getLast())
                .containsEntry("prompt", "login")
                .containsEntry("max_age", "0");
        assertThat(browser.session().object("refusal").flatMap(refusal -> refusal.string("code")))
                .contains("sign_in_not_fresh");
        assertThat(browser.session().string("provenAt"))
                .as("the old one stays, unproven")
                .isEmpty();

        rig.provider.authTime = Optional.of(rig.clock.instant().getEpochSecond());
        browser.signIn("/auth/login?fresh=1");
        assertThat(browser.session().string("provenAt"))
                .contains(rig.clock.instant().toString());
        assertThat(browser.session().has("refusal")).isFalse();
        assertThat(browser.cookies().get("__Host-mist")).isNotEqualTo(before);
    }

    @Test
    void aFreshSignInIsOfTheSamePerson() throws IOException, InterruptedException {
        var browser = rig.browser();
        browser.signIn("/auth/login");
        rig.provider.person = "eve";
        rig.provider.authTime = Optional.of(rig.clock.instant().getEpochSecond());

        browser.signIn("/auth/login?fresh=1");

        assertThat(browser.session().string("sub")).contains("anna");
        assertThat(browser.session().string("provenAt")).isEmpty();
        assertThat(rig.reasons()).containsExactly("other_person");
    }

    @Test
    void aFreshSignInWithoutATimeIsRefused() throws IOException, InterruptedException {
        var browser = rig.browser();

        browser.signIn("/auth/login?fresh=1");

        assertThat(browser.signedIn()).isFalse();
        assertThat(rig.reasons()).containsExactly("not_fresh");
    }
}

package mistmcp.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// How a browser session goes on, and how it ends.
class OidcRenewalIT {
    @RegisterExtension
    final SignInRig rig = new SignInRig();

    @Test
    void renewsAheadOfTheEndAndTakesTheNewRole() throws IOException, InterruptedException {
        var browser = rig.browser();
        browser.signIn("/auth/login");
        var csrf = browser.session().string("csrf");
        rig.provider.roles = List.of("ReadOnly");
        rig.clock.pass(Duration.ofSeconds(215));

        SignInRig.eventually(() -> browser.session().string("role").equals(Optional.of("ReadOnly")));

        assertThat(rig.provider.renewed).hasValue(1);
        assertThat(browser.session().string("csrf")).isEqualTo(csrf);
        assertThat(rig.events).hasAtLeastOneElementOfType(SignInEvent.Changed.class);
        rig.clock.pass(Duration.ofSeconds(215));
        SignInRig.eventually(() -> browser.signedIn() && rig.provider.renewed.get() == 2);
        assertThat(browser.session().bool("renews"))
                .as("the refresh token rotates")
                .contains(true);
    }

    @Test
    void renewsOnceForAllWhoAsk() throws Exception {
        var browser = rig.browser();
        browser.signIn("/auth/login");
        rig.clock.pass(Duration.ofSeconds(301));
        var cookie = "__Host-mist=" + browser.cookies().get("__Host-mist");

        try (var threads = Executors.newFixedThreadPool(16)) {
            Callable<Integer> ask = () -> rig.wire
                    .send(
                            java.net.http.HttpRequest.newBuilder(URI.create(rig.base() + "/whoami"))
                                    .header("Cookie", cookie)
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .statusCode();
            for (var answer : threads.invokeAll(Collections.nCopies(32, ask))) {
                assertThat(answer.get()).isEqualTo(200);
            }
        }

        assertThat(rig.provider.renewed).hasValue(1);
    }

    @Test
    void whenTheProviderRefusesTheSessionGoesOnToTheTokensEnd() throws IOException, InterruptedException {
        var browser = rig.browser();
        browser.signIn("/auth/login");
        rig.provider.endEverySession();
        rig.clock.pass(Duration.ofSeconds(215));

        SignInRig.eventually(() -> browser.session().string("trouble").isPresent());

        assertThat(browser.signedIn()).isTrue();
        assertThat(browser.session().bool("renews")).contains(false);
        assertThat(rig.events).hasAtLeastOneElementOfType(SignInEvent.NotRenewed.class);
        rig.clock.pass(Duration.ofSeconds(85));
        assertThat(browser.session().object("ended").flatMap(ended -> ended.string("code")))
                .contains("sign_in_renewal_refused");
        assertThat(rig.provider.renewed).as("a no is a no").hasValue(1);
    }

    @Test
    void whenTheProviderIsDownTheSessionEndsWithTheToken() throws IOException, InterruptedException {
        var browser = rig.browser();
        browser.signIn("/auth/login");
        rig.provider.tokenEndpoint = Optional.of(FakeIdp.status(503));
        rig.clock.pass(Duration.ofSeconds(215));
        SignInRig.eventually(() -> browser.session().string("trouble").isPresent());
        rig.provider.tokenEndpoint = Optional.empty();
        rig.clock.pass(Duration.ofSeconds(10));
        SignInRig.eventually(() -> browser.session().string("trouble").isEmpty());
        assertThat(browser.session().bool("renews")).as("it came back").contains(true);

        rig.provider.tokenEndpoint = Optional.of(FakeIdp.status(503));
        rig.clock.pass(Duration.ofSeconds(301));

        assertThat(browser.session().object("ended").flatMap(ended -> ended.string("code")))
                .contains("sign_in_renewal_failed");
        assertThat(browser.signedIn()).isFalse();
    }

    @Test
    void whoLosesTheirRoleIsOutAtTheNextRenewal() throws IOException, InterruptedException {
        var browser = rig.browser();
        browser.signIn("/auth/login");
        rig.provider.roles = List.of("guests");
        rig.clock.pass(Duration.ofSeconds(215));

        SignInRig.eventually(() -> !browser.signedIn());

        assertThat(browser.session().object("ended").flatMap(ended -> ended.string("code")))
                .contains("no_role");
        assertThat(browser.get("/whoami").statusCode()).isEqualTo(401);
    }

    @Test
    void aRenewalThatBringsSomebodyElseEndsTheSession() throws IOException, InterruptedException {
        var browser = rig.browser();
        browser.signIn("/auth/login");
        rig.provider.accessClaims = SignInRig.with("sub", "eve");
        rig.provider.idClaims = claims -> claims.with("sub", "eve").without("at_hash");
        rig.clock.pass(Duration.ofSeconds(215));

        SignInRig.eventually(() -> !browser.signedIn());

        assertThat(browser.session().object("ended").flatMap(ended -> ended.string("code")))
                .contains("sign_in_subject_mismatch");
    }

    @Test
    void withoutARefreshTokenTheSessionEndsWithTheToken() throws IOException, InterruptedException {
        rig.provider.refreshes = false;
        var browser = rig.browser();
        browser.signIn("/auth/login");
        rig.clock.pass(Duration.ofSeconds(299));
        assertThat(browser.signedIn()).isTrue();
        rig.clock.pass(Duration.ofSeconds(1));

        assertThat(browser.session().object("ended").flatMap(ended -> ended.string("code")))
                .contains("sign_in_ended");
    }

    @Test
    void aBrowserSessionLastsTwelveHoursAtMost() throws IOException, InterruptedException {
        rig.provider.life = 3_600;
        var browser = rig.browser();
        browser.signIn("/auth/login");
        for (int step = 0; step < 35; step++) {
            rig.clock.pass(Duration.ofMinutes(20));
            assertThat(browser.signedIn())
                    .as("after " + (step + 1) * 20 + " min")
                    .isTrue();
        }
        rig.clock.pass(Duration.ofMinutes(20));

        assertThat(browser.signedIn()).isFalse();
    }
}

package mistmcp.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The provider's answer is for one browser, once, and in time.
class OidcCallbackIT {
    @RegisterExtension
    final SignInRig rig = new SignInRig();

    @Test
    void aSignInOfAnotherBrowserIsRefused() throws IOException, InterruptedException {
        var attacker = rig.browser();
        var stolen = attacker.toCallback("/auth/login");
        var victim = rig.browser();
        victim.get("/auth/login");

        assertThat(victim.send("GET", stolen).statusCode()).isEqualTo(302);

        assertThat(victim.signedIn()).isFalse();
        assertThat(rig.reasons()).containsExactly("state_foreign");
        assertThat(rig.provider.redeemed).hasValue(0);
        attacker.send("GET", stolen);
        assertThat(attacker.signedIn())
                .as("a state that was seen elsewhere is used up")
                .isFalse();
    }

    @Test
    void aBrowserWithoutTheCookieIsRefused() throws IOException, InterruptedException {
        var stolen = rig.browser().toCallback("/auth/login");
        var victim = rig.browser();

        victim.send("GET", stolen);

        assertThat(victim.signedIn()).isFalse();
        assertThat(rig.provider.redeemed).hasValue(0);
    }

    @Test
    void anAnswerIsTakenOnce() throws IOException, InterruptedException {
        var browser = rig.browser();
        var callback = browser.toCallback("/auth/login");
        browser.send("GET", callback);
        var first = browser.cookies().get("__Host-mist");

        browser.send("GET", callback);

        assertThat(rig.provider.redeemed).hasValue(1);
        assertThat(rig.reasons()).containsExactly("state_unknown");
        assertThat(browser.cookies()).containsEntry("__Host-mist", first);
        assertThat(browser.signedIn()).isTrue();
    }

    @Test
    void ofTwoAnswersAtOnceOneIsTaken() throws Exception {
        var browser = rig.browser();
        var callback = browser.toCallback("/auth/login");
        var cookie = "__Host-mist-sign-in=" + browser.cookies().get("__Host-mist-sign-in");
        try (var threads = Executors.newFixedThreadPool(8)) {
            Callable<Boolean> send = () -> rig
                    .wire
                    .send(
                            java.net.http.HttpRequest.newBuilder(callback)
                                    .header("Cookie", cookie)
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .headers()
                    .allValues("Set-Cookie")
                    .stream()
                    .anyMatch(line -> line.startsWith("__Host-mist="));
            var results = threads.invokeAll(Collections.nCopies(8, send));
            int signedIn = 0;
            for (var result : results) {
                signedIn += result.get() ? 1 : 0;
            }
            assertThat(signedIn).isEqualTo(1);
        }
        assertThat(rig.provider.redeemed).hasValue(1);
    }

    @Test
    void anAnswerThatComesTooLateIsRefused() throws IOException, InterruptedException {
        var browser = rig.browser();
        var callback = browser.toCallback("/auth/login");
        rig.clock.pass(Duration.ofMinutes(10));

        browser.send("GET", callback);

        assertThat(browser.signedIn()).isFalse();
        assertThat(rig.reasons()).containsExactly("state_unknown");
    }

    @Test
    void aParameterGivenTwiceIsRefused() throws IOException, InterruptedException {
        var browser = rig.browser();
        var callback = browser.toCallback("/auth/login");

        browser.send("GET", URI.create(callback + "&code=other"));

        assertThat(browser.signedIn()).isFalse();
        assertThat(rig.reasons()).containsExactly("answer_malformed");
        assertThat(rig.provider.redeemed).hasValue(0);
    }
}

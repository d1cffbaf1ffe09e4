package mistmcp.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import mistmcp.settings.Secret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PendingSignInsTest {
    private final SetClock clock = new SetClock();
    private final PendingSignIns pending = new PendingSignIns(clock);

    private PendingSignIns.Pending of(String browser) {
        var metadata = new ProviderMetadata(
                "https://i",
                URI.create("https://i/a"),
                URI.create("https://i/t"),
                Optional.empty(),
                Optional.empty(),
                false,
                true);
        return new PendingSignIns.Pending(
                browser,
                new Secret("nonce"),
                new Secret("verifier"),
                "https://g/auth/callback",
                ReturnPath.HOME,
                metadata,
                false,
                Optional.empty(),
                clock.instant());
    }

    @Test
    void givesEachOnce() {
        var state = pending.begin(of("b")).orElseThrow();

        assertThat(pending.take("other")).isEmpty();
        assertThat(pending.take(state)).isPresent();
        assertThat(pending.take(state)).isEmpty();
    }

    @Test
    void forgetsAfterTenMinutes() {
        var state = pending.begin(of("b")).orElseThrow();
        clock.pass(Duration.ofMinutes(10));

        assertThat(pending.take(state)).isEmpty();
    }

    @Test
    void keepsEightOfABrowserAndForgetsItsOldest() {
        var other = pending.begin(of("other")).orElseThrow();
        List<String> states = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            states.add(pending.begin(of("b")).orElseThrow());
            clock.pass(Duration.ofSeconds(1));
        }

        assertThat(states.subList(0, 4)).allMatch(state -> pending.take(state).isEmpty());
        assertThat(states.subList(4, 12)).allMatch(state -> pending.take(state).isPresent());
        assertThat(pending.take(other)).isPresent();
    }

    @Test
    void aFloodIsHeldBackAndPushesNobodyOut() {
        var first = pending.begin(of("first")).orElseThrow();

        var begun = IntStream.range(0, 20_000)
                .mapToObj(i -> pending.begin(of("flood-" + i)))
                .filter(Optional::isPresent)
                .count();

        assertThat(begun).isLessThan(10_000);
        assertThat(pending.count()).isLessThanOrEqualTo(10_000);
        assertThat(pending.take(first)).isPresent();
    }

    @ParameterizedTest
    @CsvSource({
        "https://login.example.com/realms/net, https://login.example.com/realms/net/.well-known/openid-configuration,"
                + " https://login.example.com/.well-known/oauth-authorization-server/realms/net",
        "https://tenant.example.com/, https://tenant.example.com/.well-known/openid-configuration,"
                + " https://tenant.example.com/.well-known/oauth-authorization-server",
    })
    void aProviderIsDescribedAtTwoAddresses(String issuer, String openId, String oauth) {
        assertThat(Provider.addresses(issuer)).containsExactly(URI.create(openId), URI.create(oauth));
    }
}

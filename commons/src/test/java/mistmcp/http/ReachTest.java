package mistmcp.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReachTest {
    @ParameterizedTest
    @CsvSource({
        "93.184.216.34, PUBLIC",
        "2606:4700::1111, PUBLIC",
        "127.0.0.1, LOOPBACK",
        "127.8.9.10, LOOPBACK",
        "::1, LOOPBACK",
        "10.1.2.3, PRIVATE",
        "172.31.0.1, PRIVATE",
        "192.168.1.1, PRIVATE",
        "100.64.0.1, PRIVATE",
        "fd00::1, PRIVATE",
        "169.254.169.254, SPECIAL",
        "0.0.0.0, SPECIAL",
        "::, SPECIAL",
        "224.0.0.1, SPECIAL",
        "255.255.255.255, SPECIAL",
        "fe80::1, SPECIAL",
        "fec0::1, SPECIAL",
        "64:ff9b::a00:1, SPECIAL",
        "2002:a00:1::1, SPECIAL",
        // The platform reads these as the IPv4 addresses that they are.
        "::ffff:10.0.0.1, PRIVATE",
        "::ffff:169.254.169.254, SPECIAL"
    })
    void knowsWhatAnAddressIsFor(String address, Reach.Zone zone) {
        assertThat(Reach.zone(InetAddress.ofLiteral(address))).isEqualTo(zone);
    }

    @ParameterizedTest
    @CsvSource({
        "203.1.2.3, 93.184.216.34, true",
        "203.1.2.3, 10.0.0.1, false",
        "203.1.2.3, 127.0.0.1, false",
        "10.9.9.9, 10.0.0.1, true",
        "10.9.9.9, 127.0.0.1, false",
        "10.9.9.9, 169.254.169.254, false",
        "127.0.0.1, 127.0.0.1, true",
        "127.0.0.1, 10.0.0.1, false",
        "169.254.1.1, 169.254.169.254, false"
    })
    void coversTheInternetAndTheZoneOfItsHome(String home, String address, boolean covered) {
        assertThat(Reach.around(home).covers(InetAddress.ofLiteral(address))).isEqualTo(covered);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost"})
    void aClientConnectsToNothingBeyond(String host) {
        var asked = new AtomicInteger();
        try (var server = HttpServer.start(
                        ServerSettings.loopback(0), java.util.List.of(new Route("GET", "/", (request, response) -> {
                            asked.incrementAndGet();
                            response.send(204);
                        })));
                var confined = new HttpClient(Duration.ofSeconds(2), 2, Reach.around("203.1.2.3"));
                var free = new HttpClient(Duration.ofSeconds(2), 2, Reach.around("127.0.0.1"))) {
            var uri = URI.create("http://" + host + ":" + server.port() + "/");

            assertThatThrownBy(() -> confined.send(get(uri)))
                    .isInstanceOfSatisfying(
                            HttpFailure.class,
                            failed -> assertThat(failed.kind()).isEqualTo(HttpFailure.Kind.CONNECT));
            assertThat(asked).hasValue(0);

            assertThat(status(free, uri)).isEqualTo(204);
            assertThat(asked).hasValue(1);
        }
    }

    private static int status(HttpClient client, URI uri) {
        try (var response = client.send(get(uri))) {
            return response.status();
        } catch (HttpFailure failed) {
            throw new AssertionError(failed);
        }
    }

    private static OutboundRequest get(URI uri) {
        return new OutboundRequest(
                "GET", uri, Map.of(), Optional.empty(), Duration.ofSeconds(5), Duration.ofSeconds(5));
    }

    @Test
    void anAddressOfAHostThatIsNotKnownIsInNoZone() {
        assertThat(Reach.zones("no-such-host.invalid")).isEmpty();
    }
}

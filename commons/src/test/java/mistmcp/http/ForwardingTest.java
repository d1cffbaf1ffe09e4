package mistmcp.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForwardingTest {
    private static final Forwarding FORWARDING = new Forwarding(
            Stream.of("10.0.0.0/8", "fd00::/8").map(AddressRange::of).toList());

    /// A request of a peer; headers are `Name: value` joined by ` ; `, XF stands for X-Forwarded.
    private record Asked(InetAddress peer, List<Map.Entry<String, String>> lines) implements HttpRequest {
        static Asked of(String peer, String headers) {
            var lines = Arrays.stream(("Host: gw:8000 ~ " + headers).split(" ~ "))
                    .filter(line -> line.contains(": "))
                    .map(line -> line.replace("XF-", "X-Forwarded-").split(": ", 2))
                    .map(parts -> Map.entry(parts[0], parts[1]))
                    .toList();
            return new Asked(InetAddress.ofLiteral(peer), lines);
        }

        @Override
        public List<String> headers(String name) {
            return lines.stream()
                    .filter(line -> line.getKey().equalsIgnoreCase(name))
                    .map(Map.Entry::getValue)
                    .toList();
        }

        @Override
        public Optional<String> header(String name) {
            return headers(name).stream().findFirst();
        }

        @Override
        public String id() {
            return "1";
        }

        @Override
        public String method() {
            return "GET";
        }

        @Override
        public String path() {
            return "/";
        }

        @Override
        public String pathParameter(String name) {
            throw new AssertionError("no path parameter");
        }

        @Override
        public Optional<String> query(String name) {
            return Optional.empty();
        }

        @Override
        public Optional<String> cookie(String name) {
            return Optional.empty();
        }

        @Override
        public byte[] body() {
            return new byte[0];
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // Nobody that we trust: what is said counts for nothing.
                "8.8.8.8   |                                                            | 8.8.8.8    | http  | gw:8000",
                "8.8.8.8   | XF-For: 1.1.1.1 ~ XF-Proto: https ~ XF-Host: evil.example  | 8.8.8.8    | http  | gw:8000",
                "8.8.8.8   | Forwarded: for=1.1.1.1;proto=https;host=evil.example       | 8.8.8.8    | http  | gw:8000",
                "8.8.8.8   | XF-For: 127.0.0.1 ~ Forwarded: for=127.0.0.1               | 8.8.8.8    | http  | gw:8000",
                "127.0.0.1 | XF-For: 1.1.1.1                                            | 127.0.0.1  | http  | gw:8000",
                "11.0.0.1  | XF-For: 1.1.1.1                                            | 11.0.0.1   | http  | gw:8000",
                // A trusted proxy.
                "10.0.0.1  |                                                            | 10.0.0.1   | http  | gw:8000",
                "10.0.0.1  | XF-For: 1.1.1.1 ~ XF-Proto: https ~ XF-Host: gw.example    | 1.1.1.1    | https | gw.example",
                "10.0.0.1  | XF-For: 1.1.1.1                                            | 1.1.1.1    | http  | gw:8000",
                "10.0.0.1  | XF-Proto: HTTPS                                            | 10.0.0.1   | https | gw:8000",
                "10.0.0.1  | XF-For: 1.1.1.1:4711                                       | 1.1.1.1    | http  | gw:8000",
                "10.0.0.1  | XF-For: [2001:db8::1]:4711                                 | 2001:db8::1 | http | gw:8000",
                "10.0.0.1  | XF-For: 2001:db8::1                                        | 2001:db8::1 | http | gw:8000",
                "fd00::9   | XF-For: 1.1.1.1                                            | 1.1.1.1    | http  | gw:8000",
                // What the caller put before the proxy's own word is not reached.
                "10.0.0.1  | XF-For: 127.0.0.1, 1.1.1.1                                 | 1.1.1.1    | http  | gw:8000",
                "10.0.0.1  | XF-For: <script>, 9.9.9.9, 1.1.1.1                         | 1.1.1.1    | http  | gw:8000",
                "10.0.0.1  | XF-For: 10.9.9.9, 1.1.1.1                                  | 1.1.1.1    | http  | gw:8000",
                "10.0.0.1  | XF-For: 9.9.9.9 ~ XF-For: 1.1.1.1                          | 1.1.1.1    | http  | gw:8000",
                // A chain of trusted proxies is followed to its end.
                "10.0.0.1  | XF-For: 9.9.9.9, 1.1.1.1, 10.0.0.2                         | 1.1.1.1    | http  | gw:8000",
                "10.0.0.1  | XF-For: 10.0.0.3, 10.0.0.2                                 | 10.0.0.3   | http  | gw:8000",
                // RFC 7239.
                "10.0.0.1  | Forwarded: for=1.1.1.1;proto=https;host=gw.example         | 1.1.1.1    | https | gw.example",
                "10.0.0.1  | Forwarded: For=\"[2001:db8::1]:47\" ; Proto=http           | 2001:db8::1 | http | gw:8000",
                "10.0.0.1  | Forwarded: for=127.0.0.1;host=evil.example, for=1.1.1.1    | 1.1.1.1    | http  | gw:8000",
                "10.0.0.1  | Forwarded: for=1.1.1.1;proto=https;host=gw.example, for=10.0.0.2;proto=http;host=inner | 1.1.1.1 | https | gw.example",
                "10.0.0.1  | Forwarded: for=9.9.9.9 ~ Forwarded: for=1.1.1.1            | 1.1.1.1    | http  | gw:8000",
                "10.0.0.1  | Forwarded: for=1.1.1.1;by=10.0.0.1;secret=x                | 1.1.1.1    | http  | gw:8000",
            })
    void believesTrustedProxiesOnly(String peer, String headers, String client, String scheme, String host) {
        var origin = FORWARDING.origin(Asked.of(peer, headers == null ? "" : headers), "http");

        assertThat(origin.client()).isEqualTo(InetAddress.ofLiteral(client));
        assertThat(origin.scheme()).isEqualTo(scheme);
        assertThat(origin.host()).contains(host);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "XF-For: 1.1.1.1 ~ Forwarded: for=2.2.2.2   | forwarded_ambiguous",
                "XF-Proto: https ~ Forwarded: for=2.2.2.2   | forwarded_ambiguous",
                "XF-Host: gw.example ~ Forwarded: for=2.2.2.2 | forwarded_ambiguous",
                "XF-For: unknown                            | forwarded_malformed",
                "XF-For: idp.example.com                    | forwarded_malformed",
                "XF-For: 1.1.1.1,                           | forwarded_malformed",
                "XF-For: 10.0.0.2, ,10.0.0.3                | forwarded_malformed",
                "XF-Proto: ftp                              | forwarded_malformed",
                "XF-Proto: https, http                      | forwarded_malformed",
                "XF-Proto: https ~ XF-Proto: http           | forwarded_malformed",
                "XF-Host: a.example, b.example              | forwarded_malformed",
                "XF-Host: a.example ~ XF-Host: b.example    | forwarded_malformed",
                "Forwarded: for=unknown                     | forwarded_malformed",
                "Forwarded: for=_hidden                     | forwarded_malformed",
                "Forwarded: proto=https                     | forwarded_malformed",
                "Forwarded: for=1.1.1.1;proto=gopher        | forwarded_malformed",
                "Forwarded: for=\"1.1.1.1                   | forwarded_malformed",
                "Forwarded: nonsense                        | forwarded_malformed",
            })
    void refusesWhatATrustedProxyWouldNotSay(String headers, String code) {
        assertThatExceptionOfType(HttpProblem.class)
                .isThrownBy(() -> FORWARDING.origin(Asked.of("10.0.0.1", headers), "http"))
                .satisfies(problem -> assertThat(problem.code()).isEqualTo(code))
                .satisfies(problem -> assertThat(problem.status()).isEqualTo(400));
    }
}

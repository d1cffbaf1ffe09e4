package mistmcp.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import mistmcp.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What stands before a server: proxies, and a path.
class EdgeIT {
    private static String ask(String proxies, String path, String target, String headers) throws IOException {
        var ranges = Stream.of(proxies.split(",")).map(AddressRange::of).toList();
        var outside = new ServerSettings.Outside(Optional.empty(), ranges, path);
        var settings = new ServerSettings(
                "127.0.0.1", 0, Set.of("gw.example.com"), Duration.ofSeconds(5), Duration.ofSeconds(1), outside);
        var route = new Route(
                "GET",
                "/who/{name}",
                (request, response) -> response.json(
                        200,
                        JsonObject.of(
                                "client", request.client().getHostAddress(),
                                "peer", request.peer().getHostAddress(),
                                "scheme", request.scheme(),
                                "host", request.host(),
                                "path", request.path(),
                                "name", request.pathParameter("name"))));
        try (var server = HttpServer.start(settings, List.of(route));
                var raw = new RawHttp(server.port())) {
            var answer = raw.write("GET " + target + " HTTP/1.1\r\nConnection: close\r\n"
                            + headers.replace(" ~ ", "\r\n") + "\r\n\r\n")
                    .rest();
            return answer.substring(9, 12) + " " + answer.substring(answer.indexOf("\r\n\r\n") + 4);
        }
    }

    @Test
    void believesATrustedProxy() throws IOException {
        assertThat(
                        ask(
                                "127.0.0.1",
                                "",
                                "/who/a",
                                "Host: inner:8000 ~ X-Forwarded-For: 1.1.1.1 ~ X-Forwarded-Proto: https ~ X-Forwarded-Host: gw.example.com"))
                .isEqualTo(
                        "200 {\"client\":\"1.1.1.1\",\"peer\":\"127.0.0.1\",\"scheme\":\"https\",\"host\":\"gw.example.com\","
                                + "\"path\":\"/who/a\",\"name\":\"a\"}");
    }

    @Test
    void takesNoNoticeOfWhatAnybodyElseSays() throws IOException {
        assertThat(
                        ask(
                                "10.0.0.0/8",
                                "",
                                "/who/a",
                                "Host: localhost ~ X-Forwarded-For: 1.1.1.1 ~ X-Forwarded-Proto: https ~ X-Forwarded-Host: gw.example.com"))
                .contains("\"client\":\"127.0.0.1\"", "\"scheme\":\"http\"", "\"host\":\"localhost\"");
        assertThat(ask("10.0.0.0/8", "", "/who/a", "Host: inner:8000 ~ X-Forwarded-Host: gw.example.com"))
                .startsWith("403")
                .contains("host_not_allowed");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Host: localhost ~ X-Forwarded-Host: evil.example               | 403 | host_not_allowed",
                "Host: gw.example.com ~ X-Forwarded-Host: evil.example          | 403 | host_not_allowed",
                "Host: evil.example ~ X-Forwarded-For: 1.1.1.1                  | 403 | host_not_allowed",
                "Host: localhost ~ X-Forwarded-For: 1.1.1.1 ~ Forwarded: for=2.2.2.2 | 400 | forwarded_ambiguous",
                "Host: localhost ~ X-Forwarded-For: nobody                      | 400 | forwarded_malformed",
                "Host: localhost ~ X-Forwarded-For: 1.1.1.1 ~ Origin: https://evil.example | 403 | origin_not_allowed",
            })
    void checksWhatATrustedProxySays(String headers, String status, String code) throws IOException {
        assertThat(ask("127.0.0.1", "", "/who/a", headers)).startsWith(status).contains(code);
    }

    @ParameterizedTest
    @CsvSource({
        "/who/a, 200, /who/a",
        "/mist/who/a, 200, /who/a",
        "/mist/mist/who/a, 404, not_found",
        "/mistwho/a, 404, not_found",
        "/other/who/a, 404, not_found",
        "/mist/../who/a, 40, "
    })
    void servesItsPathsWithAndWithoutWhatStandsBefore(String target, String status, String contains)
            throws IOException {
        assertThat(ask("10.0.0.1", "/mist", target, "Host: localhost"))
                .startsWith(status)
                .contains(contains == null ? "" : contains);
    }
}

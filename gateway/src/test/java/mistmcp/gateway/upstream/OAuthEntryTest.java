package mistmcp.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mistmcp.settings.Env;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OAuthEntryTest {
    @TempDir
    private Path folder;

    private Env env(String entry) throws IOException {
        var file = folder.resolve("upstreams.json");
        Files.writeString(file, "{\"upstreams\": {\"gh\": " + entry.replace('\'', '"') + "}}");
        return Env.of(new HashMap<>(Map.of("UPSTREAMS_PATH", file.toString(), "GH_SECRET", "word")));
    }

    private List<String> faults(String entry) throws IOException {
        var env = env(entry);
        UpstreamSettings.read(env);
        return env.faults();
    }

    private UpstreamSettings.OAuth read(String entry) throws IOException {
        var env = env(entry);
        var settings = UpstreamSettings.read(env);
        env.check();
        return settings.upstreams().getFirst().oauth().orElseThrow();
    }

    @Test
    void asksForNothingMoreThanThatItIsThere() throws IOException {
        var oauth = read("{'url': 'https://mcp.example.com/mcp', 'oauth': {}}");

        assertThat(oauth.clientId()).isEmpty();
        assertThat(oauth.clientSecret()).isEmpty();
        assertThat(oauth.scopes()).isEmpty();
        assertThat(oauth.machine()).isFalse();
    }

    @Test
    void readsAClientThatTheOperatorHasRegistered() throws IOException {
        var oauth = read("{'url': 'https://mcp.example.com/mcp', 'oauth': {'clientId': 'me', 'clientSecret':"
                + " {'from': 'GH_SECRET'}, 'issuer': 'https://as.example.com', 'scopes': ['a', 'b'],"
                + " 'grant': 'client_credentials'}}");

        assertThat(oauth.clientId()).contains("me");
        assertThat(oauth.clientSecret().orElseThrow().matches("word")).isTrue();
        assertThat(oauth.toString()).doesNotContain("word");
        assertThat(oauth.issuer()).contains("https://as.example.com");
        assertThat(oauth.scopes()).containsExactlyInAnyOrder("a", "b");
        assertThat(oauth.machine()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'url': 'https://m.example/mcp', 'oauth': true                             | `oauth` takes an object",
                "'url': 'https://m.example/mcp', 'oauth': {'client': 'x'}                  | `oauth` has an unknown member `client`",
                "'url': 'http://m.example/mcp', 'oauth': {}                                | `oauth` needs an `https` address in `url`, or one on this machine",
                "'url': 'https://u:p@m.example/mcp', 'oauth': {}                           | `oauth` needs an `https` address in `url`, or one on this machine",
                "'command': ['x'], 'oauth': {}                                             | `oauth` needs an `https` address in `url`, or one on this machine",
                "'url': 'https://m.example/mcp', 'oauth': {'clientId': ''}                 | `clientId` takes a text",
                "'url': 'https://m.example/mcp', 'oauth': {'clientId': 'x', 'clientSecret': 'open'} | `clientSecret` takes `from`, the name of a setting that is set",
                "'url': 'https://m.example/mcp', 'oauth': {'clientId': 'x', 'clientSecret': {'from': 'ABSENT'}} | `clientSecret` takes `from`, the name of a setting that is set",
                "'url': 'https://m.example/mcp', 'oauth': {'clientSecret': {'from': 'GH_SECRET'}} | `clientSecret` needs `clientId`",
                "'url': 'https://m.example/mcp', 'oauth': {'issuer': 'http://as.example'}  | `issuer` takes an `https` address, or one on this machine",
                "'url': 'https://m.example/mcp', 'oauth': {'scopes': 'a b'}                | `scopes` takes a list of strings",
                "'url': 'https://m.example/mcp', 'oauth': {'scopes': ['a b']}              | `scopes` takes words without blanks and quotes",
                "'url': 'https://m.example/mcp', 'oauth': {'grant': 'password'}            | `grant` takes `authorization_code` or `client_credentials`",
                "'url': 'https://m.example/mcp', 'oauth': {'grant': 'client_credentials'}  | `client_credentials` needs `clientId`, `clientSecret` and `issuer`",
                "'url': 'https://m.example/mcp', 'oauth': {}, 'credential': {'header': 'X', 'from': 'GH_SECRET'} | expected either `oauth` or `credential`",
            })
    void tellsWhatIsWrong(String entry, String fault) throws IOException {
        assertThat(faults("{" + entry + "}")).containsExactly("`UPSTREAMS_PATH` `gh`: " + fault);
    }

    @Test
    void peopleAreSentBackToAPortThatStays() throws IOException {
        for (var port : List.of("0", "8000")) {
            env("{'url': 'https://mcp.example.com/mcp', 'oauth': {}}");
            var env = Env.of(new HashMap<>(Map.of(
                    "UPSTREAMS_PATH",
                    folder.resolve("upstreams.json").toString(),
                    "GATEWAY_PORT",
                    port,
                    "PROMPT_PATH",
                    "../rbac_prompt.txt")));
            mistmcp.gateway.GatewaySettings.read(env);

            assertThat(env.faults())
                    .isEqualTo(
                            port.equals("0")
                                    ? List.of(
                                            "`GATEWAY_PORT` must not be 0 with an upstream that has `oauth`: people are"
                                                    + " sent back to it")
                                    : List.of());
        }
    }
}

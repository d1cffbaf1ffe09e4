package mistmcp.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `./mist upstreams` as a person runs it, beside a real Keycloak that guards some upstreams.
final class UpstreamsCommandIT {
    private static final Keycloak KEYCLOAK = Company.shared().keycloak();
    private static final String SECRET = "net-client-secret";
    private static final Duration SOON = Duration.ofSeconds(30);

    private static final GuardedServer NET = guarded("net-ports");
    private static final GuardedServer ANONYMOUS = guarded("anonymous-ports");
    private static final GuardedServer ROBOT = guarded("robot-ports");
    private static final WireUpstream PLAIN = new WireUpstream();

    private static RunningStack stack;
    private static Path tools;

    private static GuardedServer guarded(String scope) {
        return new GuardedServer(scope, KEYCLOAK.issuer(), KEYCLOAK.keysUrl());
    }

    @BeforeAll
    static void starts() throws IOException {
        int port = RunningStack.freePort();
        var callback = "http://127.0.0.1:" + port + "/upstreams/callback";
        KEYCLOAK.registers("command-net", SECRET, callback);
        KEYCLOAK.offers("command-net", "net-ports", NET.url());
        KEYCLOAK.registers("command-robot", SECRET, callback);
        KEYCLOAK.offers("command-robot", "robot-ports", ROBOT.url());
        var folder = RunningStack.installation();
        tools = Files.createDirectory(folder.resolve("tools"));
        // What would open the address in a browser notes it.
        var opener = Files.writeString(
                tools.resolve("xdg-open"), "#!/bin/sh\necho \"$1\" >\"$0.new\"; mv \"$0.new\" \"$0.told\"\n");
        Files.setPosixFilePermissions(opener, PosixFilePermissions.fromString("rwxr-xr-x"));
        var upstreams =
                Files.write(folder.resolve("upstreams.json"), Json.bytes(JsonObject.of("upstreams", upstreams())));
        var policy = Files.write(
                folder.resolve("policy.json"),
                Json.bytes(OwnPolicy.of("page", "net/*", "anonymous/*", "robot/*", "plain/*")));
        Files.writeString(folder.resolve(".env"), "COMMAND_CLIENT_SECRET=" + SECRET + "\n");
        stack = RunningStack.startUnready(
                folder, port, Map.of("UPSTREAMS_PATH", upstreams.toString(), "POLICY_PATH", policy.toString()));
    }

    private static JsonObject upstreams() {
        var secret = JsonObject.of("from", "COMMAND_CLIENT_SECRET");
        return JsonObject.of(
                "net",
                entry(NET.url(), "net").with("oauth", JsonObject.of("clientId", "command-net", "clientSecret", secret)),
                "anonymous",
                entry(ANONYMOUS.url(), "anonymous").with("oauth", JsonObject.EMPTY),
                "robot",
                entry(ROBOT.url(), "robot")
                        .with(
                                "oauth",
                                JsonObject.of(
                                        "clientId",
                                        "command-robot",
                                        "clientSecret",
                                        secret,
                                        "issuer",
                                        KEYCLOAK.issuer(),
                                        "grant",
                                        "client_credentials")),
                "plain",
                entry(PLAIN.url(), "plain"),
                "away",
                entry("http://127.0.0.1:" + RunningStack.freePort() + "/mcp", "away")
                        .with("oauth", JsonObject.EMPTY));
    }

    private static JsonObject entry(String url, String prefix) {
        return JsonObject.of("url", url, "prefix", prefix, "reads", JsonArray.of("*"));
    }

    @AfterAll
    static void stops() {
        stack.close();
        NET.close();
        ANONYMOUS.close();
        ROBOT.close();
        PLAIN.close();
    }

    @Test
    void tellsHowEachStandsAndWhatToDo() {
        await().atMost(SOON).untilAsserted(() -> {
            var ended = mist("upstreams");

            assertThat(ended.exitCode()).isZero();
            assertThat(line(ended, "mist-ro")).contains(" ready ").doesNotContain("authoriz");
            assertThat(line(ended, "plain")).contains(" ready ").doesNotContain("authoriz", " 0 tools");
            assertThat(line(ended, "anonymous"))
                    .contains(
                            " needs authorization ",
                            " 0 tools",
                            "needs authorization: run `./mist upstreams authorize anonymous`");
            assertThat(line(ended, "away")).contains(" away ", " 0 tools", "the server cannot be reached");
            assertThat(line(ended, "robot"))
                    .contains(" ready ", " 1 tools", "authorized by " + KEYCLOAK.issuer() + " until 2")
                    .contains(", renewed by itself");
        });
    }

    @Test
    void authorizesOneAndThenAnewOverTheOneThatItHas() throws IOException {
        var before = mist("upstreams", "authorize", "net");

        assertThat(before.exitCode()).isZero();
        assertThat(before.output())
                .contains("authorization server  " + KEYCLOAK.issuer())
                .containsPattern("rights asked for +.*net-ports")
                .contains("Give it within ten minutes")
                .doesNotContain(SECRET, "replaces", stack.operatorToken());
        var address = address(before);
        await().atMost(SOON).until(() -> Files.exists(tools.resolve("xdg-open.told")));
        assertThat(tools.resolve("xdg-open.told")).content().isEqualTo(address + "\n");

        var page = new SignInWalk().signIn(address, "nora");
        assertThat(page.status()).as(page.text()).isEqualTo(200);
        assertThat(page.text()).contains("The upstream is authorized");

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(line(mist("upstreams"), "net"))
                        .contains(" ready ", " 1 tools", "authorized by " + KEYCLOAK.issuer() + " until 2")
                        .contains(", renewed by itself"));

        var again = mist("upstreams", "authorize", "net");
        assertThat(again.exitCode()).isZero();
        assertThat(again.output())
                .contains("replaces              what " + KEYCLOAK.issuer() + " has given, which goes on until then");
        assertThat(line(mist("upstreams"), "net")).contains(" ready ", " 1 tools");
    }

    @Test
    void asksNobodyForWhatStandsForItself() {
        var ended = mist("upstreams", "authorize", "robot");

        assertThat(ended.exitCode()).isZero();
        assertThat(ended.output())
                .contains("authorization server  " + KEYCLOAK.issuer(), "authorized; no person is asked")
                .doesNotContain("http://127", "within ten minutes", SECRET);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nobody    | no upstream of that name is configured (upstream_unknown)",
                "plain     | this upstream has no `oauth` in its configuration (upstream_without_oauth)",
                "mist-ro   | this upstream has no `oauth` in its configuration (upstream_without_oauth)",
                "anonymous | register one there, and set its `clientId` (oauth_client_unknown)",
                "away      | (oauth_unreachable)"
            })
    void saysWhyOneCannotBeAuthorized(String name, String why) {
        var ended = mist("upstreams", "authorize", name);

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.output()).startsWith("mist: ").contains(why).doesNotContain("http://127", "Give it within");
        assertThat(ended.output().lines()).hasSize(1);
        assertThat(ANONYMOUS.shown()).containsOnly("");
    }

    @ParameterizedTest
    @ValueSource(strings = {"authorize", "authorize net robot", "authorise net", "net", "authorize --force net"})
    void saysHowItIsUsed(String words) {
        var ended = mist(("upstreams " + words).split(" "));

        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.output())
                .containsAnyOf("Usage: mist upstreams", "Did you mean: upstreams authorize?")
                .doesNotContain("authorization server  ", "http://127");
    }

    @ParameterizedTest
    @ValueSource(strings = {"upstreams", "upstreams authorize net"})
    void saysThatNoGatewayRuns(String words) {
        var folder = RunningStack.installation();
        try {
            var ended = MistCommand.run(folder, Map.of(), "", words.split(" "));

            assertThat(ended.exitCode()).isEqualTo(1);
            assertThat(ended.output())
                    .isEqualTo(
                            "mist: no gateway runs on " + RunningStack.data(folder) + ": start one with `./mist up`\n");
        } finally {
            RunningStack.delete(folder);
        }
    }

    private static MistCommand.Ended mist(String... words) {
        return MistCommand.run(stack.folder(), Map.of("PATH", tools + ":" + System.getenv("PATH")), "", words);
    }

    private static String line(MistCommand.Ended ended, String name) {
        return ended.output()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .findFirst()
                .orElseThrow(() -> new AssertionError(ended.output()));
    }

    private static String address(MistCommand.Ended ended) {
        return ended.output()
                .lines()
                .filter(line -> line.startsWith("http"))
                .findFirst()
                .orElseThrow();
    }
}

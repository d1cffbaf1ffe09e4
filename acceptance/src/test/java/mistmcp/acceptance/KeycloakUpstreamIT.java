package mistmcp.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Upstreams that take tokens of a real Keycloak only, behind the running product: how the gateway gets one,
/// what the upstream sees of it, and how it lives and ends. What Keycloak wants set is in
/// docs/upstream-authorization.md.
final class KeycloakUpstreamIT {
    private static final Keycloak KEYCLOAK = Company.shared().keycloak();
    private static final String SECRET = "upstream-client-secret";
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofSeconds(20);

    private static final GuardedServer NET = guarded("upstream-net-ports");
    private static final GuardedServer SHORT_LIVED = guarded("upstream-short-ports");
    private static final GuardedServer ROBOT = guarded("upstream-robot-ports");
    private static final GuardedServer ONLINE = guarded("upstream-online-ports");
    private static final GuardedServer WIDE = guarded("upstream-wide-ports");

    private static RunningStack stack;
    private static String petra;

    private static GuardedServer guarded(String scope) {
        return new GuardedServer(scope, KEYCLOAK.issuer(), KEYCLOAK.keysUrl());
    }

    @BeforeAll
    static void starts() throws IOException {
        int port = RunningStack.freePort();
        var callback = "http://127.0.0.1:" + port + "/upstreams/callback";
        KEYCLOAK.registers("upstream-net", SECRET, callback);
        KEYCLOAK.offers("upstream-net", "upstream-net-ports", NET.url());
        KEYCLOAK.registers("upstream-short", SECRET, callback);
        KEYCLOAK.offers("upstream-short", "upstream-short-ports", SHORT_LIVED.url());
        KEYCLOAK.tokenLife("upstream-short", SHORT);
        KEYCLOAK.registers("upstream-robot", SECRET, callback);
        KEYCLOAK.offers("upstream-robot", "upstream-robot-ports", ROBOT.url());
        KEYCLOAK.tokenLife("upstream-robot", SHORT);
        KEYCLOAK.registers("upstream-online", SECRET, callback);
        KEYCLOAK.offers("upstream-online", "upstream-online-ports", ONLINE.url());
        // The scope is there, but its tokens are for another server.
        KEYCLOAK.registers("upstream-wide", SECRET, callback);
        KEYCLOAK.offers("upstream-wide", "upstream-wide-ports", "https://another.example/mcp");
        var folder = RunningStack.installation();
        var upstreams = JsonObject.of(
                "net", entry(NET, "net"),
                "short", entry(SHORT_LIVED, "short"),
                "robot", entry(ROBOT, "robot"),
                "online", entry(ONLINE, "online"),
                "wide", entry(WIDE, "wide"));
        var file = Files.write(folder.resolve("upstreams.json"), Json.bytes(JsonObject.of("upstreams", upstreams)));
        var policy = Files.write(
                folder.resolve("policy.json"),
                Json.bytes(OwnPolicy.of("page", "net/*", "short/*", "robot/*", "online/*", "wide/*")));
        Files.writeString(folder.resolve(".env"), "UPSTREAM_CLIENT_SECRET=" + SECRET + "\n");
        stack = RunningStack.startUnready(
                folder, port, Map.of("UPSTREAMS_PATH", file.toString(), "POLICY_PATH", policy.toString()));
        petra = stack.mint("petra", "ReadOnly");
    }

    private static JsonObject entry(GuardedServer server, String name) {
        var oauth = JsonObject.of(
                "clientId", "upstream-" + name, "clientSecret", JsonObject.of("from", "UPSTREAM_CLIENT_SECRET"));
        return JsonObject.of(
                "url",
                server.url(),
                "prefix",
                name,
                "reads",
                JsonArray.of("*"),
                "sites",
                "none",
                "oauth",
                name.equals("robot")
                        ? oauth.with("issuer", KEYCLOAK.issuer()).with("grant", "client_credentials")
                        : oauth);
    }

    @AfterAll
    static void stops() {
        stack.close();
        NET.close();
        SHORT_LIVED.close();
        ROBOT.close();
        ONLINE.close();
        WIDE.close();
    }

    @Test
    void aPersonAuthorizesItAndTheUpstreamSeesATokenOfTheGatewaysOwn() throws IOException {
        await().atMost(SOON).untilAsserted(() -> assertThat(line("net")).contains(" needs authorization "));
        assertThat(call("net").text()).contains("-32602");
        assertThat(NET.callers()).isEmpty();

        var walk = new SignInWalk();
        var page = authorize(walk, "net", "nora");

        assertThat(page.status()).as(page.text()).isEqualTo(200);
        assertThat(page.text()).contains("The upstream is authorized");
        awaitReady("net");
        assertThat(call("net").text()).contains("\"port\":\"up\"");
        var seen = NET.callers().getLast();
        assertThat(seen.string("iss")).contains(KEYCLOAK.issuer());
        assertThat(seen.string("azp")).contains("upstream-net");
        assertThat(GuardedServer.audiences(seen)).contains(NET.url());
        assertThat(seen.string("scope").orElse("").split(" ")).contains("upstream-net-ports");
        assertThat(seen.string("preferred_username")).contains("nora");
        assertThat(NET.shown()).doesNotContain("Bearer " + petra);

        var secrets = new ArrayList<>(
                tokens(NET).stream().map(KeycloakUpstreamIT::signature).toList());
        assertThat(secrets).isNotEmpty();
        var answer = walk.visited().getLast().getRawQuery();
        secrets.add(parameter(answer, "code"));
        secrets.add(parameter(answer, "state"));
        secrets.add(SECRET);
        for (var told : List.of(
                page.text(),
                stack.gatewayLog(),
                MistCommand.run(stack.folder(), Map.of(), "", "upstreams").output(),
                call("net").text(),
                stack.get(petra, "/tools").text(),
                stack.get(petra, "/audit").text())) {
            assertThat(told).doesNotContain(secrets);
        }
        var kept = files(RunningStack.data(stack.folder()));
        assertThat(kept.keySet()).contains(Path.of("upstreams/net.json"));
        kept.forEach((file, text) -> {
            if (!file.startsWith("upstreams")) {
                assertThat(text).as(file.toString()).doesNotContain(secrets);
            }
        });
        assertThat(Files.getPosixFilePermissions(
                        RunningStack.data(stack.folder()).resolve("upstreams/net.json")))
                .hasSize(2);
    }

    @Test
    void itIsRenewedUntilItIsTakenBack() {
        authorize(new SignInWalk(), "short", "nora");
        awaitReady("short");

        await().atMost(SOON).until(() -> {
            assertThat(call("short").text()).contains("\"port\":\"up\"");
            return SHORT_LIVED.callers().stream()
                            .map(claims -> claims.string("jti"))
                            .distinct()
                            .count()
                    > 1;
        });
        assertThat(SHORT_LIVED.callers())
                .allSatisfy(
                        claims -> assertThat(GuardedServer.audiences(claims)).contains(SHORT_LIVED.url()));

        KEYCLOAK.takesBack("nora", "upstream-short");

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(line("short"))
                        .contains(" needs authorization ", " 0 tools", "gives no token: invalid_grant"));
        var before = SHORT_LIVED.callers().size();
        assertThat(call("short").text()).contains("-32602");
        assertThat(SHORT_LIVED.callers()).hasSize(before);
    }

    @Test
    void aProgramThatStandsForItselfIsLetInAndGetsAnotherTokenInTime() {
        awaitReady("robot");

        await().atMost(SOON).until(() -> {
            assertThat(call("robot").text()).contains("\"port\":\"up\"");
            return ROBOT.callers().stream()
                            .map(claims -> claims.string("jti"))
                            .distinct()
                            .count()
                    > 1;
        });

        assertThat(ROBOT.callers()).allSatisfy(claims -> {
            assertThat(claims.string("azp")).contains("upstream-robot");
            assertThat(GuardedServer.audiences(claims)).contains(ROBOT.url());
            assertThat(claims.string("preferred_username")).contains("service-account-upstream-robot");
        });
    }

    @Test
    void aTokenForAnotherAudienceIsNotTakenAndTheListSaysSo() {
        var page = authorize(new SignInWalk(), "wide", "nora");
        assertThat(page.status()).isEqualTo(200);

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(line("wide"))
                        .contains(" needs authorization ", "the server does not take its token"));

        assertThat(tokens(WIDE)).isNotEmpty();
        assertThat(WIDE.callers()).isEmpty();
    }

    @Test
    void aPersonWithoutOfflineAccessAuthorizesAtTheSecondAttempt() {
        var first = authorize(new SignInWalk(), "online", "rita");

        assertThat(first.status()).isEqualTo(400);
        assertThat(first.text())
                .contains("does not give `offline_access` to this client or person: authorize again")
                .contains("Code oauth_token_refused");
        assertThat(ONLINE.shown()).containsOnly("");

        var second = authorize(new SignInWalk(), "online", "rita");

        assertThat(second.status()).as(second.text()).isEqualTo(200);
        awaitReady("online");
        assertThat(call("online").text()).contains("\"port\":\"up\"");
        assertThat(ONLINE.callers().getLast().string("preferred_username")).contains("rita");
    }

    private static RawHttp.Reply authorize(SignInWalk walk, String name, String user) {
        var prepared = MistCommand.run(stack.folder(), Map.of(), "", "upstreams", "authorize", name);
        assertThat(prepared.exitCode()).as(prepared.output()).isZero();
        var address = prepared.output()
                .lines()
                .filter(line -> line.startsWith("http"))
                .findFirst();
        return walk.signIn(address.orElseThrow(), user);
    }

    private static void awaitReady(String name) {
        await().atMost(SOON).untilAsserted(() -> assertThat(line(name)).contains(" ready ", " 1 tools"));
    }

    private static String line(String name) {
        var ended = MistCommand.run(stack.folder(), Map.of(), "", "upstreams");
        return ended.output()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .findFirst()
                .orElseThrow(() -> new AssertionError(ended.output()));
    }

    private static RawHttp.Reply call(String name) {
        return stack.call(petra, name + "_get_port", JsonObject.EMPTY);
    }

    private static List<String> tokens(GuardedServer server) {
        return server.shown().stream()
                .filter(shown -> !shown.isEmpty())
                .map(shown -> shown.substring("Bearer ".length()))
                .distinct()
                .toList();
    }

    /// The part that nobody can make up; the others are alike in many tokens.
    private static String signature(String token) {
        return token.substring(token.lastIndexOf('.') + 1);
    }

    private static String parameter(String query, String name) {
        return Arrays.stream(query.split("&"))
                .filter(pair -> pair.startsWith(name + "="))
                .map(pair -> pair.substring(name.length() + 1))
                .findFirst()
                .orElseThrow();
    }

    private static Map<Path, String> files(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            var all = new java.util.TreeMap<Path, String>();
            files.filter(Files::isRegularFile).forEach(file -> {
                try {
                    all.put(folder.relativize(file), Files.readString(file, StandardCharsets.ISO_8859_1));
                } catch (IOException failed) {
                    throw new UncheckedIOException(failed);
                }
            });
            return all;
        }
    }
}

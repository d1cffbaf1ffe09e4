package mistmcp.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mistmcp.gateway.Gateway;
import mistmcp.gateway.GatewaySettings;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonObject;
import mistmcp.mcp.MetaKeys;
import mistmcp.settings.Env;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An upstream that wants an authorization, behind a whole gateway: before, after, and when it is taken back.
class UpstreamAuthorizationIT {
    private static final String NEEDED = "needs authorization: run `./mist upstreams authorize net`";

    @TempDir
    private Path folder;

    private final FakeUpstream upstream =
            new FakeUpstream().with(FakeUpstream.definition("get_port")).with(FakeUpstream.definition("set_port"));
    private final FakeIssuer issuer = new FakeIssuer(upstream.uri());
    private final HttpClient http = HttpClient.newHttpClient();
    private final Moved clock = new Moved();
    private Gateway gateway;

    /// The time of day, and what a test adds to it.
    private static final class Moved implements InstantSource {
        private volatile Duration ahead = Duration.ZERO;

        @Override
        public Instant instant() {
            return Instant.now().plus(ahead);
        }

        void pass(Duration time) {
            ahead = ahead.plus(time);
        }
    }

    private record Called(int status, JsonObject body) {}

    @BeforeEach
    void open() throws Exception {
        upstream.guarded(issuer);
        Files.writeString(
                folder.resolve("upstreams.json"),
                Json.text(JsonObject.of(
                        "upstreams",
                        JsonObject.of(
                                "net",
                                JsonObject.of(
                                        "url",
                                        upstream.uri().toString(),
                                        "reads",
                                        JsonArray.of("get_*"),
                                        "preview",
                                        "arguments",
                                        "oauth",
                                        JsonObject.EMPTY)))));
        Files.write(folder.resolve("policy.json"), RunningGate.policy("field", "net/*"));
        gateway = start();
    }

    private Gateway start() throws IOException, InterruptedException {
        int port;
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        var env = Env.of(new HashMap<>(Map.of(
                "MODE_AUTH", "dev",
                "WRITE_ENABLED", "true",
                "GATEWAY_PORT", Integer.toString(port),
                "DATA_DIR", folder.resolve("data").toString(),
                "POLICY_PATH", folder.resolve("policy.json").toString(),
                "UPSTREAMS_PATH", folder.resolve("upstreams.json").toString(),
                "PROMPT_PATH", "../rbac_prompt.txt")));
        var settings = GatewaySettings.read(env);
        env.check();
        return Gateway.start(settings, clock);
    }

    @AfterEach
    void close() {
        gateway.close();
        http.close();
        issuer.close();
        upstream.close();
    }

    private HttpResponse<String> ask(String method, URI uri, Optional<JsonObject> body, String... headers)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(uri)
                .method(
                        method,
                        body.map(Json::bytes).map(BodyPublishers::ofByteArray).orElse(BodyPublishers.noBody()));
        body.ifPresent(_ -> request.header("Content-Type", "application/json"));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private Called call(String method, String path, Optional<JsonObject> body, String... headers) throws Exception {
        var answer = ask(method, URI.create("http://127.0.0.1:" + gateway.port() + path), body, headers);
        return new Called(answer.statusCode(), body(answer));
    }

    /// An answer that takes its time comes as a stream, its last event being the answer.
    private static JsonObject body(HttpResponse<String> answer) {
        boolean stream = answer.headers()
                .firstValue("Content-Type")
                .filter(type -> type.startsWith("text/event-stream"))
                .isPresent();
        return Json.parseObject(
                stream
                        ? answer.body()
                                .lines()
                                .filter(line -> line.startsWith("data:"))
                                .reduce((_, last) -> last)
                                .map(line -> line.substring("data:".length()))
                                .orElseThrow(() -> new AssertionError(answer.body()))
                        : answer.body());
    }

    private Called operator(String method, String path, Optional<JsonObject> body) throws Exception {
        var run = Json.parseObject(Files.readAllBytes(folder.resolve("data/run/gateway.json")), JsonLimits.REQUEST);
        return call(
                method, path, body, "Mist-Operator", run.string("operatorToken").orElseThrow());
    }

    private Called authorize() throws Exception {
        return operator("POST", "/operator/upstreams/authorize", Optional.of(JsonObject.of("upstream", "net")));
    }

    /// A browser that was sent to the authorization server.
    ///
    /// @param cookie what the gateway gave it
    /// @param back   where the authorization server sends it
    private record Sent(String cookie, String back) {}

    private static String location(HttpResponse<String> answer) {
        return answer.headers().firstValue("Location").orElseThrow(() -> new AssertionError(answer.body()));
    }

    private Sent go(String address) throws Exception {
        var sent = ask("GET", URI.create(address), Optional.empty());
        var cookie = sent.headers().firstValue("Set-Cookie").orElseThrow();
        assertThat(cookie)
                .startsWith("__Host-mist-upstream=")
                .contains("; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=600");
        var back = location(ask("GET", URI.create(location(sent)), Optional.empty()));
        return new Sent(cookie.substring(0, cookie.indexOf(';')), back);
    }

    /// What a person in a browser does.
    private HttpResponse<String> comeBack(String address) throws Exception {
        var sent = go(address);
        return ask("GET", URI.create(sent.back()), Optional.empty(), "Cookie", sent.cookie());
    }

    private void authorized() throws Exception {
        var prepared = authorize();
        assertThat(comeBack(prepared.body().string("address").orElseThrow()).statusCode())
                .isEqualTo(200);
        eventually(() -> tools().contains("get_port"));
    }

    private JsonObject standing() throws Exception {
        return operator("GET", "/operator/upstreams", Optional.empty())
                .body()
                .array("upstreams")
                .orElseThrow()
                .objects()
                .getFirst();
    }

    private String readiness() throws Exception {
        return call("GET", "/readyz", Optional.empty())
                .body()
                .object("checks")
                .flatMap(checks -> checks.string("upstream:net"))
                .orElseThrow();
    }

    private String token() throws Exception {
        return call(
                        "POST",
                        "/auth/dev/mint",
                        Optional.of(JsonObject.of("sub", "anna", "roles", JsonArray.of("ReadWrite"))))
                .body()
                .string("access_token")
                .orElseThrow();
    }

    private JsonObject mcp(String method, JsonObject params) throws Exception {
        var meta =
                JsonObject.of(MetaKeys.PROTOCOL_VERSION, "2026-07-28", MetaKeys.CLIENT_CAPABILITIES, JsonObject.EMPTY);
        var message = JsonObject.of("jsonrpc", "2.0", "id", 1, "method", method, "params", params.with("_meta", meta));
        var headers = new ArrayList<>(List.of(
                "Authorization",
                "Bearer " + token(),
                "Accept",
                "application/json, text/event-stream",
                "MCP-Protocol-Version",
                "2026-07-28",
                "Mcp-Method",
                method));
        params.string("name").ifPresent(name -> headers.addAll(List.of("Mcp-Name", name)));
        return call("POST", "/mcp", Optional.of(message), headers.toArray(String[]::new))
                .body();
    }

    private List<String> tools() throws Exception {
        return mcp("tools/list", JsonObject.EMPTY)
                .object("result")
                .flatMap(result -> result.array("tools"))
                .orElseThrow()
                .objects()
                .stream()
                .map(tool -> tool.string("name").orElse(""))
                .toList();
    }

    private JsonObject getPort() throws Exception {
        return mcp("tools/call", JsonObject.of("name", "get_port", "arguments", JsonObject.EMPTY));
    }

    private interface Holds {
        boolean now() throws Exception;
    }

    private static void eventually(Holds holds) throws Exception {
        for (int i = 0; i < 300; i++) {
            if (holds.now()) {
                return;
            }
            Thread.sleep(50);
        }
        throw new AssertionError("waited in vain");
    }

    private List<String> recorded() throws IOException {
        return recorded("upstream.access");
    }

    private List<String> recorded(String event) throws IOException {
        try (var files = Files.walk(folder.resolve("data/audit"))) {
            var records = new ArrayList<String>();
            for (var file : files.filter(Files::isRegularFile).toList()) {
                var text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                for (var record : text.split("\\{\"v\":", -1)) {
                    if (record.contains("\"" + event + "\"")) {
                        records.add(record);
                    }
                }
            }
            return records;
        }
    }

    @Test
    void withoutAnAuthorizationNothingOfItIsThereAndNobodyIsAsked() throws Exception {
        eventually(() -> readiness().startsWith(NEEDED));

        assertThat(tools()).isNotEmpty().doesNotContain("get_port");
        assertThat(getPort().object("error").flatMap(error -> error.integer("code")))
                .contains(-32602L);
        assertThat(call("GET", "/readyz", Optional.empty()).status()).isEqualTo(503);
        assertThat(standing().string("state")).contains("needs_authorization");
        assertThat(standing().integer("tools")).contains(0L);
        assertThat(upstream.calls()).isEmpty();
        assertThat(issuer.registrations()).isZero();
        assertThat(issuer.tokenRequests()).isEmpty();
        assertThat(issuer.presented()).containsOnly("");
    }

    @Test
    void onceAuthorizedItsToolsAreThereUnderTheGatewaysOwnToken() throws Exception {
        eventually(() -> readiness().startsWith(NEEDED));
        var prepared = authorize();
        assertThat(prepared.body().string("issuer")).contains(issuer.url());
        assertThat(prepared.body().array("scopes")).contains(JsonArray.of("ports"));

        var page = comeBack(prepared.body().string("address").orElseThrow());

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("The upstream is authorized").doesNotContain("secret", "the-code");
        assertThat(page.headers().firstValue("Content-Security-Policy")).isPresent();
        eventually(() -> tools().contains("get_port"));
        assertThat(getPort().has("result")).isTrue();
        assertThat(upstream.calls()).hasSize(1);
        assertThat(readiness()).isEqualTo("ok");
        assertThat(standing().object("oauth").flatMap(oauth -> oauth.string("issuer")))
                .contains(issuer.url());
        assertThat(issuer.presented()).as("no token of a caller").containsOnly("", "Bearer access-secret-1");
        assertThat(issuer.tokenRequests().getFirst())
                .containsEntry("resource", upstream.uri().toString());
    }

    @Test
    void keepsItPrivatelyAndGoesOnWithItAfterARestart() throws Exception {
        authorized();
        var file = folder.resolve("data/upstreams/net.json");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                .isEqualTo("rwx------");
        gateway.close();

        gateway = start();

        eventually(() -> tools().contains("get_port"));
        assertThat(issuer.tokenRequests()).hasSize(1);
    }

    @Test
    void renewsItBeforeItEnds() throws Exception {
        authorized();
        clock.pass(Duration.ofSeconds(FakeIssuer.LIFE_SECONDS - 30));

        assertThat(getPort().has("result")).isTrue();

        assertThat(issuer.tokenRequests()).hasSize(2);
        assertThat(issuer.tokenRequests().getLast()).containsEntry("refresh_token", "refresh-secret-1");
        assertThat(readiness()).isEqualTo("ok");
    }

    @Test
    void whenItIsTakenBackTheToolsAreGoneAndTheRecordSaysSo() throws Exception {
        authorized();
        clock.pass(Duration.ofMinutes(5));
        issuer.revoke();

        var refused = getPort();

        assertThat(Json.text(refused)).containsAnyOf("upstream_needs_authorization", "-32602");
        assertThat(upstream.calls()).isEmpty();
        eventually(() -> !tools().contains("get_port"));
        assertThat(getPort().has("error")).isTrue();
        assertThat(readiness()).startsWith(NEEDED);
        assertThat(recorded())
                .anyMatch(line -> line.contains("\"prepared\""))
                .anyMatch(line -> line.contains("\"authorized\"") && line.contains(issuer.url()))
                .anyMatch(line -> line.contains("\"oauth_token_refused\""));
        assertThat(String.join("", recorded())).doesNotContain("secret", "the-code");

        authorized();
        assertThat(getPort().has("result")).isTrue();
    }

    private JsonObject setPort(JsonObject more) throws Exception {
        return called(more)
                .object("result")
                .flatMap(result -> result.object("structuredContent"))
                .orElseThrow();
    }

    private JsonObject called(JsonObject more) throws Exception {
        var arguments = JsonObject.of("text", "up");
        for (var name : more.names()) {
            arguments = arguments.with(name, more.get(name).orElseThrow());
        }
        return mcp("tools/call", JsonObject.of("name", "set_port", "arguments", arguments));
    }

    /// A plan, and what commits it.
    private JsonObject commit() throws Exception {
        authorized();
        var plan = setPort(JsonObject.EMPTY);
        assertThat(plan.string("state")).contains("planned");
        clock.pass(Duration.ofMinutes(5));
        return JsonObject.of("commit", true, "confirmation", plan.string("id").orElseThrow());
    }

    private JsonObject planned(JsonObject commit) throws Exception {
        var id = commit.string("confirmation").orElseThrow();
        return call("GET", "/plans/" + id, Optional.empty(), "Authorization", "Bearer " + token())
                .body();
    }

    @Test
    void withoutAnAuthorizationACommitIsNotSentAndThePlanStays() throws Exception {
        var commit = commit();
        issuer.revoke();

        var told = called(commit);

        // When the lists were fetched in between, the tool is gone before the commit has come.
        if (!told.has("error")) {
            assertThat(Json.text(told)).contains("upstream_needs_authorization", "nothing was sent", NEEDED);
        }
        assertThat(planned(commit).string("state")).contains("planned");
        assertThat(issuer.named()).isEmpty();
        assertThat(recorded("commit.intent")).isEmpty();

        authorized();
        assertThat(setPort(commit).string("state")).contains("verified");
        assertThat(upstream.calls()).hasSize(1);
    }

    @Test
    void aCommitThatIsRefusedForGoodChangesNothingAndSaysSo() throws Exception {
        var commit = commit();
        issuer.when("set_port", issuer::revoke);

        var told = setPort(commit);

        assertThat(told.string("state")).as(Json.text(told)).contains("aborted");
        assertThat(planned(commit).string("state")).contains("aborted");
        assertThat(Json.text(planned(commit))).contains("upstream_needs_authorization", "\"sent\":false");
        assertThat(issuer.named()).containsExactly("set_port");
        assertThat(upstream.calls()).isEmpty();
        assertThat(recorded("commit.intent")).hasSize(1);
        assertThat(recorded("commit.outcome"))
                .singleElement()
                .asString()
                .contains("\"aborted\"", "upstream_needs_authorization");

        authorized();
        assertThat(Json.text(setPort(commit))).contains("plan_aborted");
        assertThat(issuer.named()).containsExactly("set_port");
        assertThat(upstream.calls()).isEmpty();
    }

    @Test
    void aCommitThatIsRefusedWithItsTokenGoesOnceWithTheNextOne() throws Exception {
        var commit = commit();
        issuer.when("set_port", issuer::expire);

        var told = setPort(commit);

        assertThat(told.string("state")).as(Json.text(told)).contains("verified");
        assertThat(planned(commit).string("state")).contains("verified");
        assertThat(issuer.named()).as("refused, and let in").containsExactly("set_port", "set_port");
        assertThat(upstream.calls()).containsExactly("set_port {\"text\":\"up\"}");
        assertThat(recorded("commit.intent")).hasSize(1);
        assertThat(recorded("commit.outcome")).singleElement().asString().contains("\"verified\"");

        assertThat(setPort(commit).bool("replayed")).contains(true);
        assertThat(upstream.calls()).hasSize(1);
    }

    @Test
    void takesAnAnswerOnceAndNoneThatItDidNotAskFor() throws Exception {
        var address = authorize().body().string("address").orElseThrow();
        var sent = go(address);
        var back = sent.back();
        var foreign = back.replaceFirst("iss=[^&]*", "iss=https%3A%2F%2Fevil.example.com");
        var invented = "http://127.0.0.1:" + gateway.port() + "/upstreams/callback?code=x&state=y";

        for (var wrong : List.of(invented, invented + "&state=z", foreign, back)) {
            var page = ask("GET", URI.create(wrong), Optional.empty(), "Cookie", sent.cookie());
            assertThat(page.statusCode()).as(wrong).isEqualTo(400);
            assertThat(page.body()).contains("Code oauth_").doesNotContain("evil", "the-code");
        }

        assertThat(issuer.tokenRequests()).isEmpty();
        assertThat(recorded()).hasSize(2).anyMatch(line -> line.contains("\"oauth_issuer_mismatch\""));
    }

    @Test
    void onlyTheBrowserThatWasSentBringsTheAnswer() throws Exception {
        var address = authorize().body().string("address").orElseThrow();
        assertThat(address)
                .startsWith("http://127.0.0.1:" + gateway.port() + "/upstreams/authorize?ticket=")
                .doesNotContain("state");
        var sent = go(address);
        var other = go(authorize().body().string("address").orElseThrow());

        for (var cookies : List.of(new String[0], new String[] {"Cookie", other.cookie()})) {
            var page = ask("GET", URI.create(sent.back()), Optional.empty(), cookies);
            assertThat(page.statusCode()).isEqualTo(400);
            assertThat(page.body()).contains("Code oauth_browser_changed");
        }

        assertThat(issuer.tokenRequests()).isEmpty();
        assertThat(recorded().stream().filter(line -> line.contains("\"oauth_browser_changed\"")))
                .hasSize(2);
        var right = ask("GET", URI.create(sent.back()), Optional.empty(), "Cookie", sent.cookie());
        assertThat(right.statusCode()).isEqualTo(200);
        eventually(() -> tools().contains("get_port"));
    }

    @Test
    void anAddressIsForTheBrowserThatOpensItFirstAndForTenMinutes() throws Exception {
        var address = URI.create(authorize().body().string("address").orElseThrow());
        var sent = go(address.toString());

        var again = ask("GET", address, Optional.empty(), "Cookie", sent.cookie());
        assertThat(again.statusCode()).isEqualTo(302);
        assertThat(ask("GET", address, Optional.empty()).body()).contains("Code oauth_address_spent");
        var late = URI.create(authorize().body().string("address").orElseThrow());
        clock.pass(Duration.ofMinutes(11));
        var invented = URI.create(address.toString().replaceFirst("ticket=.*", "ticket=x"));
        for (var refused : List.of(
                ask("GET", address, Optional.empty(), "Cookie", sent.cookie()),
                ask("GET", late, Optional.empty()),
                ask("GET", invented, Optional.empty()),
                ask("GET", URI.create(address.toString().replaceFirst("\\?.*", "")), Optional.empty()))) {
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.body()).contains("Code oauth_address_spent");
            assertThat(refused.headers().map()).doesNotContainKeys("location", "set-cookie");
        }
    }

    @Test
    void onlyTheOperatorPreparesOne() throws Exception {
        var body = Optional.of(JsonObject.of("upstream", "net"));
        for (var header : List.of("Bearer " + token(), "Bearer x")) {
            assertThat(call("POST", "/operator/upstreams/authorize", body, "Authorization", header)
                            .status())
                    .isIn(401, 403);
        }
        assertThat(operator("POST", "/operator/upstreams/authorize", Optional.of(JsonObject.of("upstream", "other")))
                        .body()
                        .string("code"))
                .contains("upstream_unknown");

        assertThat(issuer.registrations()).isZero();
    }
}

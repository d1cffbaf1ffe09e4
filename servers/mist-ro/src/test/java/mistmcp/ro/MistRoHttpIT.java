package mistmcp.ro;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import mistmcp.assertion.Assertion;
import mistmcp.assertion.AssertionKey;
import mistmcp.json.Json;
import mistmcp.json.JsonObject;
import mistmcp.json.Sha256;
import mistmcp.settings.Secret;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Over HTTP nothing happens without the gateway's assertion for exactly this call.
class MistRoHttpIT {
    private static final Secret KEY = new Secret("k".repeat(40));
    private static final AssertionKey ASSERTIONS = new AssertionKey(KEY, InstantSource.system());
    private static final RoFixture FIXTURE = RoFixture.fresh();
    private static final MistRo.Listening LISTENING = FIXTURE.server().listen(0, KEY, InstantSource.system());
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final String ARGUMENTS = "{\"limit\":5}";

    @AfterAll
    static void close() {
        CLIENT.close();
        LISTENING.close();
        FIXTURE.close();
    }

    @BeforeEach
    void forget() {
        FIXTURE.mist().journal().clear();
    }

    private static Assertion assertion() {
        return new Assertion(
                "mist-ro",
                "https://idp.example|alice",
                "ReadOnly",
                List.of("*"),
                "read",
                "tools/call",
                "search_alarms",
                Sha256.of(ARGUMENTS.getBytes(StandardCharsets.UTF_8)),
                ASSERTIONS.newId(),
                ASSERTIONS.expiry(),
                Optional.empty());
    }

    private static HttpResponse<String> call(Optional<String> token) throws IOException, InterruptedException {
        var body =
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"search_alarms\",\"arguments\":"
                        + ARGUMENTS + "}}";
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + LISTENING.port() + "/mcp"))
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream")
                .header("MCP-Protocol-Version", "2025-11-25")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        token.ifPresent(value -> request.header(Assertion.HEADER, value));
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void answersACallThatTheGatewayVouchesFor() throws Exception {
        var response = call(Optional.of(ASSERTIONS.sign(assertion())));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).contains("\"total\":40");
    }

    @Test
    void keepsToTheSitesOfTheAssertion() throws Exception {
        var lyon = FIXTURE.siteId("Lyon-Branch");
        var a = assertion();
        var response = call(Optional.of(ASSERTIONS.sign(new Assertion(
                a.audience(),
                a.principal(),
                a.role(),
                List.of(lyon),
                a.mode(),
                a.method(),
                a.target(),
                a.argumentsDigest(),
                a.id(),
                a.expiresAt(),
                a.commit()))));

        assertThat(response.body()).contains("Lyon-Branch").doesNotContain("Berlin");
    }

    @Test
    void refusesACallWithoutAnAssertion() throws Exception {
        assertRefused(call(Optional.empty()));
        assertRefused(call(Optional.of("not-a-token")));
    }

    @Test
    void refusesAnAssertionOfAnotherKey() throws Exception {
        var other = new AssertionKey(new Secret("o".repeat(40)), InstantSource.system());

        assertRefused(call(Optional.of(other.sign(assertion()))));
    }

    @Test
    void refusesAnAssertionForAnythingElse() throws Exception {
        var a = assertion();
        for (var wrong : List.of(
                with(a, "mist-rw", a.mode(), a.method(), a.target(), a.argumentsDigest(), a.expiresAt()),
                with(a, a.audience(), "commit", a.method(), a.target(), a.argumentsDigest(), a.expiresAt()),
                with(a, a.audience(), "dry_run", a.method(), a.target(), a.argumentsDigest(), a.expiresAt()),
                with(a, a.audience(), a.mode(), "resources/read", a.target(), a.argumentsDigest(), a.expiresAt()),
                with(a, a.audience(), a.mode(), a.method(), "list_sites", a.argumentsDigest(), a.expiresAt()),
                with(a, a.audience(), a.mode(), a.method(), a.target(), Sha256.of(new byte[0]), a.expiresAt()),
                with(a, a.audience(), a.mode(), a.method(), a.target(), a.argumentsDigest(), Instant.EPOCH),
                with(
                        a,
                        a.audience(),
                        a.mode(),
                        a.method(),
                        a.target(),
                        a.argumentsDigest(),
                        Instant.ofEpochSecond(4_000_000_000L)))) {
            assertRefused(call(Optional.of(ASSERTIONS.sign(wrong))));
        }
    }

    private static Assertion with(
            Assertion a, String audience, String mode, String method, String target, String digest, Instant expiresAt) {
        return new Assertion(
                audience,
                a.principal(),
                a.role(),
                a.sites(),
                mode,
                method,
                target,
                digest,
                a.id(),
                expiresAt,
                a.commit());
    }

    private static void assertRefused(HttpResponse<String> response) {
        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(Json.parseObject(response.body()).string("code")).contains("assertion_refused");
        assertThat(FIXTURE.mist().journal().entries()).isEmpty();
    }

    @Test
    void tellsItsHealthWithoutAnAssertion() throws Exception {
        var response = CLIENT.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + LISTENING.port() + "/healthz"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(200);
        JsonObject state = Json.parseObject(response.body());
        assertThat(state.string("status")).contains("ok");
        assertThat(state.object("mist").flatMap(mist -> mist.bool("simulated"))).contains(true);
        assertThat(state.has("callsLeftThisHour")).isTrue();
    }
}

package mistmcp.mcp.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import mistmcp.http.HttpClient;
import mistmcp.http.HttpResponse;
import mistmcp.json.JsonObject;
import mistmcp.json.RawJson;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.RequestMeta;
import mistmcp.mcp.UpstreamReply;
import mistmcp.mcp.oauth.Authorization;
import mistmcp.mcp.oauth.Bearer;
import mistmcp.mcp.oauth.Challenge;
import mistmcp.settings.Secret;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AuthorizedClientIT {
    private final HttpClient http = new HttpClient(Duration.ofSeconds(2), 8);
    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (var one : opened) {
            one.close();
        }
        http.close();
    }

    /// Has another token after each challenge, as long as there are some.
    static final class Tokens implements Authorization {
        private final int most;
        private final AtomicInteger at = new AtomicInteger();
        final List<Challenge> challenges = new CopyOnWriteArrayList<>();
        private final AtomicInteger accepted = new AtomicInteger();

        Tokens(int most) {
            this.most = most;
        }

        @Override
        public Optional<Bearer> bearer() {
            return at.get() == 0 ? Optional.empty() : Optional.of(new Bearer(new Secret("t" + at.get())));
        }

        @Override
        public boolean answers() {
            return true;
        }

        @Override
        public void accepted() {
            accepted.incrementAndGet();
        }

        @Override
        public Verdict challenged(Challenge challenge, Optional<Bearer> sent) {
            challenges.add(challenge);
            return at.get() < most && at.incrementAndGet() > 0
                    ? new Verdict.Again()
                    : new Verdict.Failed("upstream_needs_authorization", "no more");
        }
    }

    private ScriptedServer server(ScriptedServer.Script script) {
        var server = new ScriptedServer(script);
        opened.add(server);
        return server;
    }

    private UpstreamReply call(ScriptedServer server, Authorization authorization, Map<String, String> headers)
            throws InterruptedException {
        var client = new HttpMcpClient(
                http,
                server.uri(),
                ClientOptions.of(JsonObject.of("name", "test", "version", "1")).withEra(Era.MODERN),
                authorization);
        opened.addFirst(client);
        return client.send(
                new UpstreamRequest(
                        "tools/call",
                        Optional.of("a"),
                        RawJson.of(JsonObject.of("name", "a")),
                        RequestMeta.NONE,
                        "tester",
                        headers,
                        Duration.ofSeconds(10)),
                Exchange.SILENT);
    }

    private static void refuse(HttpResponse response, int status, String challenge) throws IOException {
        response.header("WWW-Authenticate", challenge);
        ScriptedServer.json(response, status, "{\"error\":\"invalid_token\"}");
    }

    @Test
    void sendsTheSameRequestAgainWithTheNextToken() throws InterruptedException {
        var tokens = new Tokens(1);
        var server = server((seen, response) -> {
            if (seen.header("Authorization").equals("Bearer t1")) {
                ScriptedServer.result(response, seen, "{\"resultType\":\"complete\",\"content\":[]}");
            } else {
                refuse(response, 401, "Bearer scope=\"run\"");
            }
        });

        var reply = call(server, tokens, Map.of("Authorization", "Basic configured"));

        assertThat(reply).isInstanceOf(UpstreamReply.Answered.class);
        assertThat(server.seen()).hasSize(2);
        assertThat(server.seen().getFirst().message())
                .isEqualTo(server.seen().getLast().message());
        assertThat(tokens.challenges).extracting(Challenge::scopes).containsExactly(java.util.Set.of("run"));
        assertThat(tokens.accepted).hasValue(1);
    }

    @Test
    void aRefusedRequestIsKnownNotToHaveBeenApplied() throws InterruptedException {
        var server = server((seen, response) -> refuse(response, 401, "Bearer"));

        var reply = call(server, new Tokens(0), Map.of());

        assertThat(reply).isEqualTo(new UpstreamReply.Failed("upstream_needs_authorization", "no more", false));
        assertThat(server.seen()).hasSize(1);
    }

    @Test
    void triesNoMoreThanAFewTimes() throws InterruptedException {
        var tokens = new Tokens(100);
        var server =
                server((seen, response) -> refuse(response, 403, "Bearer error=\"insufficient_scope\", scope=\"w\""));

        assertThat(call(server, tokens, Map.of()))
                .isEqualTo(new UpstreamReply.Failed(
                        "upstream_needs_authorization", "the server refuses one authorization after the other", false));

        assertThat(server.seen()).hasSize(4);
        assertThat(tokens.accepted).hasValue(0);
    }

    @Test
    void aRefusalThatAsksForNothingStaysOne() throws InterruptedException {
        var tokens = new Tokens(100);
        var server = server((seen, response) -> ScriptedServer.json(response, 403, "{\"error\":\"no\"}"));

        assertThat(call(server, tokens, Map.of()))
                .isEqualTo(
                        new UpstreamReply.Failed("upstream_broken", "the server answered with HTTP status 403", true));

        assertThat(server.seen()).hasSize(1);
        assertThat(tokens.challenges).isEmpty();
    }

    @Test
    void withoutAuthorizationNothingOfItIsRead() throws InterruptedException {
        var server = server((seen, response) -> refuse(response, 401, "Bearer"));

        assertThat(call(server, Authorization.NONE, Map.of("Authorization", "Basic configured")))
                .isEqualTo(
                        new UpstreamReply.Failed("upstream_broken", "the server answered with HTTP status 401", false));

        assertThat(server.seen())
                .extracting(seen -> seen.header("Authorization"))
                .containsExactly("Basic configured");
    }
}

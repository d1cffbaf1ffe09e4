package mistmcp.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import mistmcp.http.HttpClient;
import mistmcp.json.Json;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonSpans;
import mistmcp.json.RawJson;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.McpReply;
import mistmcp.mcp.RequestMeta;
import mistmcp.mcp.UpstreamReply;
import mistmcp.mcp.client.ClientOptions;
import mistmcp.mcp.client.Era;
import mistmcp.mcp.client.HttpMcpClient;
import mistmcp.mcp.client.UpstreamRequest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// A client that answers every question with yes and the phrase asked for, at each level, in both eras; what
/// was sent is looked up in the simulated Mist's journal.
final class ClientLevelIT {
    private static final List<String> LEVELS = List.of("field", "client", "page", "fresh-login", "two-person");
    private static final RequestMeta DECLARES = new RequestMeta(
            Optional.empty(),
            JsonObject.EMPTY,
            JsonObject.EMPTY,
            JsonObject.of("elicitation", JsonObject.EMPTY),
            Optional.empty());

    private static final OwnPolicy OWN = OwnPolicy.shared();

    @ParameterizedTest
    @FieldSource("LEVELS")
    void onlyAtLevelClientDoesAnEagerClientGetAChangeSent(String level) throws InterruptedException {
        OWN.put(OwnPolicy.of(level));
        var stack = OWN.stack();
        var bearer = stack.mint("petra", "ReadWrite");
        var port = "ge-0/0/" + LEVELS.indexOf(level);
        for (var era : List.of(Era.MODERN, Era.LEGACY)) {
            var usage = era == Era.MODERN ? "iot" : "parking";
            int before = stack.writesSent().size();
            var eager = new Eager("ber-sw-02 " + port);

            var told = commit(stack, bearer, era, port, usage, eager);

            assertThat(told.string("level")).as(Json.text(told)).contains(level);
            if (level.equals("client")) {
                assertThat(told.string("state")).as(Json.text(told)).contains("verified");
                assertThat(stack.writesSent()).hasSize(before + 1);
                assertThat(eager.questions).hasSize(1);
                assertThat(eager.questions.getFirst()).contains(eager.phrase, usage);
            } else {
                assertThat(told.string("state")).contains("planned");
                assertThat(eager.questions).isEmpty();
                assertThat(stack.writesSent()).hasSize(before);
            }
        }
    }

    /// Says yes to everything.
    private static final class Eager implements Exchange {
        private final List<String> questions = new CopyOnWriteArrayList<>();
        private final String phrase;

        Eager(String phrase) {
            this.phrase = phrase;
        }

        @Override
        public void notify(String method, RawJson params) {}

        @Override
        public Answer ask(String method, RawJson params, Duration patience) {
            questions.add(params.toString());
            return new Answer.Given(RawJson.of(
                    JsonObject.of("action", "accept", "content", JsonObject.of("phrase", phrase, "confirm", true))));
        }

        @Override
        public boolean cancelled() {
            return false;
        }

        @Override
        public void onCancel(Runnable action) {}
    }

    private static JsonObject commit(RunningStack stack, String bearer, Era era, String port, String usage, Eager eager)
            throws InterruptedException {
        var options = ClientOptions.of(JsonObject.of("name", "eager", "version", "1"))
                .withEra(era)
                .withRelay(Set.of("elicitation"));
        try (var http = new HttpClient(Duration.ofSeconds(5), 4);
                var client = new HttpMcpClient(http, URI.create(stack.url() + "/mcp"), options)) {
            var arguments = JsonObject.of("device", "ber-sw-02", "port", port, "usage", usage, "commit", true);
            var reply = client.send(
                    new UpstreamRequest(
                            "tools/call",
                            Optional.of("set_switch_port"),
                            RawJson.of(JsonObject.of("name", "set_switch_port", "arguments", arguments)),
                            DECLARES,
                            "petra",
                            Map.of("Authorization", "Bearer " + bearer),
                            Duration.ofSeconds(60)),
                    eager);
            if (reply instanceof UpstreamReply.Answered(McpReply.Result result)) {
                return (JsonObject) JsonSpans.find(result.body(), "structuredContent")
                        .orElseThrow()
                        .parse(JsonLimits.TRUSTED);
            }
            throw new AssertionError(reply.toString());
        }
    }
}

package mistmcp.mcp.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import mistmcp.http.HttpClient;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonObject;
import mistmcp.json.RawJson;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.McpReply;
import mistmcp.mcp.RequestMeta;
import mistmcp.mcp.UpstreamReply;
import mistmcp.mcp.server.Endpoint;
import mistmcp.mcp.server.McpOptions;
import mistmcp.mcp.server.ToolResult;
import mistmcp.mcp.server.Tools;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class McpRoundTripIT {
    private static final JsonObject US = JsonObject.of("name", "test-client", "version", "1");

    private final HttpClient http = new HttpClient(Duration.ofSeconds(2), 16);
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (var one : open.reversed()) {
            one.close();
        }
        http.close();
    }

    @ParameterizedTest
    @EnumSource(Era.class)
    void callsAToolAndGetsItsResult(Era era) throws Exception {
        var client = client(Endpoint.of(McpOptions.SESSIONS, Tools.echo()), era, Set.of());

        var reply = client.send(call("echo", "{\"text\":\"hi\"}"), Exchange.SILENT);

        assertThat(structured(reply)).isEqualTo(JsonObject.of("caller", "ann", "text", "hi"));
    }

    @ParameterizedTest
    @EnumSource(Era.class)
    void callsAToolWithoutArguments(Era era) throws Exception {
        var client = client(Endpoint.of(McpOptions.STATELESS, Tools.echo()), era, Set.of());

        var reply = client.send(
                request("tools/call", Optional.of("echo"), "{\"name\":\"echo\"}", RequestMeta.NONE), Exchange.SILENT);

        assertThat(structured(reply).string("text")).contains("nothing");
    }

    @ParameterizedTest
    @EnumSource(Era.class)
    void relaysProgressUnderTheCallersToken(Era era) throws Exception {
        var tool = Tools.tool("slow", (_, _, exchange) -> {
            for (int i = 1; i <= 3; i++) {
                exchange.notify(
                        "notifications/progress", RawJson.of(JsonObject.of("progressToken", "own", "progress", i)));
            }
            return ToolResult.of(JsonObject.EMPTY);
        });
        var client = client(Endpoint.of(McpOptions.STATELESS, tool), era, Set.of());
        var exchange = new Recorder(Map.of());
        var meta = new RequestMeta(
                Optional.of(RawJson.of("\"tok\"".getBytes(java.nio.charset.StandardCharsets.UTF_8))),
                JsonObject.EMPTY,
                JsonObject.EMPTY,
                JsonObject.EMPTY,
                Optional.empty());

        client.send(request("tools/call", Optional.of("slow"), "{\"name\":\"slow\"}", meta), exchange);

        assertThat(exchange.notes)
                .extracting(note -> note.string("progressToken").orElse(""))
                .containsExactly("tok", "tok", "tok");
    }

    @ParameterizedTest
    @EnumSource(Era.class)
    void relaysAQuestionAndItsAnswer(Era era) throws Exception {
        var tool = Tools.tool("asks", (_, _, exchange) -> {
            var answer = exchange.ask(
                    "elicitation/create",
                    RawJson.of(JsonObject.of("message", "sure?", "requestedSchema", JsonObject.of("type", "object"))),
                    Duration.ofSeconds(5));
            return ToolResult.of(JsonObject.of(
                    "answer",
                    answer instanceof Exchange.Answer.Given given
                            ? given.result().parse(JsonLimits.REQUEST)
                            : JsonObject.of("none", answer.toString())));
        });
        var client = client(Endpoint.of(McpOptions.SESSIONS, tool), era, Set.of("elicitation"));
        var exchange = new Recorder(Map.of("elicitation/create", "{\"action\":\"accept\",\"content\":{\"n\":1.10}}"));
        var meta = new RequestMeta(
                Optional.empty(),
                JsonObject.EMPTY,
                JsonObject.EMPTY,
                JsonObject.of("elicitation", JsonObject.of("form", JsonObject.EMPTY)),
                Optional.empty());

        var reply = client.send(request("tools/call", Optional.of("asks"), "{\"name\":\"asks\"}", meta), exchange);

        assertThat(structured(reply)).hasToString("{\"answer\":{\"action\":\"accept\",\"content\":{\"n\":1.10}}}");
    }

    @ParameterizedTest
    @EnumSource(Era.class)
    void cancelsTheCallWhenTheCallerCancels(Era era) throws Exception {
        var started = new CountDownLatch(1);
        var cancelled = new CountDownLatch(1);
        var tool = Tools.tool("hangs", (_, _, exchange) -> {
            exchange.onCancel(cancelled::countDown);
            started.countDown();
            cancelled.await(60, TimeUnit.SECONDS);
            return ToolResult.of(JsonObject.EMPTY);
        });
        var client = client(Endpoint.of(McpOptions.STATELESS, tool), era, Set.of());
        var exchange = new Recorder(Map.of());
        var replies = new CopyOnWriteArrayList<UpstreamReply>();
        var caller = Thread.ofVirtual().start(() -> {
            try {
                replies.add(client.send(call("hangs", "{}"), exchange));
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        });
        assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();

        exchange.cancel();

        assertThat(caller.join(Duration.ofSeconds(20))).isTrue();
        assertThat(replies)
                .first()
                .isInstanceOfSatisfying(
                        UpstreamReply.Failed.class,
                        failed -> assertThat(failed.code()).isEqualTo("cancelled"));
        assertThat(cancelled.await(20, TimeUnit.SECONDS)).isTrue();
    }

    private HttpMcpClient client(Endpoint endpoint, Era era, Set<String> relay) {
        open.add(endpoint);
        var client = new HttpMcpClient(
                http, endpoint.uri(), ClientOptions.of(US).withEra(era).withRelay(relay));
        open.add(client);
        return client;
    }

    private static UpstreamRequest call(String tool, String arguments) {
        return request(
                "tools/call",
                Optional.of(tool),
                "{\"name\":\"" + tool + "\",\"arguments\":" + arguments + "}",
                RequestMeta.NONE);
    }

    private static UpstreamRequest request(String method, Optional<String> target, String params, RequestMeta meta) {
        return new UpstreamRequest(
                method,
                target,
                RawJson.of(params.getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                meta,
                "ann",
                Map.of("Caller", "ann"),
                Duration.ofSeconds(60));
    }

    private static JsonObject structured(UpstreamReply reply) {
        assertThat(reply).isInstanceOf(UpstreamReply.Answered.class);
        var answered = ((UpstreamReply.Answered) reply).reply();
        assertThat(answered).isInstanceOf(McpReply.Result.class);
        var result = (JsonObject) ((McpReply.Result) answered).body().parse(JsonLimits.TRUSTED);
        return result.object("structuredContent").orElseThrow();
    }

    /// A caller that writes down what it is told and answers by method.
    private static final class Recorder implements Exchange {
        private final List<JsonObject> notes = new CopyOnWriteArrayList<>();
        private final List<Runnable> actions = new CopyOnWriteArrayList<>();
        private final Map<String, String> answers;
        private volatile boolean cancelled;

        Recorder(Map<String, String> answers) {
            this.answers = answers;
        }

        @Override
        public void notify(String method, RawJson params) {
            notes.add((JsonObject) params.parse(JsonLimits.REQUEST));
        }

        @Override
        public Answer ask(String method, RawJson params, Duration patience) {
            return answers.containsKey(method)
                    ? new Answer.Given(RawJson.of(
                            answers.getOrDefault(method, "").getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                    : new Answer.NotSupported();
        }

        @Override
        public boolean cancelled() {
            return cancelled;
        }

        @Override
        public void onCancel(Runnable action) {
            actions.add(action);
        }

        void cancel() {
            cancelled = true;
            actions.forEach(Runnable::run);
        }
    }
}

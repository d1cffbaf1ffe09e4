package mistmcp.mcp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import mistmcp.http.HttpClient;
import mistmcp.http.HttpResponse;
import mistmcp.http.InboundResponse;
import mistmcp.http.OutboundRequest;
import mistmcp.json.Json;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonObject;
import mistmcp.json.RawJson;
import mistmcp.json.Sha256;
import mistmcp.jsonrpc.ErrorCode;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.McpReply;
import mistmcp.mcp.McpRequest;
import mistmcp.mcp.ParamHeaders;
import mistmcp.mcp.ResultStream;
import mistmcp.mcp.UpstreamReply;
import mistmcp.mcp.server.Endpoint;
import mistmcp.mcp.server.McpOptions;
import mistmcp.mcp.server.McpService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Results over 64 KiB on their way through our two sides: a server that plays out its answer as a test wants, our
/// client, a service that hands on, our endpoint, and a caller that reads bytes.
class LargeResultIT {
    private static final String BIG = "0123456789 abcdefghijklmnop é🌐 ".repeat(6_000);
    private static final String SECOND_HALF = "\"}],\"n\":1.10,\"big\":12345678901234567890,\"e\":1e400";

    private final HttpClient http = new HttpClient(Duration.ofSeconds(2), 16);
    private final BlockingQueue<ResultStream.End> ends = new ArrayBlockingQueue<>(10);
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (var one : open.reversed()) {
            one.close();
        }
        http.close();
    }

    @ParameterizedTest
    @CsvSource({
        "MODERN, json, modern, application/json",
        "MODERN, json, modern, text/event-stream",
        "MODERN, json, legacy, application/json",
        "MODERN, events, legacy, application/json",
        "LEGACY, json, modern, text/event-stream",
        "LEGACY, json, legacy, application/json",
        "LEGACY, events, modern, application/json",
        "LEGACY, events, legacy, text/event-stream"
    })
    void beginsToLeaveWhileItsEndIsStillOnItsWay(Era era, String form, String caller, String accept) throws Exception {
        var readOn = new CountDownLatch(1);
        var begin = (era == Era.MODERN ? "{\"resultType\":\"complete\"," : "{")
                + "\"content\":[{\"type\":\"text\",\"text\":\"" + BIG;
        var uri = path(era, (asked, response) -> {
            var out = begun(form, asked, response, begin);
            assertThat(readOn.await(10, TimeUnit.SECONDS)).isTrue();
            ended(form, out, SECOND_HALF + "}");
        });

        try (var response = call(uri, caller, accept)) {
            var in = response.body();
            var first = in.readNBytes(50_000);
            readOn.countDown();
            var rest = in.readAllBytes();

            var whole = result(new String(first, StandardCharsets.UTF_8) + new String(rest, StandardCharsets.UTF_8));
            var sent = begin + SECOND_HALF;
            assertThat(whole).startsWith(sent);
            assertThat(Json.parseObject(whole).without("_meta", "resultType"))
                    .isEqualTo(Json.parseObject(sent + "}").without("resultType"));
            assertThat(Json.parseObject(whole).has("resultType"))
                    .isEqualTo(era == Era.MODERN || caller.equals("modern"));
            assertThat(Json.parseObject(whole).object("_meta").orElseThrow().string("seen"))
                    .contains("by the gateway");
            var end = ends.poll(30, TimeUnit.SECONDS);
            assertThat(end.failed()).isEmpty();
            assertThat(end.digest()).contains(Sha256.of((sent + "}").getBytes(StandardCharsets.UTF_8)));
            assertThat(end.bytes()).isEqualTo((sent + "}").getBytes(StandardCharsets.UTF_8).length);
            assertThat(end.toolError()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"_meta\":{\"vendor\":1.10},\"a\":1,\"content\":[{\"type\":\"text\",\"text\":\"BIG\"}]",
                "\"a\":1,\"content\":[{\"type\":\"text\",\"text\":\"BIG\"}],\"_meta\":{\"vendor\":1.10}",
                "\"content\":[{\"type\":\"text\",\"text\":\"BIG\"}],\"_meta\" : { \"vendor\":1.10 } ,\"a\":1"
            })
    void setsMetaWhereItStands(String members) throws Exception {
        var text = "{" + members.replace("BIG", BIG) + "}";
        var uri = path(Era.LEGACY, (asked, response) -> ScriptedServer.result(response, asked, text));

        var whole = result(read(uri, "legacy"));

        var meta = Json.parseObject(whole).object("_meta").orElseThrow();
        assertThat(meta.get("vendor")).hasToString("Optional[1.10]");
        assertThat(meta.string("seen")).contains("by the gateway");
        int at = text.indexOf("\"_meta\"");
        assertThat(whole).startsWith(text.substring(0, at + 7));
        assertThat(Json.parseObject(whole).without("_meta"))
                .isEqualTo(Json.parseObject(text).without("_meta"));
    }

    @Test
    void saysWhetherTheToolFailedThoughItShowsAtTheEnd() throws Exception {
        var uri = path(
                Era.LEGACY,
                (asked, response) -> ScriptedServer.result(
                        response,
                        asked,
                        "{\"content\":[{\"type\":\"text\",\"text\":\"" + BIG + "\"}],\"isError\":true}"));

        read(uri, "legacy");

        assertThat(ends.poll(30, TimeUnit.SECONDS).toolError()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"jsonrpc\":\"2.0\",\"result\":{\"resultType\":\"complete\",\"x\":\"BIG\"},\"id\":ID}",
                "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"x\":\"BIG\",\"resultType\":\"complete\"}}",
                "{\"id\":ID,\"result\":{\"resultType\":\"complete\",\"x\":\"BIG\"},\"jsonrpc\":\"2.0\"}"
            })
    void waitsForAnAnswerThatSaysTooLateWhatItIs(String message) throws Exception {
        var uri = path(
                Era.MODERN,
                (asked, response) -> ScriptedServer.json(
                        response, 200, message.replace("ID", asked.id()).replace("BIG", BIG)));

        var whole = Json.parseObject(result(read(uri, "modern")));

        assertThat(whole.string("x")).contains(BIG);
        assertThat(ends).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "json   | drop                          | upstream_broken,upstream_garbage",
                "events | drop                          | upstream_broken,upstream_garbage",
                "json   | \"}],\"n\":1                  | upstream_garbage",
                "events | \"}],\"n\":1                  | upstream_garbage",
                "json   | \"}],\"content\":1}}          | upstream_garbage",
                "json   | \"}],\"n\":01}}               | upstream_garbage",
                "json   | \"}]}} x                      | upstream_garbage",
                "json   | \"}]},\"error\":{\"code\":1}} | upstream_garbage",
                "events | \"}]},\"id\":1}               | upstream_garbage",
                "json   | \"}],\"_meta\":\"BIG\"}}      | result_too_large",
                "json   | LARGER                        | result_too_large"
            })
    void breaksOffWithTheServer(String form, String end, String codes) throws Exception {
        var uri = path(Era.LEGACY, (asked, response) -> {
            var out = begun(form, asked, response, "{\"content\":[{\"text\":\"" + BIG);
            if (end.equals("drop")) {
                response.abort();
            } else {
                var text = end.replace("BIG", BIG.repeat(6)).replace("LARGER", BIG.repeat(20));
                out.write(text.getBytes(StandardCharsets.UTF_8));
                out.write(form.equals("events") ? new byte[] {'\n', '\n'} : new byte[0]);
                out.close();
            }
        });

        assertThatThrownBy(() -> read(uri, "legacy")).isInstanceOf(IOException.class);

        var told = ends.poll(30, TimeUnit.SECONDS);
        assertThat(codes.split(",")).contains(told.failed().orElseThrow().code());
        assertThat(told.digest()).isEmpty();
    }

    @Test
    void breaksOffWhenItsEndCannotBeRecorded() {
        var uri = path(
                Era.LEGACY,
                (asked, response) -> ScriptedServer.result(
                        response, asked, "{\"content\":[{\"type\":\"text\",\"text\":\"" + BIG + "\"}]}"));
        // The queue of ends is full: whoever is told of one more throws.
        var other = new ResultStream.End(Optional.empty(), 0, false, Optional.empty());
        while (ends.offer(other)) {
            assertThat(ends).isNotEmpty();
        }

        assertThatThrownBy(() -> read(uri, "legacy")).isInstanceOf(IOException.class);
    }

    @Test
    void letsGoOfTheServerWhenTheCallerGoesAway() throws Exception {
        var left = new CountDownLatch(1);
        var gone = new CountDownLatch(1);
        var uri = path(Era.LEGACY, (asked, response) -> {
            var out = begun("json", asked, response, "{\"content\":[{\"text\":\"" + BIG);
            try {
                // What comes before the caller has left could become too much before anybody notices.
                left.await();
                for (int i = 0; i < 200; i++) {
                    out.write(BIG.getBytes(StandardCharsets.UTF_8));
                    out.flush();
                    Thread.sleep(20);
                }
            } catch (IOException dropped) {
                gone.countDown();
            }
        });
        try (var response = call(uri, "legacy", "application/json")) {
            assertThat(response.body().readNBytes(1000)).hasSize(1000);
        }
        left.countDown();

        assertThat(gone.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(ends.poll(30, TimeUnit.SECONDS).failed().orElseThrow().code())
                .isEqualTo("cancelled");
    }

    @Test
    void keepsASecondCallerOfTheSameConnectionApart() throws Exception {
        var uri = path(
                Era.LEGACY,
                (asked, response) -> ScriptedServer.result(
                        response, asked, "{\"content\":[{\"type\":\"text\",\"text\":\"" + asked.id() + BIG + "\"}]}"));

        for (int i = 0; i < 20; i++) {
            assertThat(result(read(uri, "legacy"))).contains(BIG).endsWith("}");
            assertThat(ends.poll(30, TimeUnit.SECONDS).failed()).isEmpty();
        }
    }

    private static OutputStream begun(String form, ScriptedServer.Seen asked, HttpResponse response, String result)
            throws IOException {
        boolean events = form.equals("events");
        var out = response.stream(200, events ? "text/event-stream" : "application/json");
        var text = (events ? "data: " : "") + "{\"jsonrpc\":\"2.0\",\"id\":" + asked.id() + ",\"result\":" + result;
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
        return out;
    }

    private static void ended(String form, OutputStream out, String result) throws IOException {
        out.write((result + "}" + (form.equals("events") ? "\n\n" : "")).getBytes(StandardCharsets.UTF_8));
        out.close();
    }

    /// The address of an endpoint that hands on to a server.
    private java.net.URI path(Era era, ScriptedServer.Script script) {
        var server = new ScriptedServer((asked, response) -> {
            switch (asked.rpc()) {
                case "initialize" ->
                    ScriptedServer.result(
                            response,
                            asked,
                            "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},\"serverInfo\":{\"name\":\"s\",\"version\":\"1\"}}");
                case "notifications/initialized" -> response.send(202);
                default -> script.answer(asked, response);
            }
        });
        open.add(server);
        var client = new HttpMcpClient(
                http,
                server.uri(),
                ClientOptions.of(JsonObject.of("name", "c", "version", "1"))
                        .withEra(era)
                        .withMaxResultBytes(2 << 20));
        open.add(client);
        var endpoint = new Endpoint(new HandingOn(client, ends), McpOptions.STATELESS);
        open.add(endpoint);
        return endpoint.uri();
    }

    private String read(java.net.URI uri, String caller) throws IOException {
        try (var response = call(uri, caller, "application/json")) {
            return new String(response.body(4 << 20), StandardCharsets.UTF_8);
        }
    }

    private InboundResponse call(java.net.URI uri, String caller, String accept) throws IOException {
        boolean modern = caller.equals("modern");
        var headers = new LinkedHashMap<>(Map.of("Accept", accept, "Content-Type", "application/json"));
        if (modern) {
            headers.put("MCP-Protocol-Version", "2026-07-28");
            headers.put("Mcp-Method", "tools/call");
            headers.put("Mcp-Name", "t");
        }
        var meta = modern
                ? ",\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{}}"
                : "";
        var body =
                "{\"jsonrpc\":\"2.0\",\"id\":\"seven\",\"method\":\"tools/call\",\"params\":{\"name\":\"t\",\"arguments\":{}"
                        + meta + "}}";
        return http.send(new OutboundRequest(
                "POST",
                uri,
                headers,
                Optional.of(body.getBytes(StandardCharsets.UTF_8)),
                Duration.ofSeconds(20),
                Duration.ofSeconds(20)));
    }

    /// The result of a message that came as JSON or as one event.
    private static String result(String answer) {
        var message = answer.startsWith("event:")
                ? answer.substring(answer.indexOf("data: ") + 6).strip()
                : answer;
        var head = "{\"jsonrpc\":\"2.0\",\"id\":\"seven\",\"result\":";
        assertThat(message).startsWith(head).endsWith("}");
        assertThat(Json.parseObject(message.getBytes(StandardCharsets.UTF_8), JsonLimits.TRUSTED)
                        .has("result"))
                .isTrue();
        return message.substring(head.length(), message.length() - 1);
    }

    /// Hands each call on, and sets what a gateway sets.
    private record HandingOn(HttpMcpClient client, BlockingQueue<ResultStream.End> ends) implements McpService<String> {
        @Override
        public JsonObject serverInfo() {
            return JsonObject.of("name", "between", "version", "1");
        }

        @Override
        public String instructions(String caller) {
            return "";
        }

        @Override
        public JsonObject capabilities(String caller) {
            return JsonObject.of("tools", JsonObject.EMPTY);
        }

        @Override
        public ParamHeaders paramHeaders(String caller, String tool) {
            return ParamHeaders.NONE;
        }

        @Override
        public McpReply handle(String caller, McpRequest request, Exchange exchange) throws InterruptedException {
            var reply = client.send(
                    new UpstreamRequest(
                            request.method(),
                            request.target(),
                            RawJson.of(JsonObject.of("name", "t")),
                            request.meta(),
                            caller,
                            Map.of(),
                            Duration.ofSeconds(10)),
                    exchange);
            var seen = JsonObject.of("seen", "by the gateway");
            return switch (reply) {
                case UpstreamReply.Streaming(McpReply.Streamed streamed) -> {
                    streamed.stream().onEnd(ends::add);
                    yield new McpReply.Streamed(streamed.stream(), seen, streamed.cache());
                }
                case UpstreamReply.Answered(McpReply.Result whole) ->
                    new McpReply.Result(whole.object(), seen, whole.cache());
                case UpstreamReply.Answered(McpReply.Failure failure) -> failure;
                case UpstreamReply.Failed failed -> McpReply.Failure.of(ErrorCode.INTERNAL_ERROR, failed.code());
            };
        }
    }
}

package mistmcp.mcp.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import mistmcp.http.HttpClient;
import mistmcp.http.HttpResponse;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonObject;
import mistmcp.json.RawJson;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.McpReply;
import mistmcp.mcp.RequestMeta;
import mistmcp.mcp.UpstreamReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpMcpClientIT {
    private static final JsonObject US = JsonObject.of("name", "test-client", "version", "1");
    private static final String DISCOVERED =
            "{\"resultType\":\"complete\",\"supportedVersions\":[\"2026-07-28\"],\"capabilities\":{}}";
    private static final String WELCOME =
            "{\"protocolVersion\":\"2025-06-18\",\"capabilities\":{},\"serverInfo\":{\"name\":\"s\",\"version\":\"1\"}}";

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
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "-",
            value = {
                "200 | \"result\":{\"resultType\":\"complete\",\"supportedVersions\":[\"2026-07-28\"]} | MODERN",
                "400 | \"error\":{\"code\":-32020,\"message\":\"m\"}                                   | MODERN",
                "400 | \"error\":{\"code\":-32021,\"message\":\"m\"}                                   | MODERN",
                "400 | \"error\":{\"code\":-32022,\"message\":\"m\",\"data\":{\"supported\":[\"2026-07-28\"]}} | MODERN",
                "400 | \"error\":{\"code\":-32022,\"message\":\"m\",\"data\":{\"supported\":[\"2025-11-25\"]}} | LEGACY",
                "200 | \"result\":{}                                                                   | LEGACY",
                "200 | \"error\":{\"code\":-32601,\"message\":\"m\"}                                   | LEGACY",
                "400 | \"error\":{\"code\":-32000,\"message\":\"no valid session\"}                    | LEGACY",
                "404 | \"error\":{\"code\":-32601,\"message\":\"m\"}                                   | LEGACY",
                "400 | -                                                                               | LEGACY",
                "404 | -                                                                               | LEGACY",
                "405 | -                                                                               | LEGACY",
                "401 | -                                                                               | AUTO",
                "401 | \"error\":{\"code\":-32001,\"message\":\"m\"}                                   | AUTO",
                "403 | \"error\":{\"code\":-32001,\"message\":\"m\"}                                   | AUTO",
                "302 | -                                                                               | AUTO",
                "429 | -                                                                               | AUTO",
                "500 | \"error\":{\"code\":-32603,\"message\":\"m\"}                                   | AUTO",
                "503 | -                                                                               | AUTO"
            })
    void readsTheEraFromTheAnswerAndNothingFromARefusal(int status, String members, Era era) throws Exception {
        var server = server((asked, response) -> {
            switch (asked.rpc()) {
                case "server/discover" -> discover(status, Optional.ofNullable(members), asked, response);
                case "initialize" -> ScriptedServer.result(response, asked, WELCOME);
                case "notifications/initialized" -> response.send(202);
                default -> ScriptedServer.result(response, asked, "{\"content\":[]}");
            }
        });
        var client = client(server, Era.AUTO, Set.of());

        var reply = client.send(call("t", "{}"), Exchange.SILENT);

        assertThat(client.era()).isEqualTo(era);
        assertThat(server.methods())
                .isEqualTo(
                        switch (era) {
                            case MODERN -> List.of("server/discover", "tools/call");
                            case LEGACY ->
                                List.of("server/discover", "initialize", "notifications/initialized", "tools/call");
                            case AUTO -> List.of("server/discover");
                        });
        assertThat(reply instanceof UpstreamReply.Answered).isEqualTo(era != Era.AUTO);
    }

    private static void discover(int status, Optional<String> members, ScriptedServer.Seen asked, HttpResponse response)
            throws IOException {
        if (members.isEmpty()) {
            response.send(status, "text/plain", "no".getBytes(StandardCharsets.UTF_8));
        } else {
            ScriptedServer.json(
                    response, status, "{\"jsonrpc\":\"2.0\",\"id\":" + asked.id() + "," + members.get() + "}");
        }
    }

    @Test
    void asksForTheEraAgainWhenTheServerHasChanged() throws Exception {
        var modern = new AtomicInteger(1);
        var server = server((asked, response) -> {
            if (asked.rpc().equals("server/discover") && modern.get() == 1) {
                ScriptedServer.result(response, asked, DISCOVERED);
            } else if (asked.rpc().equals("initialize")) {
                ScriptedServer.result(response, asked, WELCOME);
            } else if (asked.rpc().equals("notifications/initialized")) {
                response.send(202);
            } else if (modern.get() == 1 || asked.header("MCP-Protocol-Version").startsWith("2025")) {
                ScriptedServer.result(response, asked, "{\"content\":[]}");
            } else {
                ScriptedServer.error(response, 400, asked, -32000, "bad request");
            }
        });
        var client = client(server, Era.AUTO, Set.of());
        client.send(call("t", "{}"), Exchange.SILENT);
        modern.set(0);

        assertThat(client.send(call("t", "{}"), Exchange.SILENT)).asString().contains("-32000");
        assertThat(client.send(call("t", "{}"), Exchange.SILENT)).asString().contains("content");
        assertThat(client.era()).isEqualTo(Era.LEGACY);
    }

    @Test
    void sendsTheHeadersThatBelongToTheBodyWhateverIsConfigured() throws Exception {
        var server = server((asked, response) -> ScriptedServer.result(response, asked, "{\"content\":[]}"));
        var client = client(server, Era.MODERN, Set.of());
        var request = new UpstreamRequest(
                "tools/call",
                Optional.of("größe"),
                raw("{\"name\":\"größe\"}"),
                RequestMeta.NONE,
                "ann",
                Map.of("mcp-name", "other", "MCP-METHOD", "tools/list", "accept", "text/html", "Authorization", "ours"),
                Duration.ofSeconds(10));

        client.send(request, Exchange.SILENT);

        var seen = server.seen().getFirst();
        assertThat(seen.header("Mcp-Name")).isEqualTo("=?base64?Z3LDtsOfZQ==?=");
        assertThat(seen.header("Mcp-Method")).isEqualTo("tools/call");
        assertThat(seen.header("MCP-Protocol-Version")).isEqualTo("2026-07-28");
        assertThat(seen.header("Accept")).contains("application/json").contains("text/event-stream");
        assertThat(seen.header("Authorization")).isEqualTo("ours");
    }

    @Test
    void leavesOutToolsWithUnusableMarksAndMirrorsTheOthers() throws Exception {
        var server = server((asked, response) -> ScriptedServer.result(
                response,
                asked,
                asked.rpc().equals("tools/list")
                        ? "{\"tools\":[" + marked("good", "string", "Region") + ","
                                + marked("number", "number", "Region") + "," + marked("space", "string", "a b")
                                + ",{\"name\":\"plain\",\"inputSchema\":{}}]}"
                        : "{\"content\":[]}"));
        var client = client(server, Era.MODERN, Set.of());

        var listed = body(client.send(list(), Exchange.SILENT));
        client.send(call("good", "{\"region\":\"eu west\"}"), Exchange.SILENT);
        client.send(call("plain", "{\"region\":\"eu\"}"), Exchange.SILENT);
        client.send(call("good", "{\"region\":null}"), Exchange.SILENT);

        assertThat(listed).contains("\"good\"", "\"plain\"").doesNotContain("\"number\"", "\"space\"");
        assertThat(server.seen())
                .extracting(seen -> seen.header("Mcp-Param-Region"))
                .containsExactly("", "eu west", "", "");
    }

    @Test
    void listsAgainOnceWhenTheHeadersDoNotFit() throws Exception {
        var refusals = new AtomicInteger();
        var server = server((asked, response) -> {
            if (asked.rpc().equals("tools/list")) {
                ScriptedServer.result(response, asked, "{\"tools\":[" + marked("t", "string", "Region") + "]}");
            } else if (asked.header("Mcp-Param-Region").isEmpty() || refusals.get() > 0) {
                refusals.decrementAndGet();
                ScriptedServer.error(response, 400, asked, -32020, "mismatch");
            } else {
                ScriptedServer.result(response, asked, "{\"content\":[]}");
            }
        });
        var client = client(server, Era.MODERN, Set.of());

        assertThat(client.send(call("t", "{\"region\":\"eu\"}"), Exchange.SILENT))
                .asString()
                .contains("content");
        assertThat(server.methods()).containsExactly("tools/call", "tools/list", "tools/call");
        refusals.set(9);
        assertThat(client.send(call("t", "{\"region\":\"eu\"}"), Exchange.SILENT))
                .asString()
                .contains("-32020");
        assertThat(server.methods().subList(3, server.methods().size()))
                .containsExactly("tools/call", "tools/list", "tools/call");
    }

    @Test
    void answersWhatAServerAsksUnderANewIdWithItsStateToTheByte() throws Exception {
        var state = "{\\\"a\\\":1} \\u00e9 \\/ 1.10";
        var bodies = new CopyOnWriteArrayList<String>();
        var server = server((asked, response) -> {
            bodies.add(asked.message().toString());
            ScriptedServer.result(
                    response,
                    asked,
                    asked.params().has("requestState")
                            ? "{\"content\":[]}"
                            : "{\"resultType\":\"input_required\",\"requestState\":\"" + state
                                    + "\",\"inputRequests\":{\"q\":{\"method\":\"elicitation/create\",\"params\":{\"message\":\"?\"}}}}");
        });
        var client = client(server, Era.MODERN, Set.of("elicitation"));

        var reply = client.send(asking("t"), new Answering("{\"action\":\"accept\",\"content\":{\"n\":1.10}}"));

        assertThat(reply).asString().contains("content");
        var seen = server.seen();
        assertThat(seen).hasSize(2);
        assertThat(seen.get(0).id()).isNotEqualTo(seen.get(1).id());
        assertThat(seen.get(1).params().string("requestState")).contains("{\"a\":1} é / 1.10");
        assertThat(bodies.get(1))
                .contains("\"inputResponses\":{\"q\":{\"action\":\"accept\",\"content\":{\"n\":1.10}}}");
        assertThat(seen.get(0)
                        .params()
                        .object("_meta")
                        .orElseThrow()
                        .object("io.modelcontextprotocol/clientCapabilities"))
                .contains(JsonObject.of("elicitation", JsonObject.of("form", JsonObject.EMPTY)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"content\":[]}                                | content",
                "{\"resultType\":\"complete\",\"content\":[]}    | content",
                "{\"resultType\":\"task\",\"content\":[]}        | upstream_garbage",
                "{\"resultType\":7,\"content\":[]}               | upstream_garbage"
            })
    void takesNoResultOfAKindThatItDoesNotKnow(String result, String says) throws Exception {
        var server = server((asked, response) -> ScriptedServer.result(response, asked, result));

        var reply = client(server, Era.MODERN, Set.of()).send(call("t", "{}"), Exchange.SILENT);

        assertThat(reply).asString().contains(says);
    }

    @Test
    void declaresToALegacyServerWhatThisCallerCanBeAskedAndSharesNoSession() throws Exception {
        var sessions = new AtomicInteger();
        var server = server((asked, response) -> legacy(asked, response, sessions));
        var client = client(server, Era.LEGACY, Set.of("elicitation", "sampling"));

        client.send(call("t", "{}"), Exchange.SILENT);
        client.send(asking("t"), Exchange.SILENT);
        client.send(asking("t"), Exchange.SILENT);
        client.send(of("bob", asking("t")), Exchange.SILENT);

        assertThat(server.seen().stream()
                        .filter(seen -> seen.rpc().equals("initialize"))
                        .map(seen ->
                                String.valueOf(seen.params().get("capabilities").orElseThrow())))
                .containsExactly("{}", "{\"elicitation\":{\"form\":{}}}", "{\"elicitation\":{\"form\":{}}}");
        assertThat(server.seen().stream()
                        .filter(seen -> seen.rpc().equals("tools/call"))
                        .map(seen -> seen.header("Mcp-Session-Id")))
                .containsExactly("s1", "s2", "s2", "s3");
    }

    @Test
    void listsAsACallerThatCanBeAskedWhateverIsRelayed() throws Exception {
        var server = server((asked, response) -> legacy(asked, response, new AtomicInteger()));
        var modern = server((asked, response) -> ScriptedServer.result(response, asked, "{\"tools\":[]}"));

        client(server, Era.LEGACY, Set.of("elicitation")).send(list(), Exchange.SILENT);
        client(modern, Era.MODERN, Set.of("elicitation")).send(list(), Exchange.SILENT);

        assertThat(server.seen().getFirst().params().object("capabilities"))
                .contains(JsonObject.of("elicitation", JsonObject.EMPTY));
        assertThat(modern.seen().getFirst().params().toString()).contains("clientCapabilities\":{\"elicitation\":{}}");
    }

    private static void legacy(ScriptedServer.Seen asked, HttpResponse response, AtomicInteger sessions)
            throws IOException {
        switch (asked.rpc()) {
            case "initialize" -> {
                response.header("Mcp-Session-Id", "s" + sessions.incrementAndGet());
                ScriptedServer.result(response, asked, WELCOME);
            }
            case "notifications/initialized" -> response.send(202);
            case "GET", "DELETE" -> response.send(405);
            default -> ScriptedServer.result(response, asked, "{\"content\":[]}");
        }
    }

    @Test
    void saysHelloAgainOnceWhenItsSessionIsDead() throws Exception {
        var sessions = new AtomicInteger();
        var dead = new AtomicInteger(1);
        var server = server((asked, response) -> {
            if (asked.rpc().equals("tools/call") && dead.getAndDecrement() > 0) {
                response.send(404);
            } else {
                legacy(asked, response, sessions);
            }
        });
        var client = client(server, Era.LEGACY, Set.of());

        assertThat(client.send(call("t", "{}"), Exchange.SILENT)).asString().contains("content");
        dead.set(9);
        assertThat(client.send(call("t", "{}"), Exchange.SILENT)).asString().contains("upstream_broken");
        assertThat(server.seen().stream()
                        .filter(seen -> seen.rpc().equals("tools/call"))
                        .map(seen -> seen.header("Mcp-Session-Id")))
                .containsExactly("s1", "s2", "s2", "s3");
    }

    @Test
    void putsWhatALegacyServerAsksAtOnceToTheCallerAtOnce() throws Exception {
        var sessions = new AtomicInteger();
        var answers = new CopyOnWriteArrayList<String>();
        var server = server((asked, response) -> {
            if (asked.rpc().equals("tools/call")) {
                var out = response.stream(200, "text/event-stream");
                for (int i = 1; i <= 3; i++) {
                    out.write(("data: {\"jsonrpc\":\"2.0\",\"id\":\"q" + i
                                    + "\",\"method\":\"elicitation/create\",\"params\":{\"message\":\"" + i
                                    + "\"}}\n\n")
                            .getBytes(StandardCharsets.UTF_8));
                }
                out.flush();
                while (answers.size() < 3) {
                    Thread.sleep(10);
                }
                out.write(("data: {\"jsonrpc\":\"2.0\",\"id\":" + asked.id() + ",\"result\":{\"content\":[]}}\n\n")
                        .getBytes(StandardCharsets.UTF_8));
                out.close();
            } else if (asked.message().has("result")) {
                answers.add(asked.id());
                response.send(202);
            } else {
                legacy(asked, response, sessions);
            }
        });
        var client = client(server, Era.LEGACY, Set.of("elicitation"));
        var caller = new Answering("{\"action\":\"accept\"}");

        // What is put together is what is read within a moment, which may be too short on a busy machine.
        for (int i = 0; i < 20 && !caller.rounds.contains(3); i++) {
            caller.rounds.clear();
            answers.clear();
            assertThat(client.send(asking("t"), caller)).asString().contains("content");
            assertThat(answers).containsExactlyInAnyOrder("\"q1\"", "\"q2\"", "\"q3\"");
        }

        assertThat(caller.rounds).containsExactly(3);
    }

    @Test
    void readsOnWhileAQuestionIsOpenAndDropsItWhenTheAnswerComes() throws Exception {
        var sessions = new AtomicInteger();
        var server = server((asked, response) -> {
            if (asked.rpc().equals("tools/call")) {
                var out = response.stream(200, "text/event-stream");
                out.write(
                        ("data: {\"jsonrpc\":\"2.0\",\"id\":\"q\",\"method\":\"elicitation/create\",\"params\":{}}\n\n"
                                        + "data: {\"jsonrpc\":\"2.0\",\"id\":" + asked.id()
                                        + ",\"result\":{\"content\":[]}}\n\n")
                                .getBytes(StandardCharsets.UTF_8));
                out.close();
            } else {
                legacy(asked, response, sessions);
            }
        });

        var reply = client(server, Era.LEGACY, Set.of("elicitation")).send(asking("t"), new NeverAnswering());

        assertThat(reply).asString().contains("content");
        assertThat(server.seen()).noneMatch(seen -> seen.message().has("result"));
    }

    @Test
    void comesBackToALegacyStreamWhereItWasCut() throws Exception {
        var sessions = new AtomicInteger();
        var id = new AtomicInteger();
        var server = server((asked, response) -> {
            if (asked.rpc().equals("tools/call")) {
                id.set(Integer.parseInt(asked.id()));
                events(response, "id: e1\nretry: 10\ndata:\n\n");
            } else if (asked.method().equals("GET")
                    && !asked.header("Last-Event-ID").isEmpty()) {
                events(response, "data: {\"jsonrpc\":\"2.0\",\"id\":" + id.get() + ",\"result\":{\"content\":[]}}\n\n");
            } else {
                legacy(asked, response, sessions);
            }
        });

        assertThat(client(server, Era.LEGACY, Set.of()).send(call("t", "{}"), Exchange.SILENT))
                .asString()
                .contains("content");
        // The session's own stream is opened beside, sooner or later than that.
        assertThat(server.seen())
                .extracting(seen -> seen.header("Last-Event-ID"))
                .containsOnlyOnce("e1");
    }

    @Test
    void takesALostModernStreamForALostRequest() throws Exception {
        var server = server((asked, response) -> events(response, "id: e1\nretry: 10\ndata:\n\n"));

        assertThat(client(server, Era.MODERN, Set.of()).send(call("t", "{}"), Exchange.SILENT))
                .asString()
                .contains("upstream_broken", "maybeSent=true");
        assertThat(server.methods()).containsExactly("tools/call");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void neverTakesAStreamThatIsCutForAnAnswer(boolean dropped) throws Exception {
        var whole = "event: message\r\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":"
                + "{\"progressToken\":1,\"progress\":1}}\r\n\r\n: comment\r\n\r\n"
                + "data: {\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":\r\ndata: {\"content\":[]}}\r\n\r\n";
        var cut = new AtomicInteger();
        var server = server((asked, response) -> {
            var text = whole.replace("ID", asked.id());
            var part = text.substring(0, Math.min(cut.get(), text.length()));
            events(response, part);
            if (dropped) {
                response.abort();
            }
        });
        var client = client(server, Era.MODERN, Set.of());
        int end = whole.indexOf("{\"content\":[]}}\r\n\r\n") + "{\"content\":[]}}\r\n\r".length();

        for (cut.set(0); cut.get() < end - 3; cut.addAndGet(7)) {
            assertThat(client.send(call("t", "{}"), Exchange.SILENT))
                    .as("cut at %s", cut)
                    .isInstanceOf(UpstreamReply.Failed.class);
        }
        cut.set(whole.length() + 9);
        if (!dropped) {
            assertThat(client.send(call("t", "{}"), Exchange.SILENT)).asString().contains("content");
        }
    }

    private static void events(HttpResponse response, String text) throws IOException {
        var out = response.stream(200, "text/event-stream");
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private ScriptedServer server(ScriptedServer.Script script) {
        var server = new ScriptedServer(script);
        open.add(server);
        return server;
    }

    private HttpMcpClient client(ScriptedServer server, Era era, Set<String> relay) {
        var client = new HttpMcpClient(
                http, server.uri(), ClientOptions.of(US).withEra(era).withRelay(relay));
        open.add(client);
        return client;
    }

    private static String marked(String name, String type, String header) {
        return "{\"name\":\"" + name + "\",\"inputSchema\":{\"type\":\"object\",\"properties\":{\"region\":{\"type\":\""
                + type + "\",\"x-mcp-header\":\"" + header + "\"}}}}";
    }

    private static UpstreamRequest list() {
        return new UpstreamRequest(
                "tools/list",
                Optional.empty(),
                RawJson.EMPTY_OBJECT,
                RequestMeta.NONE,
                "ann",
                Map.of(),
                Duration.ofSeconds(10));
    }

    private static UpstreamRequest call(String tool, String arguments) {
        return call(tool, arguments, RequestMeta.NONE);
    }

    /// A call of a caller that takes forms, and says more of itself than may travel.
    private static UpstreamRequest asking(String tool) {
        var forms = JsonObject.of(
                "elicitation",
                JsonObject.of("form", JsonObject.EMPTY, "secret", JsonObject.EMPTY),
                "x",
                JsonObject.EMPTY);
        return call(
                tool,
                "{}",
                new RequestMeta(Optional.empty(), JsonObject.EMPTY, JsonObject.EMPTY, forms, Optional.empty()));
    }

    private static UpstreamRequest of(String principal, UpstreamRequest request) {
        return new UpstreamRequest(
                request.method(),
                request.target(),
                request.params(),
                request.meta(),
                principal,
                request.headers(),
                request.deadline());
    }

    private static UpstreamRequest call(String tool, String arguments, RequestMeta meta) {
        return new UpstreamRequest(
                "tools/call",
                Optional.of(tool),
                raw("{\"name\":\"" + tool + "\",\"arguments\":" + arguments + "}"),
                meta,
                "ann",
                Map.of(),
                Duration.ofSeconds(10));
    }

    private static RawJson raw(String text) {
        return RawJson.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String body(UpstreamReply reply) {
        return reply instanceof UpstreamReply.Answered(McpReply.Result result)
                ? result.body().parse(JsonLimits.TRUSTED).toString()
                : reply.toString();
    }

    /// A caller that answers everything alike and counts what it is asked at a time.
    private static final class Answering implements Exchange {
        private final List<Integer> rounds = new CopyOnWriteArrayList<>();
        private final String answer;

        Answering(String answer) {
            this.answer = answer;
        }

        @Override
        public void notify(String method, RawJson params) {}

        @Override
        public Answer ask(String method, RawJson params, Duration patience) {
            rounds.add(1);
            return new Answer.Given(raw(answer));
        }

        @Override
        public Map<String, Answer> askAll(Map<String, Question> questions, Duration patience) {
            rounds.add(questions.size());
            var answers = new LinkedHashMap<String, Answer>();
            questions.keySet().forEach(name -> answers.put(name, new Answer.Given(raw(answer))));
            return answers;
        }

        @Override
        public boolean cancelled() {
            return false;
        }

        @Override
        public void onCancel(Runnable action) {}
    }

    /// A caller that takes as long as it is given.
    private static final class NeverAnswering implements Exchange {
        @Override
        public void notify(String method, RawJson params) {}

        @Override
        public Answer ask(String method, RawJson params, Duration patience) throws InterruptedException {
            Thread.sleep(patience);
            return new Answer.NoAnswer();
        }

        @Override
        public boolean cancelled() {
            return false;
        }

        @Override
        public void onCancel(Runnable action) {}
    }
}

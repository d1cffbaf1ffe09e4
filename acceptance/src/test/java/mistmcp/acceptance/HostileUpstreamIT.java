package mistmcp.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import mistmcp.http.HttpRequest;
import mistmcp.http.HttpResponse;
import mistmcp.http.HttpServer;
import mistmcp.http.Route;
import mistmcp.http.ServerSettings;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// An upstream that lists its tools as it should and then hangs, dies, sends garbage or far too much: each
/// call ends with its own code, nothing of the answer gets through, and the other tools go on. It runs beside
/// the other classes, since it waits a minute for a call to be given up; the lock keeps its own tests one
/// after the other.
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock("HostileUpstreamIT")
class HostileUpstreamIT {
    private static final List<String> WAYS = List.of("hang", "die", "garbage", "flood");
    private static final CountDownLatch END = new CountDownLatch(1);

    /// Takes `text`, which must be given, and would take anything.
    private static final String CARELESS = "careless";

    private static final AtomicInteger CARELESS_CALLS = new AtomicInteger();

    private static HttpServer hostile;
    private static RunningStack stack;
    private static String bearer;

    @BeforeAll
    static void start() throws IOException {
        hostile = HttpServer.start(
                ServerSettings.loopback(0), List.of(new Route("POST", "/mcp", 1 << 20, HostileUpstreamIT::answer)));
        var folder = Files.createTempDirectory("mist-hostile");
        stack = RunningStack.start(Map.of(
                "UPSTREAMS_PATH",
                upstreams(folder),
                "POLICY_PATH",
                write(folder.resolve("policy.json"), OwnPolicy.of("page", "bad/*"))));
        bearer = stack.mint("petra", "ReadOnly");
    }

    @AfterAll
    static void stop() {
        END.countDown();
        stack.close();
        hostile.close();
    }

    @ParameterizedTest
    @CsvSource({"die, upstream_broken", "garbage, upstream_garbage", "flood, result_too_large", "hang, upstream_timeout"
    })
    void endsWithItsCodeAndLetsNothingThrough(String way, String code) {
        var reply = call("bad_" + way);

        assertThat(reply.object("structuredContent").flatMap(told -> told.string("code")))
                .contains(code);
        assertThat(reply.bool("isError")).contains(true);
        assertThat(Json.text(reply)).doesNotContain("CANARY").hasSizeLessThan(2_000);
        assertThat(records("bad_" + way)).contains(code).doesNotContain("CANARY");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|argument_missing",
                "{\"text\":\"a\",\"more\":1}|argument_unknown",
                "{\"text\":7}|argument_type",
                "{\"text\":\"aaaa\"}|invalid_arguments"
            })
    void isNotAskedWithArgumentsThatItsSchemaDoesNotTake(String arguments, String code) {
        int before = CARELESS_CALLS.get();

        var reply = call("bad_careless", Json.parseObject(arguments));

        assertThat(reply.object("structuredContent").flatMap(told -> told.string("code")))
                .contains(code);
        assertThat(reply.bool("isError")).contains(true);
        assertThat(CARELESS_CALLS).hasValue(before);
    }

    @Test
    void isAskedWithArgumentsThatFit() {
        int before = CARELESS_CALLS.get();

        assertThat(call("bad_careless", JsonObject.of("text", "aaa")).has("content"))
                .isTrue();
        assertThat(CARELESS_CALLS).hasValue(before + 1);
    }

    @Test
    void leavesTheOtherToolsAlone() {
        assertThat(call("list_sites").bool("isError")).contains(false);
    }

    private static JsonObject call(String tool) {
        return call(tool, JsonObject.EMPTY);
    }

    private static JsonObject call(String tool, JsonObject arguments) {
        return stack.call(bearer, tool, arguments).body().object("result").orElseThrow();
    }

    private static String records(String tool) {
        var reply = RawHttp.send(
                stack.port(),
                "GET",
                "/audit?outcome=failed&tool=" + tool,
                Map.of("Authorization", "Bearer " + bearer),
                Optional.empty());
        return reply.text();
    }

    private static void answer(HttpRequest request, HttpResponse response) throws IOException, InterruptedException {
        var asked = Json.parseObject(request.body(), JsonLimits.REQUEST);
        var id = asked.get("id");
        if (id.isEmpty()) {
            response.send(202);
            return;
        }
        switch (asked.string("method").orElse("")) {
            case "initialize" ->
                result(
                        response,
                        asked,
                        JsonObject.of(
                                "protocolVersion", "2025-06-18",
                                "capabilities", JsonObject.of("tools", JsonObject.EMPTY),
                                "serverInfo", JsonObject.of("name", "bad", "version", "1")));
            case "tools/list" -> result(response, asked, JsonObject.of("tools", tools()));
            case "tools/call" ->
                misbehave(
                        asked.object("params")
                                .flatMap(params -> params.string("name"))
                                .orElse(""),
                        asked,
                        response);
            default ->
                response.json(
                        200,
                        JsonObject.of("jsonrpc", "2.0", "id", id.get())
                                .with("error", JsonObject.of("code", -32601, "message", "method not found")));
        }
    }

    private static void misbehave(String way, JsonObject asked, HttpResponse response)
            throws IOException, InterruptedException {
        switch (way) {
            case CARELESS -> {
                CARELESS_CALLS.incrementAndGet();
                result(response, asked, JsonObject.of("content", JsonArray.EMPTY));
            }
            case "hang" -> END.await(3, TimeUnit.MINUTES);
            case "die" -> response.abort();
            case "garbage" ->
                response.send(
                        200,
                        "application/json",
                        "<<<CANARY not json".getBytes(java.nio.charset.StandardCharsets.UTF_8));
            default ->
                result(
                        response,
                        asked,
                        JsonObject.of(
                                "content",
                                JsonArray.of(JsonObject.of("type", "text", "text", "CANARY".repeat(4 << 20)))));
        }
    }

    private static void result(HttpResponse response, JsonObject asked, JsonObject result) throws IOException {
        response.json(
                200,
                JsonObject.of("jsonrpc", "2.0", "id", asked.get("id").orElseThrow())
                        .with("result", result));
    }

    private static JsonArray tools() {
        var careless = JsonObject.of(
                "$schema",
                "http://json-schema.org/draft-07/schema#",
                "type",
                "object",
                "properties",
                JsonObject.of("text", JsonObject.of("type", "string", "maxLength", 3)),
                "required",
                JsonArray.of("text"),
                "additionalProperties",
                false);
        return JsonArray.ofAll(Stream.concat(
                        WAYS.stream().map(way -> tool(way, JsonObject.of("type", "object"))),
                        Stream.of(tool(CARELESS, careless)))
                .toList());
    }

    private static JsonObject tool(String name, JsonObject schema) {
        return JsonObject.of("name", name, "description", name, "inputSchema", schema);
    }

    private static String upstreams(Path folder) throws IOException {
        var bad = JsonObject.of(
                "url", "http://127.0.0.1:" + hostile.port() + "/mcp",
                "prefix", "bad",
                "reads", JsonArray.of("*"),
                "era", "legacy",
                "sites", "none");
        return write(folder.resolve("upstreams.json"), JsonObject.of("upstreams", JsonObject.of("bad", bad)));
    }

    private static String write(Path file, JsonObject json) throws IOException {
        return Files.write(file, Json.bytes(json)).toString();
    }
}

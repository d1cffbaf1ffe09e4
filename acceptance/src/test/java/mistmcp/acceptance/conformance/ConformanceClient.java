package mistmcp.acceptance.conformance;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import mistmcp.http.HttpClient;
import mistmcp.http.HttpFailure;
import mistmcp.http.OutboundRequest;
import mistmcp.http.Reach;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonObject;
import mistmcp.json.RawJson;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.McpReply;
import mistmcp.mcp.RequestMeta;
import mistmcp.mcp.UpstreamReply;
import mistmcp.mcp.client.ClientOptions;
import mistmcp.mcp.client.HttpMcpClient;
import mistmcp.mcp.client.UpstreamRequest;
import mistmcp.mcp.oauth.ClientIdentity;
import mistmcp.mcp.oauth.MemoryVault;
import mistmcp.mcp.oauth.OAuthClient;
import mistmcp.mcp.oauth.OAuthOptions;
import mistmcp.settings.Env;
import mistmcp.settings.Secret;

/// The program that the suite starts for its client scenarios: lists what the server offers and uses all of
/// it, with the calls that the scenario names. The last argument is the server's address.
public final class ConformanceClient {
    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final JsonObject ASKABLE = JsonObject.of("elicitation", JsonObject.of("form", JsonObject.EMPTY));
    private static final RequestMeta META =
            new RequestMeta(Optional.empty(), JsonObject.EMPTY, JsonObject.EMPTY, ASKABLE, Optional.empty());

    private final HttpMcpClient client;

    private ConformanceClient(HttpMcpClient client) {
        this.client = client;
    }

    /// Runs one scenario.
    public static void main(String[] args) throws InterruptedException {
        var env = Env.ofProcess();
        var context = env.json("MCP_CONFORMANCE_CONTEXT").orElse(JsonObject.EMPTY);
        var options = ClientOptions.of(JsonObject.of("name", "mist-mcp-gateway", "version", "0.1.0"))
                .withRelay(Set.of("elicitation"));
        var server = URI.create(args[args.length - 1]);
        try (var http = new HttpClient(Duration.ofSeconds(5), 8);
                var confined = new HttpClient(Duration.ofSeconds(5), 8, Reach.around(server.getHost()));
                var client = new HttpMcpClient(http, server, options, authorization(server, context, confined))) {
            new ConformanceClient(client).use(context);
        }
    }

    /// As the gateway has it, but for the person: the suite's authorization server lets in whoever comes.
    private static OAuthClient authorization(URI server, JsonObject context, HttpClient http) {
        var asked = OAuthOptions.of("Mist MCP Gateway", URI.create("http://localhost:9/callback"), "authorize it")
                .withDocument(URI.create("https://conformance-test.local/client-metadata.json"));
        var registered = context.string("client_id")
                .map(id -> asked.withRegistered(ClientIdentity.registered(
                        id, context.string("client_secret").map(Secret::new))))
                .orElse(asked);
        return new OAuthClient(
                server,
                registered,
                http,
                new MemoryVault(),
                InstantSource.system(),
                address -> visit(http, address),
                lost -> System.err.println("lost: " + lost.detail()));
    }

    private static Optional<Map<String, String>> visit(HttpClient http, URI address) {
        var request = new OutboundRequest("GET", address, Map.of(), Optional.empty(), DEADLINE, DEADLINE);
        try (var response = http.send(request)) {
            var back = URI.create(response.header("Location").orElseThrow());
            var answer = new LinkedHashMap<String, String>();
            for (var pair : back.getRawQuery().split("&")) {
                int at = pair.indexOf('=');
                answer.put(pair.substring(0, at), URLDecoder.decode(pair.substring(at + 1), StandardCharsets.UTF_8));
            }
            return Optional.of(answer);
        } catch (HttpFailure failed) {
            return Optional.empty();
        }
    }

    private void use(JsonObject context) throws InterruptedException {
        var tools = list("tools/list", "tools");
        var calls = context.array("toolCalls").map(JsonArray::objects);
        if (calls.isPresent()) {
            for (var call : calls.get()) {
                call(call.string("name").orElseThrow(), call.object("arguments").orElse(JsonObject.EMPTY));
            }
        } else {
            for (var tool : tools) {
                call(tool.string("name").orElseThrow(), arguments(tool));
            }
        }
        for (var resource : list("resources/list", "resources")) {
            var uri = resource.string("uri").orElseThrow();
            send("resources/read", Optional.of(uri), JsonObject.of("uri", uri));
        }
        for (var prompt : list("prompts/list", "prompts")) {
            var name = prompt.string("name").orElseThrow();
            send("prompts/get", Optional.of(name), JsonObject.of("name", name));
        }
    }

    private void call(String name, JsonObject arguments) throws InterruptedException {
        send("tools/call", Optional.of(name), JsonObject.of("name", name, "arguments", arguments));
    }

    private List<JsonObject> list(String method, String member) throws InterruptedException {
        return send(method, Optional.empty(), JsonObject.EMPTY)
                .array(member)
                .map(JsonArray::objects)
                .orElse(List.of());
    }

    private JsonObject send(String method, Optional<String> target, JsonObject params) throws InterruptedException {
        var reply = client.send(
                new UpstreamRequest(method, target, RawJson.of(params), META, "tester", Map.of(), DEADLINE),
                new Accepting());
        System.err.println(method + " " + target.orElse("") + " -> " + reply);
        return reply instanceof UpstreamReply.Answered(McpReply.Result result)
                ? (JsonObject) result.body().parse(JsonLimits.TRUSTED)
                : JsonObject.EMPTY;
    }

    /// Something of the right type for each argument.
    private static JsonObject arguments(JsonObject tool) {
        var arguments = new LinkedHashMap<String, Object>();
        tool.object("inputSchema")
                .flatMap(schema -> schema.object("properties"))
                .orElse(JsonObject.EMPTY)
                .members()
                .forEach((name, schema) -> {
                    if (schema instanceof JsonObject property) {
                        arguments.put(
                                name,
                                switch (property.string("type").orElse("")) {
                                    case "integer", "number" -> 3;
                                    case "boolean" -> true;
                                    default -> "text";
                                });
                    }
                });
        return (JsonObject) mistmcp.json.Json.of(arguments);
    }

    /// A user who takes every form as it is filled in beforehand.
    private static final class Accepting implements Exchange {
        @Override
        public void notify(String method, RawJson params) {}

        @Override
        public Answer ask(String method, RawJson params, Duration patience) {
            var content = new LinkedHashMap<String, Object>();
            ((JsonObject) params.parse(JsonLimits.TRUSTED))
                    .object("requestedSchema")
                    .flatMap(schema -> schema.object("properties"))
                    .orElse(JsonObject.EMPTY)
                    .members()
                    .forEach((name, schema) -> {
                        if (schema instanceof JsonObject field) {
                            field.get("default").ifPresent(value -> content.put(name, value));
                        }
                    });
            return new Answer.Given(RawJson.of(JsonObject.of("action", "accept", "content", content)));
        }

        @Override
        public boolean cancelled() {
            return false;
        }

        @Override
        public void onCancel(Runnable action) {}
    }
}

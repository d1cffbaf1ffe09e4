package mistmcp.gateway.api;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import mistmcp.json.Json;
import mistmcp.json.JsonNumber;
import mistmcp.json.JsonObject;
import mistmcp.mcp.MetaKeys;

/// An MCP client by hand, of either era: keeps what it was asked and told, and answers as it is set to.
final class WireCaller {
    private final URI uri;
    private final String name;
    private final boolean modern;
    private final HttpClient http = HttpClient.newHttpClient();
    private JsonObject capabilities = JsonObject.EMPTY;
    private Function<JsonObject, Optional<JsonObject>> answer = _ -> Optional.empty();
    private Optional<String> session = Optional.empty();
    private Optional<String> logLevel = Optional.empty();
    private int ids;

    /// What the other side asked of us: `{method, params}`.
    final List<JsonObject> asked = new CopyOnWriteArrayList<>();
    /// Whether something has come on a stream.
    volatile boolean streaming;
    /// What the other side told us.
    final List<JsonObject> told = new CopyOnWriteArrayList<>();

    WireCaller(URI uri, String name, boolean modern) {
        this.uri = uri;
        this.name = name;
        this.modern = modern;
    }

    /// Declares capabilities; for a legacy caller, by a handshake.
    WireCaller declaring(String... names) {
        for (var capability : names) {
            capabilities = capabilities.with(capability, JsonObject.EMPTY);
        }
        if (!modern) {
            initialize();
        }
        return this;
    }

    /// Wants log messages from this level on.
    WireCaller logging(String level) {
        logLevel = Optional.of(level);
        if (!modern) {
            call("logging/setLevel", JsonObject.of("level", level));
        }
        return this;
    }

    /// Answers each question with a result object; with nothing: not at all.
    WireCaller answering(Function<JsonObject, Optional<JsonObject>> with) {
        answer = with;
        return this;
    }

    /// Answers each elicitation with this.
    WireCaller accepting(Function<JsonObject, JsonObject> content) {
        return answering(
                question -> Optional.of(JsonObject.of("action", "accept", "content", content.apply(question))));
    }

    Optional<String> session() {
        return session;
    }

    JsonObject tool(String tool, JsonObject arguments) {
        return call("tools/call", JsonObject.of("name", tool, "arguments", arguments));
    }

    /// Asks, answers what it is asked meanwhile, and gives the JSON-RPC answer.
    JsonObject call(String method, JsonObject params) {
        return modern ? modern(method, params) : legacy(method, params);
    }

    private JsonObject modern(String method, JsonObject params) {
        var now = params;
        for (int round = 0; round < 10; round++) {
            var reply = once(method, now);
            var result = reply.object("result").orElse(JsonObject.EMPTY);
            if (!result.string("resultType").filter("input_required"::equals).isPresent()) {
                return reply;
            }
            var responses = JsonObject.EMPTY;
            var requests = result.object("inputRequests").orElse(JsonObject.EMPTY);
            for (var key : requests.names()) {
                var question = requests.object(key).orElseThrow();
                asked.add(question);
                var given = answer.apply(question);
                if (given.isEmpty()) {
                    return reply;
                }
                responses = responses.with(key, given.get());
            }
            now = params.with("inputResponses", responses).withPresent("requestState", result.string("requestState"));
        }
        throw new AssertionError("asked again and again");
    }

    /// One modern request as it is, without answering what is asked.
    JsonObject once(String method, JsonObject params) {
        var meta = params.object("_meta")
                .orElse(JsonObject.EMPTY)
                .with(MetaKeys.PROTOCOL_VERSION, "2026-07-28")
                .with(MetaKeys.CLIENT_CAPABILITIES, capabilities)
                .withPresent(MetaKeys.LOG_LEVEL, logLevel);
        var target = params.string("name").or(() -> params.string("uri"));
        return post(message(method, params.with("_meta", meta)), request -> {
            request.header("MCP-Protocol-Version", "2026-07-28").header("Mcp-Method", method);
            if (List.of("tools/call", "prompts/get", "resources/read").contains(method)) {
                request.header("Mcp-Name", target.orElse(""));
            }
        });
    }

    private JsonObject legacy(String method, JsonObject params) {
        return post(message(method, params), this::legacyHeaders);
    }

    private void legacyHeaders(HttpRequest.Builder request) {
        request.header("MCP-Protocol-Version", "2025-11-25");
        session.ifPresent(id -> request.header("Mcp-Session-Id", id));
    }

    private void initialize() {
        var hello = message(
                "initialize",
                JsonObject.of(
                        "protocolVersion",
                        "2025-11-25",
                        "capabilities",
                        capabilities,
                        "clientInfo",
                        JsonObject.of("name", "by-hand", "version", "1")));
        var response = send(hello, _ -> {});
        session = response.headers().firstValue("Mcp-Session-Id");
        read(response);
    }

    private JsonObject message(String method, JsonObject params) {
        ids++;
        return JsonObject.of("jsonrpc", "2.0", "id", ids, "method", method, "params", params);
    }

    private interface Headers {
        void on(HttpRequest.Builder request);
    }

    private JsonObject post(JsonObject message, Headers headers) {
        return read(send(message, headers));
    }

    /// Answers a question of the other side by its id, as a legacy client does.
    int answerById(Object id, JsonObject result) {
        var answered = send(JsonObject.of("jsonrpc", "2.0", "id", id, "result", result), this::legacyHeaders);
        read(answered);
        return answered.statusCode();
    }

    private HttpResponse<java.io.InputStream> send(JsonObject message, Headers headers) {
        var request = HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream")
                .header("X-Caller", name)
                .POST(BodyPublishers.ofByteArray(Json.bytes(message)));
        headers.on(request);
        try {
            return http.send(request.build(), BodyHandlers.ofInputStream());
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new AssertionError(stopped);
        }
    }

    private JsonObject read(HttpResponse<java.io.InputStream> response) {
        boolean events = response.headers()
                .firstValue("Content-Type")
                .filter(type -> type.startsWith("text/event-stream"))
                .isPresent();
        try (var body = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            return events ? events(body) : json(body);
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }

    private static JsonObject json(BufferedReader body) throws IOException {
        var text = body.readAllAsString();
        return text.isBlank() ? JsonObject.EMPTY : Json.parseObject(text);
    }

    private JsonObject events(BufferedReader body) throws IOException {
        for (var line = body.readLine(); line != null; line = body.readLine()) {
            streaming = true;
            if (!line.startsWith("data:")) {
                continue;
            }
            var message = Json.parseObject(line.substring("data:".length()));
            if (message.has("result") || message.has("error")) {
                return message;
            }
            if (message.has("id")) {
                asked.add(message);
                answer.apply(message)
                        .ifPresent(result -> answerById(message.get("id").orElseThrow(), result));
            } else {
                told.add(message);
            }
        }
        throw new AssertionError("the stream ended without an answer");
    }

    /// Listens on a stream of its own until the thread is interrupted or the stream ends; what comes is in
    /// [#told].
    Thread listen(JsonObject wish) {
        var thread = Thread.ofVirtual().unstarted(() -> {
            try {
                if (modern) {
                    once("subscriptions/listen", JsonObject.of("notifications", wish));
                } else {
                    var request = HttpRequest.newBuilder(uri)
                            .header("Accept", "text/event-stream")
                            .header("X-Caller", name)
                            .GET();
                    legacyHeaders(request);
                    read(http.send(request.build(), BodyHandlers.ofInputStream()));
                }
            } catch (IOException | java.io.UncheckedIOException | AssertionError ended) {
                // The end of the stream is the end of the test.
                return;
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        });
        thread.start();
        return thread;
    }

    /// Listens to resources, and to changes of lists; returns when the stream is open. In the legacy era the
    /// answers to its subscriptions are in [#told] as they came.
    Thread watching(String... uris) throws InterruptedException {
        if (!modern) {
            for (var uri : uris) {
                told.add(call("resources/subscribe", JsonObject.of("uri", uri)));
            }
        }
        streaming = false;
        var thread = listen(JsonObject.of(
                "toolsListChanged",
                true,
                "promptsListChanged",
                true,
                "resourceSubscriptions",
                mistmcp.json.JsonArray.of((Object[]) uris)));
        RunningGate.eventually(() -> streaming);
        return thread;
    }

    /// The resources that were told to have changed, in order.
    List<String> updated() {
        return told.stream()
                .filter(message -> message.string("method")
                        .filter("notifications/resources/updated"::equals)
                        .isPresent())
                .flatMap(message -> message.object("params").orElse(JsonObject.EMPTY).string("uri").stream())
                .toList();
    }

    /// The methods of what was told.
    List<String> toldMethods() {
        var methods = new ArrayList<String>();
        told.forEach(message -> methods.add(message.string("method").orElse("")));
        return methods;
    }

    /// A result's structured content.
    static JsonObject structured(JsonObject reply) {
        return reply.object("result")
                .flatMap(result -> result.object("structuredContent"))
                .orElseThrow(() -> new AssertionError(Json.text(reply)));
    }

    /// The code of a JSON-RPC error, or nothing.
    static Optional<JsonNumber> errorCode(JsonObject reply) {
        return reply.object("error")
                .flatMap(error -> error.get("code"))
                .filter(JsonNumber.class::isInstance)
                .map(JsonNumber.class::cast);
    }
}

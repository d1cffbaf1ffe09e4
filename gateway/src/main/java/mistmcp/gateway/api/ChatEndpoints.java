package mistmcp.gateway.api;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import mistmcp.gateway.chat.Chat;
import mistmcp.gateway.chat.ChatEvent;
import mistmcp.gateway.chat.ChatRequest;
import mistmcp.gateway.chat.OpenQuestions;
import mistmcp.gateway.chat.Stop;
import mistmcp.gateway.identity.Principal;
import mistmcp.http.HttpProblem;
import mistmcp.http.HttpRequest;
import mistmcp.http.HttpResponse;
import mistmcp.http.Route;
import mistmcp.json.InvalidJson;
import mistmcp.json.Json;
import mistmcp.json.JsonBoolean;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonNull;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonString;

/// The chat over HTTP: `POST /mcp/chat`, `GET /threads`, `GET /threads/{id}`, and `POST
/// /threads/{id}/questions/{question}`, which answers what an upstream asks while a chat streams. Problems:
/// `invalid_json`, `invalid_request`, `message_too_long`, `answer_not_valid` (400), `thread_not_found`,
/// `question_not_found` (404), and those of the authenticator.
public final class ChatEndpoints {
    // A message of 20,000 characters, each at worst six bytes as a JSON escape, and room for the rest.
    private static final int MAX_BODY = 256 << 10;
    private static final int MAX_ANSWER = 64 << 10;
    private static final Set<String> ANSWER_MEMBERS = Set.of("action", "content");
    private static final Set<String> MEMBERS = Set.of("message", "thread", "commit", "confirmation");

    private final Chat chat;
    private final Function<HttpRequest, Principal> caller;

    /// Endpoints of a chat.
    ///
    /// @param caller who calls, by bearer token or browser session (then with its CSRF check); throws
    ///               [HttpProblem]
    public ChatEndpoints(Chat chat, Function<HttpRequest, Principal> caller) {
        this.chat = chat;
        this.caller = caller;
    }

    /// The routes to serve.
    public List<Route> routes() {
        return List.of(
                new Route("POST", "/mcp/chat", MAX_BODY, this::say),
                new Route("GET", "/threads", this::list),
                new Route("GET", "/threads/{id}", this::show),
                new Route("POST", "/threads/{id}/questions/{question}", MAX_ANSWER, this::answer));
    }

    private void say(HttpRequest request, HttpResponse response) throws IOException, InterruptedException {
        var principal = caller.apply(request);
        var said = read(request);
        var client = request.header("User-Agent").map(ChatEndpoints::bounded).orElse("");
        response.header("Cache-Control", "no-store");
        if (request.header("Accept").orElse("").contains("text/event-stream")) {
            // The head goes out with the first event, so an unknown thread can still be a plain 404.
            stream(principal, said, request.id(), client, response);
            return;
        }
        switch (chat.answer(principal, said, request.id(), client, new Stop(), _ -> {})) {
            case Chat.Answer.Given(JsonObject body) -> response.json(200, body);
            case Chat.Answer.NoThread _ -> throw noThread();
        }
    }

    private void stream(Principal principal, ChatRequest said, String requestId, String client, HttpResponse response)
            throws InterruptedException {
        var events = new AgUi(response);
        try {
            var answer = chat.answer(principal, said.asStream(), requestId, client, events.stop(), events);
            if (answer instanceof Chat.Answer.NoThread) {
                throw noThread();
            }
        } catch (RuntimeException failure) {
            if (response.begun()) {
                events.accept(new ChatEvent.Failed("internal", "the answer failed; the log has the reason"));
            }
            throw failure;
        }
    }

    private void list(HttpRequest request, HttpResponse response) throws IOException {
        var principal = caller.apply(request);
        response.header("Cache-Control", "no-store");
        response.json(200, JsonObject.of("threads", chat.threads(principal)));
    }

    private void show(HttpRequest request, HttpResponse response) throws IOException {
        var principal = caller.apply(request);
        response.header("Cache-Control", "no-store");
        response.json(200, chat.thread(principal, request.pathParameter("id")).orElseThrow(ChatEndpoints::noThread));
    }

    private void answer(HttpRequest request, HttpResponse response) throws IOException {
        var principal = caller.apply(request);
        var body = body(request, ANSWER_MEMBERS, "`action` and `content`");
        var action = text(body, "action")
                .flatMap(OpenQuestions.Action::of)
                .orElseThrow(() -> invalid("`action` must be `accept`, `decline` or `cancel`"));
        var content = body.object("content");
        if (body.has("content") && content.isEmpty()) {
            throw invalid("`content` must be an object");
        }
        var taken =
                chat.answer(principal, request.pathParameter("id"), request.pathParameter("question"), action, content);
        response.header("Cache-Control", "no-store");
        switch (taken) {
            case OpenQuestions.Taken.Passed _ -> response.json(200, JsonObject.of("action", action.text()));
            case OpenQuestions.Taken.NotOpen _ ->
                throw new HttpProblem(404, "question_not_found", "no such question waits for you");
            case OpenQuestions.Taken.Faulty(List<JsonObject> faults) ->
                throw new HttpProblem(
                        400,
                        "answer_not_valid",
                        "the answer does not fit what was asked; the question still waits",
                        JsonObject.of("faults", faults),
                        Map.of());
        }
    }

    private static JsonObject body(HttpRequest request, Set<String> members, String expected) {
        JsonObject body;
        try {
            body = Json.parseObject(request.body(), JsonLimits.REQUEST);
        } catch (InvalidJson invalid) {
            throw new HttpProblem(400, "invalid_json", "the body is not usable JSON: " + invalid.getMessage());
        }
        if (!members.containsAll(body.names())) {
            throw invalid("an unknown member; expected " + expected);
        }
        return body;
    }

    private static ChatRequest read(HttpRequest request) {
        var body = body(request, MEMBERS, "`message`, `thread`, `commit`, `confirmation`");
        var confirmation = text(body, "confirmation");
        var message = text(body, "message").orElse("");
        if (message.isBlank() && confirmation.isEmpty()) {
            throw invalid("`message` is needed");
        }
        if (message.length() > ChatRequest.MAX_MESSAGE) {
            throw new HttpProblem(
                    400, "message_too_long", "a message may have " + ChatRequest.MAX_MESSAGE + " characters at most");
        }
        return new ChatRequest(message, text(body, "thread"), flag(body), confirmation);
    }

    private static Optional<String> text(JsonObject body, String name) {
        return switch (body.get(name).orElse(JsonNull.NULL)) {
            case JsonNull _ -> Optional.empty();
            case JsonString(String value) -> Optional.of(value);
            default -> throw invalid("`" + name + "` must be a string");
        };
    }

    private static boolean flag(JsonObject body) {
        return switch (body.get("commit").orElse(JsonNull.NULL)) {
            case JsonNull _ -> false;
            case JsonBoolean bool -> bool.value();
            default -> throw invalid("`commit` must be true or false");
        };
    }

    private static HttpProblem invalid(String detail) {
        return new HttpProblem(400, "invalid_request", detail);
    }

    private static HttpProblem noThread() {
        return new HttpProblem(404, "thread_not_found", "there is no such thread");
    }

    private static String bounded(String text) {
        return text.length() <= 200 ? text : text.substring(0, 200);
    }
}

package mistmcp.sim;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import mistmcp.http.HttpHandler;
import mistmcp.http.HttpRequest;
import mistmcp.http.HttpResponse;
import mistmcp.json.InvalidJson;
import mistmcp.json.Json;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonValue;
import mistmcp.sim.api.Answer;
import mistmcp.sim.api.Call;
import mistmcp.sim.api.Caller;
import mistmcp.sim.api.Cloud;
import mistmcp.sim.api.MistApi;
import mistmcp.sim.api.Operation;
import mistmcp.sim.api.Quirk;
import mistmcp.sim.api.Quirks;

/// The way of a request through the simulator: token, fault, budget, operation, journal, answer.
final class Edge implements HttpHandler {
    private static final Caller READER =
            new Caller("read", "Gateway Read read@example.com", "5a0e3c1e-0000-4000-8000-000000000001");
    private static final Caller WRITER =
            new Caller("write", "Gateway Write write@example.com", "5a0e3c1e-0000-4000-8000-000000000002");

    private final SimSettings settings;
    private final Quirks quirks;
    private final Cloud cloud;
    private final MistApi api;
    private final Budget budget;
    private final Journal journal;
    private final Faults faults;

    Edge(SimSettings settings, Quirks quirks, Cloud cloud, MistApi api, Budget budget, Journal journal, Faults faults) {
        this.settings = settings;
        this.quirks = quirks;
        this.cloud = cloud;
        this.api = api;
        this.budget = budget;
        this.journal = journal;
        this.faults = faults;
    }

    @Override
    public void handle(HttpRequest request, HttpResponse response) throws IOException, InterruptedException {
        var sent = request.body();
        var body = parsed(sent);
        var caller = caller(request);
        var fault = caller.isPresent() ? faults.take(request.method(), request.path()) : Optional.<Fault>empty();
        if (fault.orElse(null) instanceof Fault.Latency latency) {
            Thread.sleep(latency.delay());
        }
        if (fault.orElse(null) instanceof Fault.Drift drift) {
            cloud.patch(drift.pointer(), drift.patch());
        }
        var answer = early(caller, fault, sent, body)
                .orElseGet(() -> api.answer(new Call(
                        request.method(),
                        "http://" + request.header("Host").orElse("127.0.0.1"),
                        request.path(),
                        Map.of(),
                        query(request.rawQuery()),
                        body,
                        caller.orElse(READER))));
        var seen = shown(fault, answer);
        journal.add(new Journal.Entry(
                settings.clock().instant(),
                request.method(),
                request.path(),
                request.rawQuery(),
                caller.map(Caller::role).orElse("none"),
                api.find(request.method(), request.path()).map(Operation::id).orElse(""),
                body,
                seen.status(),
                answer.applied(),
                fault.map(Fault::kind).orElse("")));
        send(fault, seen, response);
    }

    private Optional<Caller> caller(HttpRequest request) {
        var header = request.header("Authorization").orElse("");
        if (!header.startsWith("Token ")) {
            return Optional.empty();
        }
        var token = header.substring("Token ".length()).strip();
        if (settings.writeToken().matches(token)) {
            return Optional.of(WRITER);
        }
        return settings.readToken().matches(token) ? Optional.of(READER) : Optional.empty();
    }

    /// What is answered before any operation is run.
    private Optional<Answer> early(
            Optional<Caller> caller, Optional<Fault> fault, byte[] sent, Optional<JsonValue> body) {
        if (caller.isEmpty()) {
            return Optional.of(Answer.detail(401, "Authentication credentials were not provided."));
        }
        if (quirks.has(Quirk.HOURLY_BUDGET) && !budget.take(caller.get().role())) {
            var answer = Answer.detail(429, "Too many requests: the hourly limit of this token is reached");
            return Optional.of(
                    quirks.has(Quirk.RETRY_AFTER)
                            ? answer.header("Retry-After", String.valueOf(budget.secondsLeft()))
                            : answer);
        }
        if (fault.isPresent()) {
            var instead = instead(fault.get());
            if (instead.isPresent()) {
                return instead;
            }
        }
        return sent.length > 0 && body.isEmpty()
                ? Optional.of(Answer.detail(400, "JSON parse error"))
                : Optional.empty();
    }

    /// The answer of a fault that keeps the operation from being run.
    private static Optional<Answer> instead(Fault fault) {
        return switch (fault) {
            case Fault.Status status -> Optional.of(Answer.detail(status.status(), "simulated failure"));
            case Fault.RateLimit limit -> {
                var answer = Answer.detail(429, "Too many requests");
                yield Optional.of(limit.retryAfter()
                        .map(seconds -> answer.header("Retry-After", String.valueOf(seconds)))
                        .orElse(answer));
            }
            case Fault.Redirect redirect ->
                Optional.of(new Answer(302, Map.of("Location", redirect.location()), Optional.empty(), false));
            case Fault.Cut _ -> Optional.of(new Answer(0, Map.of(), Optional.empty(), false));
            case Fault.WrongType _, Fault.Huge _, Fault.Garbage _ ->
                Optional.of(new Answer(200, Map.of(), Optional.empty(), false));
            case Fault.Latency _, Fault.Drift _, Fault.StatusAfterApply _, Fault.CutAfterApply _, Fault.CutInBody _ ->
                Optional.empty();
        };
    }

    /// What the caller sees of an answer.
    private static Answer shown(Optional<Fault> fault, Answer answer) {
        return switch (fault.orElse(null)) {
            case Fault.StatusAfterApply status -> Answer.detail(status.status(), "simulated failure");
            case Fault.CutAfterApply _ -> new Answer(0, Map.of(), Optional.empty(), answer.applied());
            case null, default -> answer;
        };
    }

    private static void send(Optional<Fault> fault, Answer answer, HttpResponse response) throws IOException {
        if (answer.status() == 0) {
            response.abort();
            return;
        }
        answer.headers().forEach(response::header);
        boolean served = answer.status() == 200;
        switch (fault.orElse(null)) {
            case Fault.WrongType _
            when served -> response.send(200, "text/html", "<html>maintenance</html>".getBytes(StandardCharsets.UTF_8));
            case Fault.Garbage _
            when served ->
                response.send(200, "application/json", "{\"results\":[{\"na".getBytes(StandardCharsets.UTF_8));
            case Fault.Huge huge when served -> huge(huge.bytes(), response);
            case Fault.CutInBody _
            when served -> {
                var whole = answer.body().map(Json::bytes).orElse("{}".getBytes(StandardCharsets.UTF_8));
                response.header("Content-Length", String.valueOf(whole.length + 1));
                var out = response.stream(200, "application/json");
                out.write(whole, 0, whole.length / 2);
                out.flush();
                response.abort();
            }
            case null, default -> {
                if (answer.body().isPresent()) {
                    response.json(answer.status(), answer.body().get());
                } else {
                    response.send(answer.status());
                }
            }
        }
    }

    private static void huge(int bytes, HttpResponse response) throws IOException {
        var out = response.stream(200, "application/json");
        out.write('"');
        var chunk = "x".repeat(8192).getBytes(StandardCharsets.UTF_8);
        for (int written = 2; written < bytes; written += chunk.length) {
            out.write(chunk, 0, Math.min(chunk.length, bytes - written));
        }
        out.write('"');
        out.flush();
    }

    private static Optional<JsonValue> parsed(byte[] body) {
        if (body.length == 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(Json.parse(body, JsonLimits.REQUEST));
        } catch (InvalidJson invalid) {
            return Optional.empty();
        }
    }

    private static Map<String, String> query(String raw) {
        var values = new HashMap<String, String>();
        for (var pair : raw.split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                values.putIfAbsent(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
            }
        }
        return values;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return text;
        }
    }

    /// The body of a control request.
    static JsonObject object(HttpRequest request) {
        return parsed(request.body())
                .filter(JsonObject.class::isInstance)
                .map(JsonObject.class::cast)
                .orElse(JsonObject.EMPTY);
    }
}

package mistmcp.mcp.client;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mistmcp.json.InvalidJson;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonSpans;
import mistmcp.json.RawJson;
import mistmcp.jsonrpc.Envelope;
import mistmcp.jsonrpc.ErrorCode;
import mistmcp.jsonrpc.Messages;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.Exchange.Answer;
import mistmcp.mcp.McpReply;
import mistmcp.mcp.MetaKeys;
import mistmcp.mcp.UpstreamReply;

/// What passes between a server and our caller while one request is out: notifications and questions to the
/// caller, its answers back. Safe for several threads, as far as the exchange is.
final class Dialogue {
    private final UpstreamRequest request;
    private final Exchange exchange;
    private final ClientOptions options;
    private final Instant end;

    Dialogue(UpstreamRequest request, Exchange exchange, ClientOptions options) {
        this.request = request;
        this.exchange = exchange;
        this.options = options;
        this.end = Instant.now().plus(request.deadline());
    }

    /// How long there is until the request's deadline; never negative.
    Duration left() {
        var left = Duration.between(Instant.now(), end);
        return left.isNegative() ? Duration.ZERO : left;
    }

    /// Hands a notification on to the caller, progress under the token that the caller chose.
    void note(Envelope.Notification note) {
        var params = note.params().raw();
        if (note.method().equals("notifications/progress")) {
            var token = request.meta().progressToken();
            if (token.isEmpty()) {
                return;
            }
            params = JsonSpans.set(params, Map.of(MetaKeys.PROGRESS_TOKEN, token.get()));
        }
        exchange.notify(note.method(), params);
    }

    /// Answers what a legacy server asks, put to the caller at once: the messages to send back, in the order
    /// asked.
    List<byte[]> answers(List<Envelope.Request> asked) throws InterruptedException {
        var questions = new LinkedHashMap<String, Exchange.Question>();
        for (int i = 0; i < asked.size(); i++) {
            if (relayed(asked.get(i).method())) {
                questions.put(
                        name(i),
                        new Exchange.Question(
                                asked.get(i).method(), asked.get(i).params().raw()));
            }
        }
        var given = questions.isEmpty() ? Map.<String, Answer>of() : exchange.askAll(questions, left());
        var answers = new ArrayList<byte[]>();
        for (int i = 0; i < asked.size(); i++) {
            var answer = given.get(name(i));
            answers.add(message(asked.get(i), answer == null ? new Answer.NotSupported() : answer));
        }
        return answers;
    }

    private static String name(int place) {
        return place == 0 ? "input" : "input-" + (place + 1);
    }

    private static byte[] message(Envelope.Request asked, Answer given) {
        return switch (given) {
            case Answer.Given answer -> Messages.success(asked.id(), answer.result());
            case Answer.Refused refused ->
                Messages.failure(Optional.of(asked.id()), refused.code(), refused.message(), Optional.empty());
            case Answer.NotSupported _ ->
                Messages.failure(
                        Optional.of(asked.id()), ErrorCode.METHOD_NOT_FOUND, "not supported", Optional.empty());
            case Answer.NoAnswer _ ->
                asked.method().equals("elicitation/create")
                        ? Messages.success(asked.id(), cancelled())
                        : Messages.failure(
                                Optional.of(asked.id()), ErrorCode.INTERNAL_ERROR, "no answer came", Optional.empty());
        };
    }

    /// The answer to a request of a server when nothing of ours is out that it could be about.
    static byte[] nobody(Envelope.Request asked) {
        return asked.method().equals("ping")
                ? Messages.success(asked.id(), RawJson.EMPTY_OBJECT)
                : Messages.failure(
                        Optional.of(asked.id()),
                        ErrorCode.METHOD_NOT_FOUND,
                        "nobody can be asked this now",
                        Optional.empty());
    }

    /// What to do with a good answer of a modern server.
    sealed interface Step {
        /// It is the end.
        record End(UpstreamReply reply) implements Step {}

        /// Send the request again with these members.
        record Again(Map<String, RawJson> members) implements Step {}
    }

    /// Reads `resultType`; asks the caller what the server asks.
    Step step(Envelope.Success answer) throws InterruptedException {
        var type = answer.result().get("resultType").map(raw -> raw.string().orElse(""));
        return switch (type.orElse("complete")) {
            case "complete" -> new Step.End(answered(answer));
            case "input_required" -> inputRequired(answer);
            default -> new Step.End(Failures.garbage("the server answered with a result of an unknown type"));
        };
    }

    private Step inputRequired(Envelope.Success answer) throws InterruptedException {
        var questions = new LinkedHashMap<String, Exchange.Question>();
        var responses = new LinkedHashMap<String, RawJson>();
        var asked = answer.result().get("inputRequests");
        if (asked.isPresent() && !readQuestions(asked.get(), questions)) {
            return new Step.End(Failures.garbage("the server's `inputRequests` cannot be read"));
        }
        for (var given : exchange.askAll(allowed(questions), left()).entrySet()) {
            if (given.getValue() instanceof Answer.Given result) {
                responses.put(given.getKey(), result.result());
            }
        }
        for (var question : questions.entrySet()) {
            if (!responses.containsKey(question.getKey())) {
                var substitute = withoutAnswer(question.getValue().method());
                if (substitute.isEmpty()) {
                    return new Step.End(new UpstreamReply.Answered(McpReply.Failure.of(
                            ErrorCode.INTERNAL_ERROR, "the server asks for input that the caller did not give")));
                }
                responses.put(question.getKey(), substitute.get());
            }
        }
        var members = new LinkedHashMap<String, RawJson>();
        if (asked.isPresent()) {
            members.put("inputResponses", JsonSpans.join(responses));
        }
        answer.result().get("requestState").ifPresent(state -> members.put("requestState", state));
        return new Step.Again(members);
    }

    private static boolean readQuestions(RawJson asked, Map<String, Exchange.Question> questions) {
        try {
            for (var entry : JsonSpans.members(asked, JsonLimits.TRUSTED).entrySet()) {
                var members = JsonSpans.members(entry.getValue(), JsonLimits.TRUSTED);
                var method = Optional.ofNullable(members.get("method")).flatMap(RawJson::string);
                if (method.isEmpty()) {
                    return false;
                }
                questions.put(
                        entry.getKey(),
                        new Exchange.Question(method.get(), members.getOrDefault("params", RawJson.EMPTY_OBJECT)));
            }
            return true;
        } catch (InvalidJson garbage) {
            return false;
        }
    }

    private Map<String, Exchange.Question> allowed(Map<String, Exchange.Question> questions) {
        var allowed = new LinkedHashMap<>(questions);
        allowed.values().removeIf(question -> !relayed(question.method()));
        return allowed;
    }

    private boolean relayed(String method) {
        return switch (method) {
            case "elicitation/create" -> options.relay().contains("elicitation");
            case "sampling/createMessage" -> options.relay().contains("sampling");
            case "roots/list" -> options.relay().contains("roots");
            default -> false;
        };
    }

    private static Optional<RawJson> withoutAnswer(String method) {
        return switch (method) {
            case "elicitation/create" -> Optional.of(cancelled());
            case "roots/list" -> Optional.of(RawJson.of(JsonObject.of("roots", JsonArray.EMPTY)));
            default -> Optional.empty();
        };
    }

    private static RawJson cancelled() {
        return RawJson.of(JsonObject.of("action", "cancel"));
    }

    /// A good answer, to the byte.
    static UpstreamReply answered(Envelope.Success answer) {
        var result = answer.result();
        return new UpstreamReply.Answered(new McpReply.Result(result, JsonObject.EMPTY, cache(result.members())));
    }

    /// A good answer that is still on its way.
    static UpstreamReply streaming(Posted.Flowing flowing) {
        return new UpstreamReply.Streaming(
                new McpReply.Streamed(flowing.stream(), JsonObject.EMPTY, cache(flowing.members())));
    }

    private static Optional<McpReply.CacheHint> cache(Map<String, RawJson> result) {
        return Optional.ofNullable(result.get("ttlMs"))
                .flatMap(Dialogue::millis)
                .map(ttl -> new McpReply.CacheHint(
                        ttl,
                        Optional.ofNullable(result.get("cacheScope"))
                                .flatMap(RawJson::string)
                                .filter("public"::equals)
                                .isPresent()));
    }

    /// A bad answer.
    static UpstreamReply answered(Envelope.Fault fault) {
        return new UpstreamReply.Answered(new McpReply.Failure(
                fault.code(), fault.message(), fault.data().map(data -> data.parse(JsonLimits.TRUSTED))));
    }

    private static Optional<Long> millis(RawJson raw) {
        return raw.parse(JsonLimits.TRUSTED) instanceof mistmcp.json.JsonNumber number
                ? number.asLong().filter(ttl -> ttl >= 0)
                : Optional.empty();
    }
}

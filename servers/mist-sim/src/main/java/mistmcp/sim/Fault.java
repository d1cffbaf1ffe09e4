package mistmcp.sim;

import java.time.Duration;
import java.util.Optional;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonValue;

/// What goes wrong with a request.
public sealed interface Fault {
    /// The answer comes later. The effect comes at the end of the wait.
    record Latency(Duration delay) implements Fault {}

    /// An error instead of the effect.
    record Status(int status) implements Fault {}

    /// The effect, and an error all the same.
    record StatusAfterApply(int status) implements Fault {}

    /// The connection breaks before the effect.
    record Cut() implements Fault {}

    /// The effect, and the connection breaks before a byte of the answer.
    record CutAfterApply() implements Fault {}

    /// The effect, and the connection breaks within the body.
    record CutInBody() implements Fault {}

    /// 429, with `Retry-After` in seconds when given.
    record RateLimit(Optional<Integer> retryAfter) implements Fault {}

    /// An HTML page with status 200 instead of the effect.
    record WrongType() implements Fault {}

    /// A JSON answer of so many bytes instead of the effect.
    record Huge(int bytes) implements Fault {}

    /// A redirect to another place instead of the effect.
    record Redirect(String location) implements Fault {}

    /// JSON that breaks off, with status 200, instead of the effect.
    record Garbage() implements Fault {}

    /// Somebody else changes an object right before the request is served; then it is served.
    record Drift(String pointer, JsonValue patch) implements Fault {}

    /// The name in journal and control requests.
    default String kind() {
        return switch (this) {
            case Latency _ -> "latency";
            case Status _ -> "status";
            case StatusAfterApply _ -> "status_after_apply";
            case Cut _ -> "cut";
            case CutAfterApply _ -> "cut_after_apply";
            case CutInBody _ -> "cut_in_body";
            case RateLimit _ -> "rate_limit";
            case WrongType _ -> "wrong_type";
            case Huge _ -> "huge";
            case Redirect _ -> "redirect";
            case Garbage _ -> "garbage";
            case Drift _ -> "drift";
        };
    }

    /// The fault that a control request describes; empty when it describes none.
    static Optional<Fault> of(JsonObject request) {
        int status = request.integer("status").map(Long::intValue).orElse(503);
        return Optional.ofNullable(
                switch (request.string("kind").orElse("")) {
                    case "latency" ->
                        new Latency(Duration.ofMillis(request.integer("millis").orElse(1000L)));
                    case "status" -> new Status(status);
                    case "status_after_apply" -> new StatusAfterApply(status);
                    case "cut" -> new Cut();
                    case "cut_after_apply" -> new CutAfterApply();
                    case "cut_in_body" -> new CutInBody();
                    case "rate_limit" ->
                        new RateLimit(request.integer("retryAfter").map(Long::intValue));
                    case "wrong_type" -> new WrongType();
                    case "huge" ->
                        new Huge(request.integer("bytes").map(Long::intValue).orElse(64 << 20));
                    case "redirect" -> new Redirect(request.string("location").orElse("https://example.com/"));
                    case "garbage" -> new Garbage();
                    case "drift" ->
                        request.string("pointer")
                                .map(pointer ->
                                        new Drift(pointer, request.get("patch").orElse(JsonObject.EMPTY)))
                                .orElse(null);
                    default -> null;
                });
    }
}

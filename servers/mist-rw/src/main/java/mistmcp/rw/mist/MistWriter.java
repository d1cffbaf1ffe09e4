package mistmcp.rw.mist;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import mistmcp.http.HttpClient;
import mistmcp.http.HttpFailure;
import mistmcp.http.InboundResponse;
import mistmcp.http.OutboundRequest;
import mistmcp.json.InvalidJson;
import mistmcp.json.Json;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonObject;
import mistmcp.mist.MistBudget;
import mistmcp.mist.MistSettings;
import mistmcp.mist.UntrustedText;

/// Sends writes to the Mist API: each one once, never again, whatever becomes of it. Safe for several
/// threads.
public final class MistWriter implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int MAX_ANSWER_BYTES = 4 << 20;
    private static final int MAX_DETAIL = 200;

    private final MistSettings settings;
    private final MistBudget budget;
    private final Duration patience;
    private final HttpClient http;

    /// A writer for the organisation and token of the settings.
    ///
    /// @param budget the token's hourly budget, shared with its reads
    public MistWriter(MistSettings settings, MistBudget budget) {
        this(settings, budget, PATIENCE);
    }

    /// A writer that waits so long for an answer.
    public MistWriter(MistSettings settings, MistBudget budget, Duration patience) {
        this.settings = settings;
        this.budget = budget;
        this.patience = patience;
        this.http = new HttpClient(Duration.ofSeconds(5), 4, settings.egress());
    }

    /// Sends one write.
    public WriteReply send(MistWrite write) {
        var pause = budget.take();
        if (pause.isPresent()) {
            return new WriteReply.NotSent(
                    "mist_rate_limited", "the rate limit of the Mist API is reached; try again after " + pause.get());
        }
        // A connection that was kept could have been closed by the other side, and a write lost on it would be of
        // unknown outcome: each write gets a connection of its own.
        var request = new OutboundRequest(
                write.method(),
                URI.create(settings.base() + write.path()),
                Map.of(
                        "Authorization",
                        "Token " + settings.token().reveal(),
                        "Content-Type",
                        "application/json",
                        "Accept",
                        "application/json",
                        "Connection",
                        "close",
                        "User-Agent",
                        "mist-mcp-gateway"),
                Optional.of(Json.bytes(write.body())),
                patience,
                patience);
        try (var response = http.send(request)) {
            return reply(response);
        } catch (HttpFailure failure) {
            return failure.maybeSent()
                    ? new WriteReply.Unknown(Optional.empty(), broken(failure.kind()))
                    : new WriteReply.NotSent("mist_unavailable", "the Mist API cannot be reached");
        }
    }

    @Override
    public void close() {
        http.close();
    }

    private static String broken(HttpFailure.Kind kind) {
        return switch (kind) {
            case CONNECT -> "no connection could be made";
            case TIMEOUT -> "no answer came in time";
            case RESET -> "the connection broke";
            case TOO_LARGE, GARBAGE -> "the answer cannot be used";
        };
    }

    private WriteReply reply(InboundResponse response) {
        int status = response.status();
        var body = body(response);
        if (status >= 200 && status < 300) {
            // Something else than Mist may have answered, or Mist broke off: neither settles the outcome.
            return body.<WriteReply>map(read -> new WriteReply.Accepted(status, read.object()))
                    .orElseGet(() -> new WriteReply.Unknown(Optional.of(status), "the answer is cut or is not JSON"));
        }
        if (status < 400 || status >= 500 || status == 408) {
            return new WriteReply.Unknown(Optional.of(status), "Mist answered with status " + status);
        }
        if (status == 429) {
            budget.refused(response.header("Retry-After")
                    .filter(seconds -> seconds.matches("[0-9]{1,2}"))
                    .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds))));
        }
        var detail = body.flatMap(Body::object)
                .flatMap(object -> object.string("detail"))
                .map(text -> UntrustedText.clean(text, MAX_DETAIL))
                .orElse("");
        return new WriteReply.Rejected(status, code(status), detail);
    }

    private static String code(int status) {
        return switch (status) {
            case 401 -> "mist_token_refused";
            case 403 -> "mist_forbidden";
            case 404 -> "not_found";
            case 429 -> "mist_rate_limited";
            default -> "mist_bad_request";
        };
    }

    /// A body that came whole: an object, or nothing that says more than the status.
    private record Body(Optional<JsonObject> object) {}

    private static Optional<Body> body(InboundResponse response) {
        try {
            var bytes = response.body(MAX_ANSWER_BYTES);
            if (bytes.length == 0) {
                return Optional.of(new Body(Optional.empty()));
            }
            var value = Json.parse(bytes, JsonLimits.TRUSTED.withMaxBytes(MAX_ANSWER_BYTES));
            return Optional.of(new Body(
                    Optional.of(value).filter(JsonObject.class::isInstance).map(JsonObject.class::cast)));
        } catch (IOException | InvalidJson unusable) {
            return Optional.empty();
        }
    }
}

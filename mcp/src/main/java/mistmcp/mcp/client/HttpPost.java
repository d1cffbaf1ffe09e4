package mistmcp.mcp.client;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import mistmcp.http.HttpClient;
import mistmcp.http.InboundResponse;
import mistmcp.http.OutboundRequest;
import mistmcp.json.JsonNumber;
import mistmcp.json.RawJson;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.UpstreamReply;
import mistmcp.mcp.oauth.Authorization;
import mistmcp.mcp.oauth.Bearer;
import mistmcp.mcp.oauth.Challenge;

/// Sends messages to one server over Streamable HTTP: what is authorized, what is sent again, and what is waited
/// for. Safe for several threads.
final class HttpPost {
    private static final int MAX_RECONNECTS = 5;
    private static final Duration MAX_RETRY_WAIT = Duration.ofSeconds(10);
    /// How often one request is sent again because of another authorization.
    private static final int MAX_CHALLENGES = 3;

    private final HttpClient http;
    private final URI uri;
    private final ClientOptions options;
    private final Authorization authorization;
    private final AnswerReader answers;
    private final AtomicLong ids = new AtomicLong();

    HttpPost(HttpClient http, URI uri, ClientOptions options, Authorization authorization) {
        this.http = http;
        this.uri = uri;
        this.options = options;
        this.authorization = authorization;
        this.answers = new AnswerReader(options.maxResultBytes());
    }

    /// The id of one more request to this server.
    RawJson nextId() {
        return RawJson.of(JsonNumber.of(ids.incrementAndGet()));
    }

    /// Posts a request and waits for its answer. When the exchange is cancelled, the connection is dropped. A
    /// request that the server refused for want of an authorization has not been applied (RFC 9110 section
    /// 15.5.2): it is sent again when there is another one.
    Posted request(HttpMessage message, Duration deadline, Exchange exchange, Aside aside) throws InterruptedException {
        var end = Instant.now().plus(deadline);
        for (int i = 0; ; i++) {
            var left = Duration.between(Instant.now(), end);
            var tried = attempt(message, left, exchange, aside);
            if (tried.challenge().isEmpty() || exchange.cancelled()) {
                return tried.posted();
            }
            var refused = refused(tried.challenge().get(), tried.sent(), i);
            if (refused.isPresent()) {
                return refused.get();
            }
        }
    }

    /// What a refusal for want of an authorization comes to; nothing when there is another one now.
    private Optional<Posted.Broken> refused(Challenge challenge, Optional<Bearer> sent, int before) {
        if (before == MAX_CHALLENGES) {
            return Optional.of(unauthorized(
                    "upstream_needs_authorization", "the server refuses one authorization after the other"));
        }
        return switch (authorization.challenged(challenge, sent)) {
            case Authorization.Verdict.Again _ -> Optional.empty();
            case Authorization.Verdict.Failed failed -> Optional.of(unauthorized(failed.code(), failed.detail()));
        };
    }

    private static Posted.Broken unauthorized(String code, String detail) {
        return new Posted.Broken(new UpstreamReply.Failed(code, detail, false));
    }

    /// How one attempt ended.
    ///
    /// @param challenge what the server asks for, when it refused for want of an authorization
    /// @param sent      the token that went along
    private record Tried(Posted posted, Optional<Challenge> challenge, Optional<Bearer> sent) {}

    private Tried attempt(HttpMessage message, Duration deadline, Exchange exchange, Aside aside)
            throws InterruptedException {
        var end = Instant.now().plus(deadline);
        var hold = options.room().open();
        boolean kept = false;
        var bearer = authorization.bearer();
        var call = http.prepare(message.to(uri, bearer, deadline, options.silence()));
        exchange.onCancel(call::cancel);
        Optional<InboundResponse> open = Optional.empty();
        try {
            open = Optional.of(call.send());
            var challenge = challenge(open.get());
            if (open.get().status() < 300 && bearer.isPresent()) {
                authorization.accepted();
            }
            if (challenge.isPresent()) {
                return new Tried(new Posted.Status(open.get().status()), challenge, bearer);
            }
            var posted = read(open.get(), new AnswerReader.Sent(message, end, exchange, hold), aside);
            kept = switch (posted) {
                case Posted.Good _ -> exchange.onEnd(hold::close);
                case Posted.Flowing flowing -> {
                    if (exchange.onEnd(flowing.stream()::drop)) {
                        open = Optional.empty();
                        yield true;
                    }
                    yield false;
                }
                case Posted.Bad _, Posted.Status _, Posted.Broken _ -> false;
            };
            return new Tried(posted, Optional.empty(), bearer);
        } catch (IOException failed) {
            return new Tried(new Posted.Broken(Failures.of(failed, exchange)), Optional.empty(), bearer);
        } finally {
            open.ifPresent(InboundResponse::close);
            if (!kept) {
                hold.close();
            }
        }
    }

    private Optional<Challenge> challenge(InboundResponse response) {
        return authorization.answers()
                ? Challenge.of(response.status(), response.headers("WWW-Authenticate"))
                : Optional.empty();
    }

    /// Sends a message that has no answer. What goes wrong is told to nobody: nothing can be done about it.
    void tell(HttpMessage message, Duration deadline) {
        try (var response = http.send(outbound(message, deadline, options.silence()))) {
            response.body(1 << 16);
        } catch (IOException lost) {
            // The other side learns it in another way, or never needed it.
        }
    }

    /// What a stream may take that the server keeps open.
    ///
    /// @param toHead   how long its head may take
    /// @param silence  how long nothing may come
    /// @param maxEvent how many bytes one event may have
    record Terms(Duration toHead, Duration silence, int maxEvent) {}

    /// Opens a stream that the server keeps open, and hands its events on until it ends. Where the server wants
    /// another authorization, it is opened with that one: there need not be a request beside it that sees to it.
    ///
    /// @param out   takes each call before it is sent, for whoever wants to end it
    /// @param begun run once the stream is known to be one
    Posted.Whole listen(HttpMessage message, Terms terms, Consumer<HttpClient.Call> out, Runnable begun, Aside aside) {
        for (int i = 0; ; i++) {
            var bearer = authorization.bearer();
            var call = http.prepare(message.to(uri, bearer, terms.toHead(), terms.silence()));
            out.accept(call);
            Challenge challenge;
            try (var response = call.send();
                    var hold = options.room().open()) {
                if (response.status() < 300 && bearer.isPresent()) {
                    authorization.accepted();
                }
                var asked = challenge(response);
                if (asked.isEmpty()) {
                    return opened(response, message, terms, hold, begun, aside);
                }
                challenge = asked.get();
            } catch (IOException ended) {
                return new Posted.Broken(Failures.of(ended, Exchange.SILENT));
            }
            var refused = refused(challenge, bearer, i);
            if (refused.isPresent()) {
                return refused.get();
            }
        }
    }

    private Posted.Whole opened(
            InboundResponse response, HttpMessage message, Terms terms, Room.Hold hold, Runnable begun, Aside aside)
            throws IOException {
        if (!AnswerReader.isStream(response)) {
            return answers.whole(response, message.id(), hold);
        }
        response.streaming();
        begun.run();
        var wanted = new AnswerStream.Wanted(message.id(), terms.maxEvent(), hold, Optional.empty());
        return answers.stream(response, wanted, aside)
                .answer()
                .map(Posted::whole)
                .orElseGet(() -> new Posted.Broken(Failures.broken("the connection to the server ended")));
    }

    private OutboundRequest outbound(HttpMessage message, Duration deadline, Duration silence) {
        return message.to(uri, authorization.bearer(), deadline, silence);
    }

    private Posted read(InboundResponse response, AnswerReader.Sent sent, Aside aside)
            throws IOException, InterruptedException {
        if (!AnswerReader.isStream(response)) {
            return answers.read(response, sent);
        }
        var stream = answers.stream(response, sent, aside);
        var answer = stream.answer();
        return answer.isPresent() ? answer.get() : resume(stream, sent, aside);
    }

    /// A legacy server may close a stream and go on where we come back to (2025-11-25, SEP-1699); in the
    /// modern era a lost stream is a lost request.
    private Posted resume(AnswerStream ended, AnswerReader.Sent sent, Aside aside)
            throws IOException, InterruptedException {
        var stream = ended;
        boolean resumes = !sent.message().modern();
        for (int i = 0;
                resumes
                        && i < MAX_RECONNECTS
                        && stream.lastId().isPresent()
                        && !sent.exchange().cancelled();
                i++) {
            var wait = Duration.ofMillis(Math.min(stream.retryMs().orElse(1000L), MAX_RETRY_WAIT.toMillis()));
            if (Instant.now().plus(wait).isAfter(sent.end())) {
                break;
            }
            Thread.sleep(wait);
            var message = sent.message().resumed(stream.lastId().get());
            var left = Duration.between(Instant.now(), sent.end());
            var call = http.prepare(outbound(message, left, options.silence()));
            sent.exchange().onCancel(call::cancel);
            try (var response = call.send()) {
                if (!AnswerReader.isStream(response)) {
                    break;
                }
                stream = answers.resumed(response, sent, aside);
                var answer = stream.answer();
                if (answer.isPresent()) {
                    return answer.get();
                }
            }
        }
        return new Posted.Broken(Failures.broken("the server's stream ended before its answer"));
    }
}

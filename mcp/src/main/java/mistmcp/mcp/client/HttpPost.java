package mistmcp.mcp.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import mistmcp.http.HttpClient;
import mistmcp.http.HttpFailure;
import mistmcp.http.InboundResponse;
import mistmcp.http.OutboundRequest;
import mistmcp.json.JsonLimits;
import mistmcp.json.RawJson;
import mistmcp.jsonrpc.Envelope;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.ResultStream;
import mistmcp.mcp.UpstreamReply;
import mistmcp.mcp.oauth.Authorization;
import mistmcp.mcp.oauth.Bearer;
import mistmcp.mcp.oauth.Challenge;

/// Posts one message to a server over Streamable HTTP and reads its answer, be it JSON or an event stream.
/// Safe for several threads.
final class HttpPost {
    private static final int MAX_RECONNECTS = 5;
    private static final Duration TO_HEAD = Duration.ofSeconds(10);
    /// Some servers send no sign of life on a stream that tells nothing.
    private static final Duration STREAM_SILENCE = Duration.ofMinutes(10);
    /// What tells of a change is short.
    private static final int MAX_EVENT = 1 << 20;

    private static final Duration MAX_RETRY_WAIT = Duration.ofSeconds(10);
    /// How often one request is sent again because of another authorization.
    private static final int MAX_CHALLENGES = 3;

    private final HttpClient http;
    private final URI uri;
    private final ClientOptions options;
    private final Authorization authorization;
    private final JsonLimits limits;

    HttpPost(HttpClient http, URI uri, ClientOptions options, Authorization authorization) {
        this.http = http;
        this.uri = uri;
        this.options = options;
        this.authorization = authorization;
        this.limits = JsonLimits.TRUSTED.withMaxBytes(options.maxResultBytes());
    }

    /// Posts a request and waits for its answer. When the exchange is cancelled, the connection is dropped. A
    /// request that the server refused for want of an authorization has not been applied (RFC 9110 section
    /// 15.5.2): it is sent again when there is another one.
    Posted request(HttpMessage message, Duration deadline, Exchange exchange, Aside aside) throws InterruptedException {
        var end = Instant.now().plus(deadline);
        for (int i = 0; ; i++) {
            var left = Duration.between(Instant.now(), end);
            var tried = attempt(message, left, exchange, aside);
            if (tried.challenge().isEmpty() || i == MAX_CHALLENGES || exchange.cancelled()) {
                return tried.posted();
            }
            switch (authorization.challenged(tried.challenge().get(), tried.sent())) {
                case Authorization.Verdict.Again _ -> {}
                case Authorization.Verdict.Failed failed -> {
                    return new Posted.Broken(new UpstreamReply.Failed(failed.code(), failed.detail(), false));
                }
            }
        }
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
            var posted = read(open.get(), new Sent(message, end, exchange, hold), aside);
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

    /// A message that is out.
    private record Sent(HttpMessage message, Instant end, Exchange exchange, Room.Hold hold) {}

    /// Sends a message that has no answer. What goes wrong is told to nobody: nothing can be done about it.
    void tell(HttpMessage message, Duration deadline) {
        try (var response = http.send(outbound(message, deadline, options.silence()))) {
            response.body(1 << 16);
        } catch (IOException lost) {
            // The other side learns it in another way, or never needed it.
        }
    }

    /// Opens a GET stream and hands its events on until it ends.
    ///
    /// @param open  where the stream stands while it is open, for whoever wants to end it
    /// @param begun run once its head is here
    void stream(HttpMessage message, Duration deadline, Set<HttpClient.Call> open, Runnable begun, Aside aside) {
        var call = http.prepare(outbound(message, deadline, options.silence()));
        open.add(call);
        try (var response = call.send();
                var hold = options.room().open()) {
            if (response.status() == 200 && isEventStream(response)) {
                response.streaming();
                begun.run();
                var reader = new EventReader(response.body(), options.maxResultBytes(), hold);
                events(reader, new Wanted(RawJson.EMPTY_OBJECT, Optional.empty()), aside);
            }
        } catch (IOException ended) {
            // A stream may end at any time, and a server need not offer one.
        } finally {
            open.remove(call);
        }
    }

    /// Opens a stream that the server keeps open, and hands its events on until it ends.
    ///
    /// @param out   takes the call before it is sent, for whoever wants to end it
    /// @param begun run once the stream is known to be one
    Posted.Whole listen(HttpMessage message, Consumer<HttpClient.Call> out, Runnable begun, Aside aside) {
        var call = http.prepare(outbound(message, TO_HEAD, STREAM_SILENCE));
        out.accept(call);
        try (var response = call.send();
                var hold = options.room().open()) {
            if (challenge(response).isPresent()) {
                // The requests beside it see to another one; then the stream is opened again.
                return new Posted.Broken(new UpstreamReply.Failed(
                        "upstream_needs_authorization", "the server wants another authorization", false));
            }
            if (response.status() != 200 || !isEventStream(response)) {
                return isJson(response)
                        ? settled(
                                        Envelope.read(body(response, hold), limits),
                                        response.status(),
                                        message.id(),
                                        Optional.empty())
                                .orElseGet(() -> new Posted.Status(response.status()))
                        : new Posted.Status(response.status());
            }
            response.streaming();
            begun.run();
            var reader = new EventReader(response.body(), MAX_EVENT, hold);
            return events(reader, new Wanted(message.id(), Optional.empty()), aside)
                    .map(Posted::whole)
                    .orElseGet(() -> new Posted.Broken(Failures.broken("the connection to the server ended")));
        } catch (IOException ended) {
            return new Posted.Broken(Failures.of(ended, Exchange.SILENT));
        }
    }

    private OutboundRequest outbound(HttpMessage message, Duration deadline, Duration silence) {
        return message.to(uri, authorization.bearer(), deadline, silence);
    }

    private Posted read(InboundResponse response, Sent sent, Aside aside) throws IOException, InterruptedException {
        int status = response.status();
        if (status == 202 || status == 204) {
            return new Posted.Status(status);
        }
        if (status == 200 && isEventStream(response)) {
            return stream(response, sent, aside);
        }
        if (status != 200 && !isJson(response)) {
            return new Posted.Status(status);
        }
        if (status == 200 && sent.exchange().takesStreams() && mayBeLarge(response)) {
            var head = response.body().readNBytes(LargeAnswer.HEAD_BYTES + 1);
            var flowing = flowing(head, response.body(), response, sent);
            return flowing.isPresent()
                    ? flowing.get()
                    : answer(whole(head, response.body(), sent.hold()), response, sent);
        }
        return answer(body(response, sent.hold()), response, sent);
    }

    private Posted answer(byte[] body, InboundResponse response, Sent sent) {
        int status = response.status();
        return settled(Envelope.read(body, limits), status, sent.message().id(), response.header("Mcp-Session-Id"))
                .orElseGet(() -> status == 200
                        ? new Posted.Broken(Failures.garbage("the server's answer is no MCP message for our request"))
                        : new Posted.Status(status));
    }

    private boolean mayBeLarge(InboundResponse response) throws HttpFailure {
        var announced = response.header("Content-Length").flatMap(HttpPost::length);
        if (announced.isPresent() && announced.get() > options.maxResultBytes()) {
            throw tooLarge(options.maxResultBytes());
        }
        return announced.filter(length -> length <= LargeAnswer.HEAD_BYTES).isEmpty();
    }

    /// A large answer is handed on as it comes, when its head says enough of it.
    private Optional<Posted> flowing(byte[] head, InputStream rest, InboundResponse response, Sent sent) {
        if (head.length <= LargeAnswer.HEAD_BYTES) {
            return Optional.empty();
        }
        var large = new LargeAnswer(
                RawJson.of(head),
                sent.message().id(),
                sent.message().modern(),
                limits,
                new LargeAnswer.From(
                        rest, Duration.between(Instant.now(), sent.end()), sent.hold(), sent.exchange(), () -> {
                            response.close();
                            sent.hold().close();
                        }));
        if (!large.canBeRelayed()) {
            return Optional.empty();
        }
        response.streaming();
        return Optional.of(new Posted.Flowing(new ResultStream(large), large.members()));
    }

    /// A body whose length is known takes its room at once; another as it grows.
    private byte[] body(InboundResponse response, Room.Hold hold) throws IOException {
        int most = options.maxResultBytes();
        var announced = response.header("Content-Length").flatMap(HttpPost::length);
        if (announced.isPresent()) {
            if (announced.get() > most) {
                throw tooLarge(most);
            }
            hold.reserve(announced.get());
            return response.body(most);
        }
        return whole(new byte[0], response.body(), hold);
    }

    private byte[] whole(byte[] head, InputStream in, Room.Hold hold) throws IOException {
        int most = options.maxResultBytes();
        var whole = new ByteArrayOutputStream(Math.max(1024, head.length * 2));
        whole.writeBytes(head);
        var chunk = new byte[16 << 10];
        for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
            whole.write(chunk, 0, n);
            hold.reserve(whole.size());
            if (whole.size() > most) {
                throw tooLarge(most);
            }
        }
        return whole.toByteArray();
    }

    private static HttpFailure tooLarge(int most) {
        return new HttpFailure(
                HttpFailure.Kind.TOO_LARGE, "the body has more than " + most + " bytes", new IOException("too large"));
    }

    private static Optional<Long> length(String header) {
        boolean digits = !header.isEmpty() && header.length() <= 18;
        for (int i = 0; digits && i < header.length(); i++) {
            digits = header.charAt(i) >= '0' && header.charAt(i) <= '9';
        }
        return digits ? Optional.of(Long.valueOf(header)) : Optional.empty();
    }

    private Posted stream(InboundResponse response, Sent sent, Aside aside) throws IOException, InterruptedException {
        var reader = new EventReader(response.body(), options.maxResultBytes(), sent.hold());
        var session = response.header("Mcp-Session-Id");
        var large = Optional.<Large>of(begun -> flowing(begun.head(), begun.rest(), response, sent))
                .filter(_ -> sent.exchange().takesStreams());
        var answer = events(reader, new Wanted(sent.message().id(), session, large), aside);
        return answer.isPresent() ? answer.get() : reconnect(reader, sent, aside);
    }

    /// A legacy server may close a stream and go on where we come back to (2025-11-25, SEP-1699); in the
    /// modern era a lost stream is a lost request.
    private Posted reconnect(EventReader ended, Sent sent, Aside aside) throws IOException, InterruptedException {
        var reader = ended;
        var message = sent.message();
        boolean resumes = !message.modern();
        for (int i = 0;
                resumes
                        && i < MAX_RECONNECTS
                        && reader.lastId().isPresent()
                        && !sent.exchange().cancelled();
                i++) {
            var wait = Duration.ofMillis(Math.min(reader.retryMs().orElse(1000L), MAX_RETRY_WAIT.toMillis()));
            if (Instant.now().plus(wait).isAfter(sent.end())) {
                break;
            }
            Thread.sleep(wait);
            var left = Duration.between(Instant.now(), sent.end());
            var call = http.prepare(outbound(message.resumed(reader.lastId().get()), left, options.silence()));
            sent.exchange().onCancel(call::cancel);
            try (var response = call.send()) {
                if (response.status() != 200 || !isEventStream(response)) {
                    break;
                }
                reader = new EventReader(response.body(), options.maxResultBytes(), sent.hold());
                var answer = events(reader, new Wanted(message.id(), Optional.empty()), aside);
                if (answer.isPresent()) {
                    return answer.get();
                }
            }
        }
        return new Posted.Broken(Failures.broken("the server's stream ended before its answer"));
    }

    /// What becomes of the data of an event that is large: something to answer with, or nothing when it has to
    /// be read whole.
    private interface Large {
        Optional<Posted> begun(EventReader.Data.Begun begun);
    }

    /// The answer that is waited for on a stream.
    ///
    /// @param session the MCP session that the server opened with it
    /// @param large   empty when nothing can be handed on before it is whole
    private record Wanted(RawJson id, Optional<String> session, Optional<Large> large) {
        Wanted(RawJson id, Optional<String> session) {
            this(id, session, Optional.empty());
        }

        int most() {
            return large.isPresent() ? LargeAnswer.HEAD_BYTES : Integer.MAX_VALUE;
        }
    }

    /// Reads events up to the answer for an id; empty when the stream ended before.
    private Optional<Posted> events(EventReader reader, Wanted wanted, Aside aside) throws IOException {
        for (var data = reader.next(wanted.most()); data.isPresent(); data = reader.next(wanted.most())) {
            byte[] message;
            switch (data.get()) {
                case EventReader.Data.Whole whole -> message = whole.bytes();
                case EventReader.Data.Begun begun -> {
                    var flowing = wanted.large().flatMap(large -> large.begun(begun));
                    if (flowing.isPresent()) {
                        return flowing;
                    }
                    message = reader.whole(begun);
                }
            }
            switch (Envelope.read(message, limits)) {
                case Envelope.Notification note -> aside.note(note);
                case Envelope.Request asked -> aside.asked(asked);
                case Envelope.Success answer
                when answer.id().equals(wanted.id()) -> {
                    return Optional.of(new Posted.Good(answer, wanted.session()));
                }
                case Envelope.Fault fault
                when fault.id().isEmpty() || fault.id().get().equals(wanted.id()) -> {
                    return Optional.of(new Posted.Bad(200, fault));
                }
                case Envelope.Invalid _ ->
                    throw new HttpFailure(
                            HttpFailure.Kind.GARBAGE, "an event is no MCP message", new IOException("garbage"));
                case Envelope.Success _, Envelope.Fault _ -> {
                    // An answer to something else is not ours to judge.
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<Posted.Whole> settled(Envelope answer, int status, RawJson id, Optional<String> session) {
        return switch (answer) {
            case Envelope.Success good
            when status == 200 && good.id().equals(id) -> Optional.of(new Posted.Good(good, session));
            case Envelope.Fault bad
            when bad.id().isEmpty() || bad.id().get().equals(id) -> Optional.of(new Posted.Bad(status, bad));
            default -> Optional.empty();
        };
    }

    private static boolean isJson(InboundResponse response) {
        return type(response).equals("application/json");
    }

    private static boolean isEventStream(InboundResponse response) {
        return type(response).equals("text/event-stream");
    }

    private static String type(InboundResponse response) {
        var value = response.header("Content-Type").orElse("");
        int end = value.indexOf(';');
        return (end < 0 ? value : value.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }
}

package mistmcp.mcp.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import mistmcp.http.HttpFailure;
import mistmcp.http.InboundResponse;
import mistmcp.json.JsonLimits;
import mistmcp.json.RawJson;
import mistmcp.jsonrpc.Envelope;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.ResultStream;

/// Reads what a server answers to one message over HTTP, within bounds: a JSON body, whole or as it comes, or
/// an event stream. Safe for several threads.
final class AnswerReader {
    private final int maxBytes;
    private final JsonLimits limits;

    /// A reader of answers of up to so many bytes.
    AnswerReader(int maxBytes) {
        this.maxBytes = maxBytes;
        this.limits = JsonLimits.TRUSTED.withMaxBytes(maxBytes);
    }

    /// A request that is out.
    ///
    /// @param hold what its answer may take in memory
    record Sent(HttpMessage message, Instant end, Exchange exchange, Room.Hold hold) {}

    /// Whether a server answers with events.
    static boolean isStream(InboundResponse response) {
        return response.status() == 200 && type(response).equals("text/event-stream");
    }

    /// The stream that a server answers a request with.
    AnswerStream stream(InboundResponse response, Sent sent, Aside aside) {
        var large = Optional.<AnswerStream.Large>of(begun -> flowing(begun.head(), begun.rest(), response, sent))
                .filter(_ -> sent.exchange().takesStreams());
        return stream(response, new AnswerStream.Wanted(sent.message().id(), maxBytes, sent.hold(), large), aside);
    }

    /// The stream on which a server goes on with its answer.
    AnswerStream resumed(InboundResponse response, Sent sent, Aside aside) {
        return stream(
                response, new AnswerStream.Wanted(sent.message().id(), maxBytes, sent.hold(), Optional.empty()), aside);
    }

    /// A stream.
    AnswerStream stream(InboundResponse response, AnswerStream.Wanted wanted, Aside aside) {
        return new AnswerStream(response, wanted, limits, aside);
    }

    /// The answer that is no stream.
    Posted read(InboundResponse response, Sent sent) throws IOException {
        if (response.status() != 200 || !sent.exchange().takesStreams() || !mayBeLarge(response)) {
            return whole(response, sent.message().id(), sent.hold());
        }
        var head = response.body().readNBytes(LargeAnswer.HEAD_BYTES + 1);
        var flowing = flowing(head, response.body(), response, sent);
        return flowing.isPresent()
                ? flowing.get()
                : answer(
                        whole(head, response.body(), sent.hold()),
                        response,
                        sent.message().id());
    }

    /// The answer that is no stream, when all of it is here.
    Posted.Whole whole(InboundResponse response, RawJson id, Room.Hold hold) throws IOException {
        int status = response.status();
        boolean message = status == 200 || (status != 202 && status != 204 && isJson(response));
        return message ? answer(body(response, hold), response, id) : new Posted.Status(status);
    }

    private Posted.Whole answer(byte[] body, InboundResponse response, RawJson id) {
        int status = response.status();
        return switch (Envelope.read(body, limits)) {
            case Envelope.Success good
            when status == 200 && good.id().equals(id) -> new Posted.Good(good, response.header("Mcp-Session-Id"));
            case Envelope.Fault bad when bad.id().isEmpty() || bad.id().get().equals(id) -> new Posted.Bad(status, bad);
            default ->
                status == 200
                        ? new Posted.Broken(Failures.garbage("the server's answer is no MCP message for our request"))
                        : new Posted.Status(status);
        };
    }

    private boolean mayBeLarge(InboundResponse response) throws HttpFailure {
        return announced(response)
                .filter(length -> length <= LargeAnswer.HEAD_BYTES)
                .isEmpty();
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
        var announced = announced(response);
        if (announced.isPresent()) {
            hold.reserve(announced.get());
            return response.body(maxBytes);
        }
        return whole(new byte[0], response.body(), hold);
    }

    private byte[] whole(byte[] head, InputStream in, Room.Hold hold) throws IOException {
        var whole = new ByteArrayOutputStream(Math.max(1024, head.length * 2));
        whole.writeBytes(head);
        var chunk = new byte[16 << 10];
        for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
            whole.write(chunk, 0, n);
            hold.reserve(whole.size());
            if (whole.size() > maxBytes) {
                throw tooLarge();
            }
        }
        return whole.toByteArray();
    }

    /// The length that a server announces, when it does.
    ///
    /// @throws HttpFailure when that is too much
    private Optional<Long> announced(InboundResponse response) throws HttpFailure {
        var announced = response.header("Content-Length").flatMap(AnswerReader::length);
        if (announced.isPresent() && announced.get() > maxBytes) {
            throw tooLarge();
        }
        return announced;
    }

    private HttpFailure tooLarge() {
        return new HttpFailure(
                HttpFailure.Kind.TOO_LARGE,
                "the body has more than " + maxBytes + " bytes",
                new IOException("too large"));
    }

    private static Optional<Long> length(String header) {
        boolean digits = !header.isEmpty() && header.length() <= 18;
        for (int i = 0; digits && i < header.length(); i++) {
            digits = header.charAt(i) >= '0' && header.charAt(i) <= '9';
        }
        return digits ? Optional.of(Long.valueOf(header)) : Optional.empty();
    }

    private static boolean isJson(InboundResponse response) {
        return type(response).equals("application/json");
    }

    private static String type(InboundResponse response) {
        var value = response.header("Content-Type").orElse("");
        int end = value.indexOf(';');
        return (end < 0 ? value : value.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }
}

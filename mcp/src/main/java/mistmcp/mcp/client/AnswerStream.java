package mistmcp.mcp.client;

import java.io.IOException;
import java.util.Optional;
import mistmcp.http.HttpFailure;
import mistmcp.http.InboundResponse;
import mistmcp.json.JsonLimits;
import mistmcp.json.RawJson;
import mistmcp.jsonrpc.Envelope;

/// An event stream of a server, read up to the answer that is waited for on it. What comes before goes aside.
/// Not for sharing between threads.
final class AnswerStream {
    private final EventReader reader;
    private final Optional<String> session;
    private final Wanted wanted;
    private final JsonLimits limits;
    private final Aside aside;

    AnswerStream(InboundResponse response, Wanted wanted, JsonLimits limits, Aside aside) {
        this.reader = new EventReader(response.body(), wanted.maxEvent(), wanted.hold());
        this.session = response.header("Mcp-Session-Id");
        this.wanted = wanted;
        this.limits = limits;
        this.aside = aside;
    }

    /// What is waited for.
    ///
    /// @param id       the id of the request
    /// @param maxEvent how many bytes one event may have
    /// @param hold     what all of it may take in memory
    /// @param large    empty when nothing can be handed on before it is whole
    record Wanted(RawJson id, int maxEvent, Room.Hold hold, Optional<Large> large) {
        private int most() {
            return large.isPresent() ? LargeAnswer.HEAD_BYTES : Integer.MAX_VALUE;
        }
    }

    /// What becomes of the data of an event that is large: something to answer with, or nothing when it has to
    /// be read whole.
    interface Large {
        Optional<Posted> begun(EventReader.Data.Begun begun);
    }

    /// Reads events up to the answer; empty when the stream ended before.
    Optional<Posted> answer() throws IOException {
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
                    return Optional.of(new Posted.Good(answer, session));
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

    /// The id of the last event that had one.
    Optional<String> lastId() {
        return reader.lastId();
    }

    /// How long the server wants us to wait before we come back.
    Optional<Long> retryMs() {
        return reader.retryMs();
    }
}

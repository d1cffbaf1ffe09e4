package mistmcp.mcp.server;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import mistmcp.http.HttpProblem;
import mistmcp.http.HttpRequest;
import mistmcp.http.HttpResponse;
import mistmcp.json.RawJson;
import mistmcp.jsonrpc.Messages;
import mistmcp.mcp.ResultStream;

/// The way back of one POST: a single JSON body, or an event stream once something has to go out before the
/// answer. One thread writes.
final class ReplyLine implements Outlet {
    private static final byte[] EVENT = "event: message\ndata: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NEXT_LINE = "\ndata: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] COMMENT = ":\n\n".getBytes(StandardCharsets.US_ASCII);

    private final HttpResponse response;
    private final boolean json;
    private final boolean events;
    private Optional<OutputStream> stream = Optional.empty();

    private ReplyLine(HttpResponse response, boolean json, boolean events) {
        this.response = response;
        this.json = json;
        this.events = events;
    }

    /// The way that the Accept header leaves. A caller that sends none, or a wildcard only, gets JSON.
    ///
    /// @throws HttpProblem 406 when the caller takes neither JSON nor events
    static ReplyLine of(HttpRequest request, HttpResponse response) {
        var accept = String.join(",", request.headers("Accept")).toLowerCase(java.util.Locale.ROOT);
        boolean events = accept.contains("text/event-stream");
        boolean json = accept.isBlank()
                || accept.contains("application/json")
                || accept.contains("*/*")
                || accept.contains("application/*");
        if (!json && !events) {
            throw new HttpProblem(406, "not_acceptable", "accept `application/json` and `text/event-stream` here");
        }
        return new ReplyLine(response, json, events);
    }

    /// Whether something can go out before the answer.
    boolean takesEvents() {
        return events;
    }

    /// Sends a message before the answer; nothing when the caller takes no events.
    @Override
    public void message(byte[] message) throws IOException {
        if (events) {
            event(open(), message);
        }
    }

    /// Sends a comment, so that a gone caller is noticed.
    @Override
    public void comment() throws IOException {
        if (events) {
            var out = open();
            out.write(COMMENT);
            out.flush();
        }
    }

    /// Sends the answer and ends.
    void last(int status, byte[] message) throws IOException {
        if (stream.isPresent() || !json) {
            var out = open();
            event(out, message);
            out.close();
        } else {
            response.send(status, "application/json", message);
        }
    }

    /// Sends an answer whose result is still on its way, and ends. When the result breaks off, so does the
    /// connection: nobody shall take a part of it for all.
    void last(RawJson id, ResultStream result, Map<String, ResultStream.Setting> set) throws IOException {
        boolean event = stream.isPresent() || !json;
        try {
            var out = event ? open() : response.stream(200, "application/json");
            if (event) {
                out.write(EVENT);
            }
            var message = event ? new EventLines(out) : out;
            message.write(Messages.beforeResult(id));
            result.relay(set, message);
            message.write('}');
            if (event) {
                out.write(END);
            }
            out.close();
        } catch (IOException | RuntimeException broken) {
            response.abort();
            throw broken;
        } finally {
            result.drop();
        }
    }

    private OutputStream open() throws IOException {
        if (stream.isEmpty()) {
            response.header("Cache-Control", "no-store").header("X-Accel-Buffering", "no");
            stream = Optional.of(response.stream(200, "text/event-stream"));
        }
        return stream.get();
    }

    private static void event(OutputStream out, byte[] message) throws IOException {
        out.write(EVENT);
        new EventLines(out).write(message);
        out.write(END);
        out.flush();
    }

    /// The data of one event. A line end in a message is white space between JSON tokens; it would end the
    /// event's line.
    private static final class EventLines extends FilterOutputStream {
        EventLines(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            int from = offset;
            for (int i = offset; i < offset + length; i++) {
                if (bytes[i] == '\n' || bytes[i] == '\r') {
                    out.write(bytes, from, i - from);
                    out.write(NEXT_LINE);
                    from = i + 1;
                }
            }
            out.write(bytes, from, offset + length - from);
        }
    }
}

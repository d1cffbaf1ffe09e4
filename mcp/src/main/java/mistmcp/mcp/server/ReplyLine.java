package mistmcp.mcp.server;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import mistmcp.http.HttpProblem;
import mistmcp.http.HttpRequest;
import mistmcp.http.HttpResponse;

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

    private OutputStream open() throws IOException {
        if (stream.isEmpty()) {
            response.header("Cache-Control", "no-store").header("X-Accel-Buffering", "no");
            stream = Optional.of(response.stream(200, "text/event-stream"));
        }
        return stream.get();
    }

    /// A line end in a message is white space between JSON tokens; it would end the event's line.
    private static void event(OutputStream out, byte[] message) throws IOException {
        out.write(EVENT);
        int from = 0;
        for (int i = 0; i < message.length; i++) {
            if (message[i] == '\n' || message[i] == '\r') {
                out.write(message, from, i - from);
                out.write(NEXT_LINE);
                from = i + 1;
            }
        }
        out.write(message, from, message.length - from);
        out.write(END);
        out.flush();
    }
}

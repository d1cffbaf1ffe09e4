package mistmcp.mcp.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import mistmcp.http.HttpFailure;

/// Reads server-sent events (HTML Living Standard, "Interpreting an event stream") from bytes, within a bound
/// for each event. Not for sharing between threads.
final class EventReader {
    private final InputStream in;
    private final int maxBytes;
    private final Room.Hold hold;
    private final byte[] buffer = new byte[8192];
    private int at;
    private int end;
    private boolean begun;
    private boolean skipNewline;
    private Optional<String> lastId = Optional.empty();
    private Optional<Long> retryMs = Optional.empty();

    EventReader(InputStream in, int maxBytes, Room.Hold hold) {
        this.in = in;
        this.maxBytes = maxBytes;
        this.hold = hold;
    }

    /// The data of the next event that has any; empty at the end of the stream, where an event that is cut is
    /// dropped.
    ///
    /// @throws HttpFailure `TOO_LARGE` when an event is longer than the bound, or there is no room for it
    Optional<byte[]> next() throws IOException {
        var data = new ByteArrayOutputStream(512);
        boolean any = false;
        var line = new ByteArrayOutputStream(512);
        while (line(line, data.size())) {
            if (line.size() == 0) {
                if (any && data.size() > 0) {
                    return Optional.of(data.toByteArray());
                }
                any = false;
                data.reset();
            } else {
                any |= field(line.toByteArray(), data, any);
            }
            line.reset();
        }
        return Optional.empty();
    }

    /// The id of the last event that had one.
    Optional<String> lastId() {
        return lastId;
    }

    /// How long the server wants us to wait before we come back.
    Optional<Long> retryMs() {
        return retryMs;
    }

    private boolean field(byte[] line, ByteArrayOutputStream data, boolean more) {
        int colon = 0;
        while (colon < line.length && line[colon] != ':') {
            colon++;
        }
        var name = new String(line, 0, colon, StandardCharsets.UTF_8);
        int from = colon + 1 < line.length && line[colon + 1] == ' ' ? colon + 2 : colon + 1;
        int length = Math.max(0, line.length - from);
        switch (name) {
            case "data" -> {
                if (more) {
                    data.write('\n');
                }
                data.write(line, Math.min(from, line.length), length);
                return true;
            }
            case "id" -> {
                var id = new String(line, Math.min(from, line.length), length, StandardCharsets.UTF_8);
                if (id.indexOf('\0') < 0) {
                    lastId = Optional.of(id);
                }
            }
            case "retry" ->
                millis(new String(line, Math.min(from, line.length), length, StandardCharsets.UTF_8))
                        .ifPresent(wait -> retryMs = Optional.of(wait));
            default -> {
                // Comments and unknown fields say nothing to us.
            }
        }
        return false;
    }

    private static Optional<Long> millis(String text) {
        return text.matches("[0-9]{1,9}") ? Optional.of(Long.valueOf(text)) : Optional.empty();
    }

    /// Reads up to the next line end; false when the stream is over.
    private boolean line(ByteArrayOutputStream line, int before) throws IOException {
        while (true) {
            if (at == end && !fill()) {
                return false;
            }
            if (skipNewline) {
                skipNewline = false;
                if (buffer[at] == '\n') {
                    at++;
                    continue;
                }
            }
            int from = at;
            while (at < end && buffer[at] != '\n' && buffer[at] != '\r') {
                at++;
            }
            line.write(buffer, from, at - from);
            hold.reserve((long) line.size() + before);
            if (line.size() + before > maxBytes) {
                throw new HttpFailure(
                        HttpFailure.Kind.TOO_LARGE,
                        "an event has more than " + maxBytes + " bytes",
                        new IOException("too large"));
            }
            if (at < end) {
                skipNewline = buffer[at++] == '\r';
                withoutMark(line);
                return true;
            }
        }
    }

    /// A stream may begin with a byte order mark, which belongs to no field.
    private void withoutMark(ByteArrayOutputStream line) {
        if (!begun) {
            begun = true;
            var first = line.toByteArray();
            if (first.length >= 3 && first[0] == (byte) 0xEF && first[1] == (byte) 0xBB && first[2] == (byte) 0xBF) {
                line.reset();
                line.write(first, 3, first.length - 3);
            }
        }
    }

    private boolean fill() throws IOException {
        at = 0;
        end = Math.max(0, in.read(buffer));
        return end > 0;
    }
}

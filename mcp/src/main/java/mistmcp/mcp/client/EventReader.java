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
    private int pauseAt = Integer.MAX_VALUE;
    private Optional<String> lastId = Optional.empty();
    private Optional<Long> retryMs = Optional.empty();

    EventReader(InputStream in, int maxBytes, Room.Hold hold) {
        this.in = in;
        this.maxBytes = maxBytes;
        this.hold = hold;
    }

    /// The data of one event.
    sealed interface Data {
        /// All of it.
        @SuppressWarnings("ArrayRecordComponent") // never compared
        record Whole(byte[] bytes) implements Data {}

        /// What is here of much, and the rest as it comes: to be read before the next event is.
        @SuppressWarnings("ArrayRecordComponent") // never compared
        record Begun(byte[] head, InputStream rest) implements Data {}
    }

    /// The data of the next event that has any; empty at the end of the stream, where an event that is cut is
    /// dropped.
    ///
    /// @throws HttpFailure `TOO_LARGE` when an event is longer than the bound, or there is no room for it
    Optional<byte[]> next() throws IOException {
        return next(Integer.MAX_VALUE).map(data -> switch (data) {
            case Data.Whole whole -> whole.bytes();
            case Data.Begun _ -> throw new IllegalStateException("no event is that large");
        });
    }

    /// The data of the next event that has any, handed over before all of it is here when it is larger than
    /// that.
    Optional<Data> next(int most) throws IOException {
        var data = new ByteArrayOutputStream(512);
        boolean any = false;
        var line = new ByteArrayOutputStream(512);
        pauseAt = most;
        for (var ending = line(line, 0); ending != Ending.STREAM; ending = line(line, data.size())) {
            if (ending == Ending.PAUSE) {
                var begun = line.toByteArray();
                if (isData(begun)) {
                    field(begun, data, any);
                    return Optional.of(new Data.Begun(data.toByteArray(), new Rest(true)));
                }
                // A long line of another kind is read to its end.
                pauseAt = Integer.MAX_VALUE;
                continue;
            }
            pauseAt = most;
            if (line.size() == 0) {
                if (any && data.size() > 0) {
                    return Optional.of(new Data.Whole(data.toByteArray()));
                }
                any = false;
                data.reset();
            } else {
                any |= field(line.toByteArray(), data, any);
            }
            line.reset();
            if (data.size() > most) {
                return Optional.of(new Data.Begun(data.toByteArray(), new Rest(false)));
            }
        }
        return Optional.empty();
    }

    /// All the data of an event of which a part is here.
    byte[] whole(Data.Begun begun) throws IOException {
        var whole = new ByteArrayOutputStream(begun.head().length * 2);
        whole.writeBytes(begun.head());
        var chunk = new byte[16 << 10];
        for (int n = begun.rest().read(chunk); n >= 0; n = begun.rest().read(chunk)) {
            hold.reserve((long) whole.size() + n);
            if (whole.size() + n > maxBytes) {
                throw tooLarge();
            }
            whole.write(chunk, 0, n);
        }
        return whole.toByteArray();
    }

    private static boolean isData(byte[] line) {
        return line.length > 5
                && line[0] == 'd'
                && line[1] == 'a'
                && line[2] == 't'
                && line[3] == 'a'
                && line[4] == ':';
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

    private enum Ending {
        LINE,
        PAUSE,
        STREAM
    }

    /// Reads up to the next line end, or until there is so much that it is handed over before.
    private Ending line(ByteArrayOutputStream line, int before) throws IOException {
        while (true) {
            if (at == end && !fill()) {
                return Ending.STREAM;
            }
            if (skipNewline) {
                skipNewline = false;
                if (buffer[at] == '\n') {
                    at++;
                    continue;
                }
            }
            int from = at;
            passLine(end);
            line.write(buffer, from, at - from);
            if (at == end && line.size() + before > pauseAt) {
                return Ending.PAUSE;
            }
            hold.reserve((long) line.size() + before);
            if (line.size() + before > maxBytes) {
                throw tooLarge();
            }
            if (at < end) {
                skipNewline = buffer[at++] == '\r';
                withoutMark(line);
                return Ending.LINE;
            }
        }
    }

    private HttpFailure tooLarge() {
        return new HttpFailure(
                HttpFailure.Kind.TOO_LARGE,
                "an event has more than " + maxBytes + " bytes",
                new IOException("too large"));
    }

    private void passLine(int most) {
        while (at < most && buffer[at] != '\n' && buffer[at] != '\r') {
            at++;
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

    /// The rest of an event's data. Its bound is the reader's who takes it.
    private final class Rest extends InputStream {
        private final ByteArrayOutputStream lineData = new ByteArrayOutputStream(512);
        private byte[] pending = {};
        private int pendingAt;
        private boolean inLine;
        private boolean over;

        Rest(boolean inLine) {
            this.inLine = inLine;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            while (!over && length > 0) {
                int read = pendingAt < pending.length
                        ? ofPending(into, offset, length)
                        : inLine ? ofLine(into, offset, length) : nextLine();
                if (read > 0) {
                    return read;
                }
            }
            return length == 0 ? 0 : -1;
        }

        private int ofPending(byte[] into, int offset, int length) {
            int read = Math.min(length, pending.length - pendingAt);
            System.arraycopy(pending, pendingAt, into, offset, read);
            pendingAt += read;
            return read;
        }

        private int ofLine(byte[] into, int offset, int length) throws IOException {
            if (at == end && !fill()) {
                throw cut();
            }
            int from = at;
            passLine(Math.min(end, at + length));
            int read = at - from;
            System.arraycopy(buffer, from, into, offset, read);
            if (at < end && (buffer[at] == '\n' || buffer[at] == '\r')) {
                skipNewline = buffer[at++] == '\r';
                inLine = false;
            }
            return read;
        }

        /// Further data is on a line of its own; a blank line ends the event.
        private int nextLine() throws IOException {
            var line = new ByteArrayOutputStream(512);
            pauseAt = Integer.MAX_VALUE;
            if (line(line, 0) == Ending.STREAM) {
                throw cut();
            }
            over = line.size() == 0;
            lineData.reset();
            if (!over && field(line.toByteArray(), lineData, true)) {
                pending = lineData.toByteArray();
                pendingAt = 0;
            }
            return 0;
        }

        private static HttpFailure cut() {
            return new HttpFailure(
                    HttpFailure.Kind.RESET, "the stream ended in the middle of an event", new IOException("cut"));
        }
    }
}

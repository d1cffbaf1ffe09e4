package mistmcp.mcp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/// Reads messages that end with a line feed, within a bound. Not for sharing between threads.
public final class Lines {
    private final InputStream in;
    private final int maxBytes;
    private final byte[] buffer = new byte[8192];
    private int at;
    private int end;

    /// Reads from a stream.
    public Lines(InputStream in, int maxBytes) {
        this.in = in;
        this.maxBytes = maxBytes;
    }

    /// One line, without its end.
    ///
    /// @param bytes   the line; as far as the bound goes when it is too long
    /// @param tooLong whether there was more
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Line(byte[] bytes, boolean tooLong) {}

    /// The next line that is not blank; empty at the end, where a line that is cut is dropped.
    public Optional<Line> next() throws IOException {
        var line = new ByteArrayOutputStream(512);
        boolean tooLong = false;
        while (true) {
            if (at == end) {
                at = 0;
                end = Math.max(0, in.read(buffer));
                if (end == 0) {
                    return Optional.empty();
                }
            }
            int from = at;
            while (at < end && buffer[at] != '\n') {
                at++;
            }
            int take = Math.min(at - from, maxBytes - line.size());
            line.write(buffer, from, take);
            tooLong |= take < at - from;
            if (at < end) {
                at++;
                if (tooLong
                        || !line.toString(java.nio.charset.StandardCharsets.UTF_8)
                                .isBlank()) {
                    return Optional.of(new Line(line.toByteArray(), tooLong));
                }
                line.reset();
            }
        }
    }
}

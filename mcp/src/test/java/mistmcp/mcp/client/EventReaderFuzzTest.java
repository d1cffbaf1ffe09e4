package mistmcp.mcp.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import mistmcp.fuzz.Mutations;
import org.junit.jupiter.api.Test;

/// The reader of server-sent events against a plain telling of the standard, on any bytes in any pieces.
class EventReaderFuzzTest {
    private static final int MAX = 1 << 20;

    @FuzzTest(maxDuration = "5m")
    void anyBytes(byte[] bytes) {
        check(bytes);
    }

    @Test
    void seededBytes() {
        new Mutations(
                        List.of(
                                "event: message\ndata: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\n\n",
                                "id: 1\r\nretry: 100\r\ndata: a\r\ndata:\r\ndata: b\r\n\r\n",
                                "\uFEFFdata: a\rid\rdata: é\r\r: comment\n\ndata\n\n",
                                "data:  two\n\n\n\nid: x\0y\nretry: x1\nDATA: z\ndata: end",
                                "\n"),
                        20_251_125)
                .run(20_000, EventReaderFuzzTest::check);
    }

    private static void check(byte[] bytes) {
        var expected = Standard.read(bytes);
        try {
            assertThat(read(new ByteArrayInputStream(bytes))).isEqualTo(expected);
            int cut = bytes.length == 0 ? 0 : (bytes[0] & 0xFF) % (bytes.length + 1);
            assertThat(read(new SequenceInputStream(Collections.enumeration(List.of(
                            new ByteArrayInputStream(bytes, 0, cut),
                            new ByteArrayInputStream(bytes, cut, bytes.length - cut))))))
                    .isEqualTo(expected);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// Events in Latin-1, so that every byte is one character; the last id as its reader shows it.
    private record Stream(List<String> events, Optional<String> id, Optional<Long> retry) {}

    private static Stream read(InputStream in) throws IOException {
        var reader = new EventReader(in, MAX, Room.shared().open());
        var events = new ArrayList<String>();
        for (var data = reader.next(); data.isPresent(); data = reader.next()) {
            events.add(new String(data.get(), StandardCharsets.ISO_8859_1));
        }
        return new Stream(events, reader.lastId(), reader.retryMs());
    }

    /// HTML Living Standard, "Interpreting an event stream", in so many words.
    private static final class Standard {
        private final List<String> events = new ArrayList<>();
        private Optional<String> id = Optional.empty();
        private Optional<Long> retry = Optional.empty();
        private final StringBuilder data = new StringBuilder();

        static Stream read(byte[] bytes) {
            var text = new String(bytes, StandardCharsets.ISO_8859_1);
            var standard = new Standard();
            var lines = Arrays.asList((text.startsWith("ï»¿") ? text.substring(3) : text).split("\r\n|\n|\r", -1));
            // What stands behind the last line end is no line.
            lines.subList(0, lines.size() - 1).forEach(standard::line);
            return new Stream(standard.events, standard.id, standard.retry);
        }

        private void line(String line) {
            if (line.isEmpty()) {
                dispatch();
            } else if (!line.startsWith(":")) {
                int colon = line.indexOf(':');
                var value = colon < 0 ? "" : line.substring(colon + 1);
                field(colon < 0 ? line : line.substring(0, colon), value.startsWith(" ") ? value.substring(1) : value);
            }
        }

        private void field(String name, String value) {
            switch (name) {
                case "data" -> data.append(value).append('\n');
                case "id" -> {
                    if (!value.contains("\0")) {
                        id = Optional.of(
                                new String(value.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
                    }
                }
                case "retry" -> {
                    if (value.matches("[0-9]{1,9}")) {
                        retry = Optional.of(Long.valueOf(value));
                    }
                }
                default -> {
                    // Is ignored.
                }
            }
        }

        private void dispatch() {
            if (data.length() > 0) {
                data.setLength(data.length() - 1);
                // An event whose data is empty has no message of ours.
                if (data.length() > 0) {
                    events.add(data.toString());
                }
            }
            data.setLength(0);
        }
    }
}

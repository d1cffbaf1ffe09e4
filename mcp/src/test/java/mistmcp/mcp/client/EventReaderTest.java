package mistmcp.mcp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import mistmcp.http.HttpFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventReaderTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "data: a\\n\\n                              | [a]",
                "data:a\\n\\n                               | [a]",
                "data:  a\\n\\n                             | [ a]",
                "data: a\\r\\rdata: b\\r\\n\\r\\n           | [a, b]",
                "data: a\\ndata: b\\n\\n                    | [a\\nb]",
                "data: a\\n\\ndata: cut\\n                  | [a]",
                "data: a                                    | []",
                "data\\n\\n                                 | []",
                "data\\ndata\\n\\n                          | [\\n]",
                ": comment\\n\\nevent: x\\n\\ndata: a\\n\\n | [a]",
                "DATA: a\\n\\n                              | []",
                "\\sdata: a\\n\\n                           | []",
                "BOMdata: a\\n\\ndata: b\\n\\n          | [a, b]",
                "data: BOMa\\n\\n                            | [BOMa]",
                "xBOMdata: a\\n\\n                      | []"
            })
    void readsEventsAsTheStandardSays(String stream, String events) throws Exception {
        var text = stream.translateEscapes().replace("BOM", "\uFEFF");

        assertThat(read(text, 1000)).hasToString(events.translateEscapes().replace("BOM", "\uFEFF"));
    }

    @Test
    void keepsTheLastUsableIdAndWait() throws Exception {
        var reader = reader("id: 1\nretry: 5\ndata: a\n\nid: 2\0\nretry: soon\ndata: b\n\n", 1000);
        while (reader.next().isPresent()) {
            // To the end.
        }

        assertThat(reader.lastId()).contains("1");
        assertThat(reader.retryMs()).contains(5L);
    }

    @ParameterizedTest
    @CsvSource({"data: , 60", "': ', 60", "x, 60"})
    void holdsNoMoreThanItMay(String begin, int length) {
        assertThatThrownBy(() -> read(begin + "a".repeat(length) + "\n\n", 50))
                .isInstanceOfSatisfying(
                        HttpFailure.class, failure -> assertThat(failure.kind()).isEqualTo(HttpFailure.Kind.TOO_LARGE));
        assertThatThrownBy(() -> read("data: aaaaaaaaa\n".repeat(length) + "\n", 50))
                .isInstanceOf(HttpFailure.class);
    }

    @Test
    void readsTheSameHoweverTheBytesArrive() throws Exception {
        var text = "\uFEFFid: é\r\ndata: größe\r\ndata: 🌐\r\n\r\n:\r\ndata: b\r\r";
        var whole = read(text, 1000);
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        var slow = new InputStream() {
            private int at;

            @Override
            public int read() {
                return at == bytes.length ? -1 : bytes[at++] & 0xFF;
            }

            @Override
            public int read(byte[] into, int offset, int length) {
                int one = read();
                if (one < 0) {
                    return -1;
                }
                into[offset] = (byte) one;
                return 1;
            }
        };

        assertThat(all(new EventReader(slow, 1000, Room.shared().open())))
                .isEqualTo(whole)
                .containsExactly("größe\n🌐", "b");
    }

    @Test
    void handsOverLargeDataBeforeItsEnd() throws Exception {
        var text = "data: a\n\nid: 7\ndata: " + "x".repeat(50) + "\n: comment\ndata: " + "y".repeat(50)
                + "\nretry: 5\n\n: " + "c".repeat(90) + "\ndata: " + "z".repeat(200) + "\r\n\r\ndata: b\n\n";
        var whole = read(text, 1000);
        for (int most = 1; most < 220; most += 3) {
            for (int step = 1; step < 60; step += 7) {
                var reader = new EventReader(
                        inSteps(text.getBytes(StandardCharsets.UTF_8), step),
                        1000,
                        Room.shared().open());
                var seen = new ArrayList<String>();
                for (var data = reader.next(most); data.isPresent(); data = reader.next(most)) {
                    seen.add(
                            switch (data.get()) {
                                case EventReader.Data.Whole all -> new String(all.bytes(), StandardCharsets.UTF_8);
                                case EventReader.Data.Begun begun -> {
                                    assertThat(begun.head().length).isGreaterThan(most - 6);
                                    yield new String(reader.whole(begun), StandardCharsets.UTF_8);
                                }
                            });
                }
                assertThat(seen).isEqualTo(whole);
                assertThat(reader.lastId()).contains("7");
                assertThat(reader.retryMs()).contains(5L);
            }
        }
    }

    @Test
    void takesNoRoomForWhatItHandsOver() throws Exception {
        var room = new Room(3 << 20, java.time.Duration.ofMillis(50));
        var large = ("data: " + "x".repeat(100_000)).getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 5; i++) {
            // None of these holds is let go: each would take all of the room.
            var reader = new EventReader(inSteps(large, 8000), 1 << 20, room.open());
            assertThat(reader.next(64 << 10)).isPresent();
        }
    }

    private static InputStream inSteps(byte[] bytes, int step) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public int read(byte[] into, int offset, int length) {
                return super.read(into, offset, Math.min(step, length));
            }
        };
    }

    private static List<String> read(String text, int max) throws IOException {
        return all(reader(text, max));
    }

    private static EventReader reader(String text, int max) {
        return new EventReader(
                new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
                max,
                Room.shared().open());
    }

    private static List<String> all(EventReader reader) throws IOException {
        var all = new ArrayList<String>();
        for (var data = reader.next(); data.isPresent(); data = reader.next()) {
            all.add(new String(data.get(), StandardCharsets.UTF_8));
        }
        return all;
    }
}

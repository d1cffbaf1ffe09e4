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

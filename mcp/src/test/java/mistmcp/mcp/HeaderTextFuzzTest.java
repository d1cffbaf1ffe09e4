package mistmcp.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import mistmcp.fuzz.Mutations;
import org.junit.jupiter.api.Test;

/// Text in headers and lines on pipes, on any bytes.
class HeaderTextFuzzTest {
    private static final List<String> SEEDS = List.of(
            "us-west1",
            "Hello, 世界",
            " padded ",
            "line1\nline2\r\n",
            "=?base64?literal?=",
            "=?base64?w6k=?=",
            "",
            "\t\0");

    @FuzzTest(maxDuration = "5m")
    void anyBytes(byte[] bytes) {
        check(bytes);
    }

    @Test
    void seededBytes() {
        new Mutations(SEEDS, 20_250_618).run(20_000, HeaderTextFuzzTest::check);
    }

    private static void check(byte[] bytes) {
        // Without lone surrogates, as every text from valid JSON in UTF-8 is.
        var text = new String(bytes, StandardCharsets.UTF_8);
        var header = HeaderText.encode(text);
        assertThat(header).matches("[\\x20-\\x7e]*");
        assertThat(header.strip()).isEqualTo(header);
        assertThat(HeaderText.decode(header)).contains(text);
        HeaderText.decode(new String(bytes, StandardCharsets.ISO_8859_1))
                .ifPresent(read ->
                        assertThat(HeaderText.decode(HeaderText.encode(read))).contains(read));
        lines(bytes);
    }

    private static void lines(byte[] bytes) {
        var expected = new ArrayList<String>();
        var all = new String(bytes, StandardCharsets.ISO_8859_1).split("\n", -1);
        for (int i = 0; i < all.length - 1; i++) {
            if (!new String(all[i].getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8).isBlank()) {
                expected.add(all[i]);
            }
        }
        var read = new ArrayList<String>();
        var lines = new Lines(new ByteArrayInputStream(bytes), 1 << 20);
        try {
            for (var line = lines.next(); line.isPresent(); line = lines.next()) {
                read.add(new String(line.get().bytes(), StandardCharsets.ISO_8859_1));
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        assertThat(read).isEqualTo(expected);
    }
}

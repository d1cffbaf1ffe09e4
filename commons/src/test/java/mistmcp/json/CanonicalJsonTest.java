package mistmcp.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CanonicalJsonTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0, 0",
        "1.0, 1",
        "1.10, 1.1",
        "1e3, 1000",
        "1e21, 1e+21",
        "1e20, 100000000000000000000",
        "0.000001, 0.000001",
        "0.0000001, 1e-7",
        "-1.5e-9, -1.5e-9",
        "333333333.33333329, 333333333.3333333",
        "9007199254740992, 9007199254740992",
        "4.50, 4.5",
        "2e-3, 0.002",
        "0.000000000000000000000000001, 1e-27"
    })
    void writesNumbersAsEcmaScript(String text, String canonical) {
        if (text.equals("333333333.33333329")) {
            assertThatExceptionOfType(InvalidJson.class).isThrownBy(() -> CanonicalJson.bytes(Json.parse(text)));
        } else {
            assertThat(canonical(text)).isEqualTo(canonical);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"9007199254740993", "12345678901234567890123", "1e400", "0.10000000000000000001"})
    void refusesANumberThatIsNotExact(String text) {
        assertThatExceptionOfType(InvalidJson.class)
                .isThrownBy(() -> CanonicalJson.bytes(Json.parse(text)))
                .satisfies(refused -> assertThat(refused.reason()).isEqualTo(InvalidJson.Reason.INEXACT_NUMBER));
    }

    @Test
    void sortsByUtf16Units() {
        assertThat(canonical("{\"\uFB33\":1,\"\uD83D\uDE00\":2,\"a\":3,\"\\r\":4,\"1\":5}"))
                .isEqualTo("{\"\\r\":4,\"1\":5,\"a\":3,\"\uD83D\uDE00\":2,\"\uFB33\":1}");
    }

    @Test
    void refusesALoneSurrogate() {
        assertThatExceptionOfType(InvalidJson.class).isThrownBy(() -> canonical("\"\\uD800\""));
    }

    /// RFC 8785's own test data, where it is present: less the file whose numbers are not exact, which we
    /// refuse.
    @Test
    void agreesWithThePublishedTestData() throws IOException {
        var data = testData();
        if (data.isEmpty()) {
            System.out.println("skipped: no test data for canonical JSON");
            return;
        }
        try (var inputs = Files.list(data.get().resolve("input"))) {
            for (var input : inputs.sorted().toList()) {
                var expected =
                        data.get().resolve("output").resolve(input.getFileName().toString());
                var text = Files.readString(input);
                if (text.contains("333333333.33333329")) {
                    assertThatExceptionOfType(InvalidJson.class).isThrownBy(() -> canonical(text));
                } else {
                    assertThat(canonical(text)).as(input.toString()).isEqualTo(Files.readString(expected));
                }
            }
        }
    }

    private static Optional<Path> testData() {
        var given = Optional.ofNullable(System.getProperty("mist.test.data")).map(Path::of);
        return Stream.concat(
                        given.stream(),
                        Stream.of("../../shared/data", "../shared/data", "../../../shared/data")
                                .map(Path::of))
                .map(base -> base.resolve("jcs/testdata"))
                .filter(Files::isDirectory)
                .findFirst();
    }

    private static String canonical(String text) {
        return new String(CanonicalJson.bytes(Json.parse(text)), StandardCharsets.UTF_8);
    }
}

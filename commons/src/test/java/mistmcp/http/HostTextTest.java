package mistmcp.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostTextTest {
    @ParameterizedTest
    @CsvSource({
        "localhost, false, true",
        "LOCALHOST, false, true",
        "127.0.0.1, true, true",
        "127.3.2.1, true, true",
        "::1, true, true",
        "[::1], true, true",
        "::ffff:127.0.0.1, true, true",
        "0.0.0.0, true, false",
        "10.1.2.3, true, false",
        "[fd00::1], true, false",
        "localhost., false, false",
        "a.localhost, false, false",
        "localhost.example.com, false, false",
        "127.0.0.1.example.com, false, false",
        "'', false, false",
    })
    void tellsAnAddressAndThisMachineByTheText(String host, boolean literal, boolean here) {
        assertThat(HostText.literal(host).isPresent()).isEqualTo(literal);
        assertThat(HostText.onThisMachine(host)).isEqualTo(here);
    }
}

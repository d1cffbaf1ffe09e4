package mistmcp.mcp.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LearnedAddressTest {
    @ParameterizedTest
    @CsvSource({
        "https://mcp.example.com/mcp, https://as.example.com/token",
        "https://mcp.example.com/mcp, https://93.184.216.34/token",
        "https://10.1.1.1/mcp, https://10.2.2.2/token",
        "http://127.0.0.1:9000/mcp, http://127.0.0.1:9001/token",
        "http://localhost:9000/mcp, http://localhost:9001/token",
        "http://127.0.0.1:9000/mcp, https://as.example.com/token"
    })
    void usesWhatTheServerHasBusinessWith(String server, String named) throws OAuthFault {
        assertThat(new LearnedAddress(URI.create(server)).use("endpoint", named))
                .isEqualTo(URI.create(named));
    }

    @ParameterizedTest
    @CsvSource({
        "https://mcp.example.com/mcp, http://as.example.com/token",
        "https://mcp.example.com/mcp, http://127.0.0.1:9001/token",
        "https://mcp.example.com/mcp, http://localhost/token",
        "https://mcp.example.com/mcp, https://127.0.0.1/token",
        "https://mcp.example.com/mcp, https://10.0.0.1/token",
        "https://mcp.example.com/mcp, https://169.254.169.254/latest/meta-data",
        "https://mcp.example.com/mcp, https://[::1]/token",
        "https://mcp.example.com/mcp, https://[::ffff:10.0.0.1]/token",
        "https://mcp.example.com/mcp, https://0.0.0.0/token",
        "https://10.1.1.1/mcp, http://10.2.2.2/token",
        "https://10.1.1.1/mcp, https://127.0.0.1/token",
        "https://10.1.1.1/mcp, https://169.254.169.254/latest",
        "http://127.0.0.1:9000/mcp, https://10.0.0.1/token",
        "http://127.0.0.1:9000/mcp, http://169.254.169.254/latest",
        "http://127.0.0.1:9000/mcp, http://as.example.com/token",
        "https://mcp.example.com/mcp, file:///etc/passwd",
        "https://mcp.example.com/mcp, javascript:alert(1)",
        "https://mcp.example.com/mcp, https:///token",
        "https://mcp.example.com/mcp, https://user:word@as.example.com/token",
        "https://mcp.example.com/mcp, https://as.example.com/token#part",
        "https://mcp.example.com/mcp, https://as.example.com/a b"
    })
    void refusesEverythingElse(String server, String named) {
        assertThatThrownBy(() -> new LearnedAddress(URI.create(server)).use("endpoint", named))
                .isInstanceOfSatisfying(
                        OAuthFault.class,
                        fault -> assertThat(fault.refusal().code()).isEqualTo("oauth_address_refused"));
    }
}

package mistmcp.gateway.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class WebLinkTest {
    @ParameterizedTest
    @CsvSource({
        "https://login.example.com/a?b=c#d, login.example.com, false",
        "HTTPS://Login.Example.COM:8443/, login.example.com, false",
        "https://xn--pple-43d.com/, xn--pple-43d.com, true",
        "https://www.XN--pple-43d.com/, www.xn--pple-43d.com, true",
        "https://example-xn--a.com/, example-xn--a.com, false",
        "https://127.0.0.1/, 127.0.0.1, false"
    })
    void setsTheHostApartAndMarksWhatMayLookLikeAnother(String url, String host, boolean punycode) throws Unusable {
        assertThat(WebLink.read(url)).isEqualTo(new WebLink(url, host, punycode));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://example.com/",
                "javascript:alert(1)",
                "data:text/html,x",
                "file:///etc/passwd",
                "https:///a",
                "https:example.com",
                "//example.com/",
                "https://bank.example@evil.example/",
                "https://b\u0430nk.example/",
                "https://example.com/\u202etxt",
                "https://example.com/a b",
                "https://example.com/\n",
                "https://exa_mple.com/",
                "https://[::1",
                ""
            })
    void declinesWhatIsNotFitToOpen(String url) {
        assertThatExceptionOfType(Unusable.class).isThrownBy(() -> WebLink.read(url));
    }

    @ParameterizedTest
    @ValueSource(ints = {2_048, 2_049})
    void declinesWhatIsTooLongToBeRead(int length) throws Unusable {
        var url = "https://example.com/" + "a".repeat(length - "https://example.com/".length());

        if (length == 2_048) {
            assertThat(WebLink.read(url).url()).isEqualTo(url);
        } else {
            assertThatExceptionOfType(Unusable.class).isThrownBy(() -> WebLink.read(url));
        }
    }
}

package mistmcp.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import mistmcp.settings.Secret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MaskingTest {
    @Test
    void hidesASecretThatIsKnown() {
        var masking = new Masking(List.of(new Secret("s3cret-value")));

        assertThat(masking.mask("sent s3cret-value twice: s3cret-value")).isEqualTo("sent ••• twice: •••");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Authorization: Token abcdef0123456789",
                "Authorization: Bearer abcdef0123456789",
                "id eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.abcdef0123456789"
            })
    void hidesWhatLooksLikeAToken(String line) {
        assertThat(new Masking(List.of()).mask(line)).contains("•••").doesNotContain("abcdef0123456789");
    }

    @Test
    void leavesOtherTextAsItIs() {
        var text = "the token is missing; basic settings were read";

        assertThat(new Masking(List.of()).mask(text)).isEqualTo(text);
    }
}

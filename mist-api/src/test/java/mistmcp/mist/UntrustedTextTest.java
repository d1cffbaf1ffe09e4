package mistmcp.mist;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UntrustedTextTest {
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "\"\u001b[31mred\",[31mred",
                "\"\u202eevil\u202c\",evil",
                "\"a\u200bb\u2060c\u00ad\",abc",
                "\"x\uDB40\uDC41\uDB40\uDC42y\",xy",
                "\"\uFEFFname\uFE0F\",name",
                "\"Zürich 東京\",Zürich 東京"
            })
    void keepsOnlyWhatCanBeSeen(String given, String kept) {
        assertThat(UntrustedText.clean(given)).isEqualTo(kept);
    }

    @Test
    void runsBlanksTogether() {
        assertThat(UntrustedText.clean("  a\r\n\t b\u00a0\u2028c ")).isEqualTo("a b c");
    }

    @Test
    void cutsLongTextWithoutBreakingACharacter() {
        assertThat(UntrustedText.clean("x".repeat(1000))).hasSize(256).endsWith("…");
        assertThat(UntrustedText.clean("😀".repeat(200), 10)).isEqualTo("😀😀😀😀…");
    }

    @Test
    void dropsLoneSurrogates() {
        assertThat(UntrustedText.clean("a\ud800b")).isEqualTo("ab");
    }
}

package mistmcp.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// How long a factory, and the names of strangers that it keeps, may live.
class ParserFactoriesTest {
    private static final JsonLimits LIMITS = new JsonLimits(1 << 20, 7, 33);

    @Test
    void servesManyTextsOfOneShape() {
        var first = ParserFactories.of(LIMITS, 1_000);

        assertThat(ParserFactories.of(LIMITS.withMaxBytes(5_000), 1_000)).isSameAs(first);
        assertThat(ParserFactories.of(new JsonLimits(1 << 20, 8, 33), 1_000)).isNotSameAs(first);
        assertThat(ParserFactories.of(new JsonLimits(1 << 20, 7, 34), 1_000)).isNotSameAs(first);
    }

    @Test
    void isReplacedWhenItHasReadSoMuch() {
        var limits = new JsonLimits(1 << 20, 9, 33);
        var first = ParserFactories.of(limits, 0);
        int texts = ParserFactories.BUDGET_BYTES / 1_000;

        for (int i = 0; i < texts; i++) {
            assertThat(ParserFactories.of(limits, 1_000)).isSameAs(first);
        }

        assertThat(ParserFactories.of(limits, 1_000)).isNotSameAs(first);
    }

    @Test
    void aLongTextHasOneForItself() {
        var shared = ParserFactories.of(LIMITS, 0);

        var own = ParserFactories.of(LIMITS, ParserFactories.LONG_BYTES + 1);

        assertThat(own).isNotSameAs(shared);
        assertThat(ParserFactories.of(LIMITS, 0)).isSameAs(shared);
    }

    @Test
    void keepsTheLimitsOfItsShape() {
        var deep = "[".repeat(8) + "]".repeat(8);

        assertThat(reason(deep, LIMITS)).contains(InvalidJson.Reason.TOO_DEEP);
        assertThat(reason(deep, new JsonLimits(1 << 20, 8, 33))).isEmpty();
    }

    private static Optional<InvalidJson.Reason> reason(String text, JsonLimits limits) {
        try {
            var _ = Json.parse(text.getBytes(StandardCharsets.UTF_8), limits);
            return Optional.empty();
        } catch (InvalidJson invalid) {
            return Optional.of(invalid.reason());
        }
    }
}

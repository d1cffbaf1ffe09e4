package mistmcp.gateway.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatternTest {
    @ParameterizedTest
    @CsvSource({
        "mist-ro/*,                        mist-ro, list_sites,                    true",
        "mist-ro/*,                        mist-ro, resource:mist://site/berlin,   true",
        "mist-ro/*,                        mist-ro, prompt:morning_report,         true",
        "mist-ro/*,                        mist-rw, list_sites,                    false",
        "*/list_*,                         gh,      list_issues,                   true",
        "*/list_*,                         gh,      prompt:list_x,                 false",
        "mist-ro/list_*,                   mist-ro, list_,                         true",
        "mist-ro/list_*,                   mist-ro, LIST_sites,                    false",
        "mist-ro/*_sites,                  mist-ro, list_sites_sites,              true",
        "mist-ro/l*t*s,                    mist-ro, list_sites,                    true",
        "mist-ro/l*x*s,                    mist-ro, list_sites,                    false",
        "mist-ro/resource:*,               mist-ro, resource:mist://site/berlin,   true",
        "mist-ro/resource:*,               mist-ro, list_sites,                    false",
        "mist-ro/resource:mist://*,        mist-ro, resource:mist://org,           true",
        "mist-ro/resource:mist://*,        mist-ro, resource:mist://site/berlin,   false",
        "mist-ro/resource:mist://site/*,   mist-ro, resource:mist://site/berlin,   true",
        "mist-ro/resource:mist://site/*,   mist-ro, resource:mist://site/a/b,      false",
        "mist-ro/resource:mist://site/*,   mist-ro, resource:mist://site/a%2Fb,    false",
        "mist-ro/resource:mist://site/*,   mist-ro, resource:mist://site/a%20b,    true",
        "mist-ro/prompt:*,                 mist-ro, prompt:a/b,                    true",
        "mist-ro/prompt:a*,                mist-ro, prompt:a/b,                    false",
    })
    void allows(String pattern, String upstream, String item, boolean expected) {
        assertThat(Pattern.parse(pattern).orElseThrow().allows(Item.of(upstream, item)))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "mist-ro/resource:mist://site/berlin, resource:mist://site/berlin",
        "mist-ro/resource:mist://site/berlin, resource:mist://site/b%65rlin",
        "mist-ro/resource:mist://site/berlin, resource:MIST://Site/Berlin",
        "mist-ro/resource:mist://site/berlin, resource:mist%3A//site/berlin",
        "mist-ro/delete_*,                    Delete_all",
    })
    void deniesHoweverItIsSpelt(String pattern, String item) {
        assertThat(Pattern.parse(pattern).orElseThrow().denies(Item.of("mist-ro", item)))
                .isTrue();
    }

    @Test
    void matchesAHostileTextInNoTime() {
        var pattern = Pattern.parse("x/" + "a*".repeat(30) + "b").orElseThrow();

        assertThat(pattern.allows(Item.of("x", "a".repeat(100_000)))).isFalse();
    }
}

package mistmcp.gateway.change;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonPointer;
import org.junit.jupiter.api.Test;

class BriefTest {
    private static final List<String> IDS =
            Stream.generate(() -> UUID.randomUUID().toString()).limit(1_000).toList();

    @Test
    void cutsLongListsAndCountsWhatIsLeftOut() {
        var plan = JsonObject.of(
                "id",
                "pl_1",
                "diff",
                JsonArray.of(JsonObject.of("op", "replace", "path", "/acknowledged", "from", List.of(), "to", IDS)),
                "after",
                JsonObject.of("acknowledged", IDS),
                "undo",
                JsonObject.of("tool", "unack_alarms", "arguments", JsonObject.of("alarm_ids", IDS)));

        var brief = Brief.of(plan);

        assertThat(Json.bytes(plan)).hasSizeGreaterThan(100_000);
        assertThat(Json.bytes(brief)).hasSizeLessThan(5_000);
        assertThat(brief.array("cut").orElseThrow().objects())
                .extracting(cut -> cut.string("at").orElse(""))
                .containsExactly("/diff/0/to", "/after/acknowledged", "/undo/arguments/alarm_ids");
        assertThat(brief.array("cut").orElseThrow().objects())
                .allMatch(cut -> cut.integer("shown").equals(java.util.Optional.of(20L))
                        && cut.integer("total").equals(java.util.Optional.of(1_000L)));
        assertThat(JsonPointer.parse("/after/acknowledged/19").orElseThrow().find(brief))
                .contains(Json.of(IDS.get(19)));
    }

    @Test
    void leavesAShortPlanAsItIs() {
        var plan = JsonObject.of("id", "pl_1", "diff", JsonArray.EMPTY, "warnings", List.of("a"));

        assertThat(Brief.of(plan)).isEqualTo(plan);
    }

    @Test
    void cutsALongTextWithoutBreakingACharacter() {
        var brief = Brief.of(JsonObject.of("text", "a".repeat(1_999) + "😀".repeat(10)));

        assertThat(brief.string("text")).contains("a".repeat(1_999) + "…");
    }
}

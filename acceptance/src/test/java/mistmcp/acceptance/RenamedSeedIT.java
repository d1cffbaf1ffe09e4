package mistmcp.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The README's session on a network where every name is another: names of one word and of several, with and
/// without digits.
final class RenamedSeedIT {
    private static final JsonObject WORDS = JsonObject.of(
            "Berlin-HQ", "Harbour Office",
            "Lyon-Branch", "kessel9",
            "Porto-Depot", "North Yard 2",
            "Vienna-Lab", "Quarry",
            "ber-", "hbr_",
            "lyo-", "k9.",
            "por-", "ny-x-",
            "lpt-4711", "MacBook-of-Uma",
            "iot", "sensors",
            "Lyon-Events", "Kessel-Events",
            "Acme", "Zenit");

    private static RunningStack stack;

    @BeforeAll
    static void start() {
        stack = RunningStack.start(Map.of("SIM_RENAME", Json.text(WORDS)));
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
        list the switches of Harbour Office | list_devices | hbr_sw-01
        which APs at kessel9 aren't connected? | list_devices | k9.ap-03
        any open alarms in North Yard 2? | search_alarms | switch_offline
        how many alarms per severity | count_alarms | critical
        what is plugged into the ports of k9.sw-02 | list_switch_ports | k9.sw-02
        who is connected to hbr_sw-01? | search_clients | hbr_sw-01
        find MacBook-of-Uma | find | MacBook-of-Uma
        which sites have no devices at all | list_sites | Quarry
        what VLAN and port profile is on ge-0/0/12 of hbr_sw-01 and where does it come from | explain_switch_port | ge-0/0/12
        list the WLANs of kessel9 | list_wlans | Zenit-Corp
        rogue access points at kessel9 in the last day | list_rogues | honeypot
        how is North Yard 2 doing | site_health | North Yard 2
        """)
    void answersAsWithTheOldNames(String ask, String tool, String holds) {
        var answer = stack.chat(stack.mint("rita", "ReadOnly"), ask);

        assertThat(calls(answer)).as(answer.toString()).isNotEmpty();
        assertThat(calls(answer).getLast().string("tool")).contains(tool);
        assertThat(calls(answer).getLast().string("outcome")).contains("done");
        assertThat(answer.string("text").orElse("")).contains(holds).doesNotContain("Berlin", "ber-", "Lyon");
    }

    @Test
    void deniesAReaderAndPlansForAWriter() {
        var ask = "set port ge-0/0/9 of hbr_sw-01 to profile sensors";
        var before = stack.writesSent();

        var denied = stack.chat(stack.mint("rita", "ReadOnly"), ask);
        var planned = stack.chat(stack.mint("wim", "ReadWrite"), ask);

        assertThat(calls(denied).getFirst().object("denial").flatMap(denial -> denial.string("code")))
                .contains("role_read_only");
        assertThat(planned.array("plans").orElseThrow().objects().getFirst().string("phrase"))
                .contains("hbr_sw-01 ge-0/0/9");
        assertThat(stack.writesSent()).isEqualTo(before);
    }

    @Test
    void plansAcknowledgementsForTheSiteThatIsNamed() {
        var before = stack.writesSent();

        var planned = stack.chat(stack.mint("wim", "ReadWrite"), "acknowledge all critical alarms at North Yard 2");

        var plan = planned.array("plans").orElse(JsonArray.EMPTY).objects().getFirst();
        assertThat(plan.array("targets").orElseThrow().objects())
                .singleElement()
                .satisfies(target -> assertThat(target.string("siteName")).contains("North Yard 2"));
        assertThat(stack.writesSent()).isEqualTo(before);
    }

    private static List<JsonObject> calls(JsonObject answer) {
        return answer.array("toolCalls").orElseThrow().objects();
    }
}

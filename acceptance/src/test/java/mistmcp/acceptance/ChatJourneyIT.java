package mistmcp.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import org.junit.jupiter.api.Test;

/// The README's session with curl, through all processes.
final class ChatJourneyIT {
    private static final String CHANGE = "set port ge-0/0/9 of ber-sw-01 to profile iot";

    private final RunningStack stack = RunningStack.shared();

    @Test
    void listsTheSwitchesOfASite() {
        var answer = stack.chat(stack.mint("jo", "ReadOnly"), "list the switches of Berlin-HQ");

        assertThat(answer.string("text").orElse(""))
                .contains("ber-sw-01", "ber-sw-02", "ber-sw-03")
                .doesNotContain("muc-", "ber-ap");
        var call = calls(answer).getFirst();
        assertThat(call.string("tool")).contains("list_devices");
        assertThat(call.string("outcome")).contains("done");
        assertThat(call.integer("auditIndex")).isPresent();
    }

    @Test
    void deniesAPortChangeToAReaderWithRuleAndRemedyAndSendsNothing() {
        var before = stack.writesSent();

        var answer = stack.chat(stack.mint("jo", "ReadOnly"), CHANGE);

        var call = calls(answer).getFirst();
        assertThat(call.string("tool")).contains("set_switch_port");
        assertThat(call.string("outcome")).contains("denied");
        var denial = call.object("denial").orElse(JsonObject.EMPTY);
        assertThat(denial.string("code")).contains("role_read_only");
        assertThat(denial.string("rule")).contains("gateway:read-only-never-writes");
        assertThat(denial.string("remedy").orElse("")).contains("ReadWrite");
        assertThat(answer.string("text").orElse(""))
                .contains("role_read_only", "gateway:read-only-never-writes", "ask for the role ReadWrite");
        assertThat(answer.array("plans")).contains(JsonArray.EMPTY);
        assertThat(stack.writesSent()).isEqualTo(before);
    }

    @Test
    void answersAGreetingWithWhatCanBeAsked() {
        var answer = stack.chat(stack.mint("jo", "ReadOnly"), "hello");

        assertThat(answer.string("text").orElse(""))
                .contains("jo", "ReadOnly", "Built-in planner, not an AI", "list_devices", "list_sites")
                .doesNotContain("set_switch_port");
        assertThat(calls(answer)).isEmpty();
    }

    @Test
    void plansAPortChangeForAWriterWithTheDifferenceAndSendsNothing() {
        var before = stack.writesSent();

        var answer = stack.chat(stack.mint("wim", "ReadWrite"), CHANGE);

        assertThat(calls(answer).getFirst().string("outcome")).contains("planned");
        var plan = answer.array("plans").orElseThrow().objects().getFirst();
        assertThat(plan.string("state")).contains("planned");
        assertThat(plan.string("level")).contains("page");
        assertThat(plan.string("phrase")).contains("ber-sw-01 ge-0/0/9");
        assertThat(plan.array("diff").orElseThrow().objects()).anySatisfy(step -> {
            assertThat(step.string("op")).contains("add");
            assertThat(step.string("path")).contains("/port_config/ge-0~10~19");
            assertThat(step.object("to").orElseThrow().string("usage")).contains("iot");
        });
        assertThat(plan.string("url").orElse("")).startsWith(stack.url() + "/ui/plans/");
        assertThat(stack.writesSent()).isEqualTo(before);
    }

    private static List<JsonObject> calls(JsonObject answer) {
        return answer.array("toolCalls").orElseThrow().objects();
    }
}

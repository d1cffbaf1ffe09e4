package mistmcp.rw;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import mistmcp.assertion.Assertion;
import mistmcp.assertion.AssertionKey;
import mistmcp.json.Json;
import mistmcp.json.JsonObject;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

final class AdmissionIT {
    private static final String TOOL = "set_switch_port";
    private static final JsonObject ARGUMENTS = json("{'device':'ber-sw-01','port':'ge-0/0/44','usage':'iot'}");

    @AutoClose
    private final RunningRw rw = RunningRw.fresh();

    @Test
    void refusesReadOnlyForACommitAndForADryRun() throws IOException {
        var plan = rw.plan(TOOL, ARGUMENTS).structured();
        rw.mist.journal().clear();

        var dry = rw.tool(TOOL, ARGUMENTS, one -> RunningRw.with(one, "dry_run", "ReadOnly", all(), Optional.empty()));
        var commit =
                rw.tool(TOOL, ARGUMENTS, one -> RunningRw.with(one, "commit", "ReadOnly", all(), Optional.of(plan)));

        assertThat(List.of(dry, commit)).allSatisfy(refused -> {
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.code()).isEqualTo("forbidden_role");
        });
        assertThat(rw.mist.journal().entries()).isEmpty();
    }

    @Test
    void takesTheAssertionOfACommitOnce() throws IOException {
        var plan = rw.plan(TOOL, ARGUMENTS).structured();
        var params = JsonObject.of("name", TOOL, "arguments", ARGUMENTS);
        var assertion = RunningRw.committing(plan).apply(rw.assertion("tools/call", TOOL, params));
        var first = rw.tool(TOOL, ARGUMENTS, _ -> assertion);

        var again = rw.tool(TOOL, ARGUMENTS, _ -> assertion);

        assertThat(first.structured().string("status"))
                .as(first.body().toString())
                .contains("applied");
        assertThat(again.status()).isEqualTo(403);
        assertThat(again.code()).isEqualTo("assertion_used");
        assertThat(rw.writes()).hasSize(1);
    }

    @Test
    void refusesAnAssertionForSomethingElse() throws IOException {
        var plan = rw.plan(TOOL, ARGUMENTS).structured();
        rw.mist.journal().clear();
        var other = mistmcp.mcp.server.AssertionAdmission.digest(
                Optional.of(mistmcp.json.RawJson.of(ARGUMENTS.with("usage", "guest"))));
        List<UnaryOperator<Assertion>> changes = List.of(
                one -> changed(one, "mist-ro", one.method(), one.target(), one.argumentsDigest()),
                one -> changed(one, one.audience(), "prompts/get", one.target(), one.argumentsDigest()),
                one -> changed(one, one.audience(), one.method(), "create_site", one.argumentsDigest()),
                one -> changed(one, one.audience(), one.method(), one.target(), other));

        for (var change : changes) {
            var refused = rw.tool(
                    TOOL,
                    ARGUMENTS,
                    one -> change.apply(RunningRw.committing(plan).apply(one)));
            assertThat(refused.status()).isEqualTo(401);
            assertThat(refused.code()).isEqualTo("assertion_refused");
        }
        assertThat(rw.mist.journal().entries()).isEmpty();
    }

    @Test
    void refusesNoAssertionAndOneOfAnotherKeyOrTime() throws IOException {
        var params = JsonObject.of("name", TOOL, "arguments", ARGUMENTS);
        var good = rw.assertion("tools/call", TOOL, params);

        assertThat(rw.send("tools/call", params, "").status()).isEqualTo(401);
        assertThat(rw.send("tools/call", params, RunningRw.signedByAnother(good))
                        .status())
                .isEqualTo(401);
        var expired = new Assertion(
                good.audience(),
                good.principal(),
                good.role(),
                good.sites(),
                good.mode(),
                good.method(),
                good.target(),
                good.argumentsDigest(),
                good.id(),
                good.expiresAt().minus(AssertionKey.LIFE),
                good.commit());
        assertThat(rw.tool(TOOL, ARGUMENTS, _ -> expired).status()).isEqualTo(401);
        assertThat(rw.mist.journal().entries()).isEmpty();
    }

    @Test
    void refusesModesThatDoNotFitTheCall() throws IOException {
        var plan = rw.plan(TOOL, ARGUMENTS).structured();
        rw.mist.journal().clear();
        List<UnaryOperator<Assertion>> changes = List.of(
                one -> RunningRw.with(one, "read", "ReadWrite", all(), Optional.empty()),
                one -> RunningRw.with(one, "commit", "ReadWrite", all(), Optional.empty()),
                one -> RunningRw.with(one, "dry_run", "ReadWrite", all(), Optional.of(plan)),
                one -> RunningRw.with(one, "apply", "ReadWrite", all(), Optional.of(plan)));

        for (var change : changes) {
            var refused = rw.tool(TOOL, ARGUMENTS, change);
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.code()).isEqualTo("forbidden_mode");
        }
        assertThat(rw.call(
                                "prompts/get",
                                "port_change",
                                json("{'name':'port_change','arguments':{'device':'a','port':'b','change':'c'}}"),
                                one -> one)
                        .code())
                .isEqualTo("forbidden_mode");
        assertThat(rw.mist.journal().entries()).isEmpty();
    }

    @Test
    void sendsNothingForHashesThatAreNotThoseOfThePlan() throws IOException {
        var plan = rw.plan(TOOL, ARGUMENTS).structured();
        var zero = "sha256:" + "0".repeat(64);

        assertThat(rw.commit(TOOL, ARGUMENTS, plan.with("changeDigest", zero)).code())
                .isEqualTo("stale");
        assertThat(rw.commit(TOOL, ARGUMENTS, plan.with("beforeHash", zero)).code())
                .isEqualTo("stale");
        assertThat(rw.commit(TOOL, ARGUMENTS.with("usage", "guest"), plan).code())
                .isEqualTo("stale");
        assertThat(rw.writes()).isEmpty();
    }

    @Test
    void listsFourToolsThatFitTheBudget() throws IOException {
        var listed = rw.call(
                "tools/list",
                "",
                JsonObject.EMPTY,
                one -> RunningRw.with(one, "read", "ReadOnly", all(), Optional.empty()));
        var tools = listed.result().array("tools").orElseThrow().objects();

        assertThat(tools)
                .extracting(tool -> tool.string("name").orElse(""))
                .containsExactly("set_switch_port", "create_site", "ack_alarms", "unack_alarms");
        // A token is about four characters of such JSON; 300 tokens is the most for one tool.
        assertThat(tools)
                .allSatisfy(tool -> assertThat(Json.text(tool).length()).isLessThan(1_200));
        assertThat(tools.getFirst().toString()).contains("\"x-mist-entity\":\"device\"");
    }

    @Test
    void leadsAPortChangeWithItsPrompt() throws IOException {
        var prompt = rw.call(
                "prompts/get",
                "port_change",
                json("{'name':'port_change','arguments':{'device':'ber-sw-01','port':'ge-0/0/7','change':'off'}}"),
                one -> RunningRw.with(one, "read", "ReadOnly", all(), Optional.empty()));

        assertThat(prompt.body().toString()).contains("ge-0/0/7").contains("set_switch_port");
    }

    private static Assertion changed(Assertion one, String audience, String method, String target, String arguments) {
        return new Assertion(
                audience,
                one.principal(),
                one.role(),
                one.sites(),
                one.mode(),
                method,
                target,
                arguments,
                one.id(),
                one.expiresAt(),
                one.commit());
    }

    private static List<String> all() {
        return List.of("*");
    }

    private static JsonObject json(String text) {
        return Json.parseObject(text.replace('\'', '"'));
    }
}

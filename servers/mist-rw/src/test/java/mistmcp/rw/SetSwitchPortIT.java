package mistmcp.rw;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonNull;
import mistmcp.json.JsonObject;
import mistmcp.sim.Fault;
import mistmcp.sim.SimSettings;
import mistmcp.sim.api.Quirk;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

final class SetSwitchPortIT {
    private static final String TOOL = "set_switch_port";

    @AutoClose
    private final RunningRw rw = RunningRw.fresh();

    @Test
    void plansWithoutSendingAWrite() throws IOException {
        var plan = rw.plan(TOOL, json("{'device':'ber-sw-01','port':'ge-0/0/12','usage':'iot'}"));

        assertThat(plan.isError()).as(plan.body().toString()).isFalse();
        assertThat(plan.structured().string("phrase")).contains("ber-sw-01 ge-0/0/12");
        assertThat(plan.structured().get("before"))
                .contains(json("{'port_config':{'ge-0/0/0-23':{'usage':'office','no_local_overwrite':false}}}"));
        assertThat(plan.structured().get("after"))
                .contains(json("{'port_config':{'ge-0/0/0-11':{'usage':'office','no_local_overwrite':false},"
                        + "'ge-0/0/13-23':{'usage':'office','no_local_overwrite':false},"
                        + "'ge-0/0/12':{'usage':'iot','no_local_overwrite':false}}}"));
        assertThat(plan.structured().object("undo").orElseThrow().string("tool"))
                .contains(TOOL);
        assertThat(plan.structured().bool("reversible")).contains(true);
        assertThat(strings(plan, "warnings")).anyMatch(warning -> warning.contains("`ge-0/0/0-23` is split"));
        assertThat(rw.writes()).isEmpty();
    }

    @Test
    void sendsTheWholeMapOnceAndReadsItBack() throws IOException {
        var arguments = json("{'device':'ber-sw-01','port':'ge-0/0/12','usage':'iot'}");
        var applied = rw.commit(TOOL, arguments, rw.plan(TOOL, arguments).structured());

        assertThat(applied.structured().string("status"))
                .as(applied.body().toString())
                .contains("applied");
        assertThat(applied.structured().bool("verified")).contains(true);
        assertThat(rw.writes()).singleElement().satisfies(write -> {
            assertThat(write.operation()).isEqualTo("updateSiteDevice");
            assertThat(((JsonObject) write.body().orElseThrow()).names()).containsExactly("port_config");
        });
        assertThat(config("ber-sw-01").names())
                .containsExactlyInAnyOrder(
                        "ge-0/0/0-11", "ge-0/0/13-23", "ge-0/0/12", "ge-0/0/44", "ge-0/0/45-46", "xe-0/2/0");
    }

    @Test
    void disablesAPortInTheOverwritesAndKeepsTheOthersThere() throws IOException {
        var arguments = json("{'device':'ber-sw-01','port':'ge-0/0/20','disabled':true,'description':'unused'}");
        var applied = rw.commit(TOOL, arguments, rw.plan(TOOL, arguments).structured());

        assertThat(applied.structured().bool("verified"))
                .as(applied.body().toString())
                .contains(true);
        assertThat(rw.held("/devices/" + rw.device("ber-sw-01") + "/port_config_overwrite"))
                .isEqualTo(json("{'ge-0/0/7':{'description':'meeting room 7','speed':'1g'},"
                        + "'ge-0/0/20':{'disabled':true,'description':'unused'}}"));
        assertThat(config("ber-sw-01").names()).contains("ge-0/0/0-23");
    }

    @Test
    void undoesAChangeByItsOwnUndo() throws IOException {
        var there = json("{'device':'ber-sw-01','port':'ge-0/0/7','usage':'iot','description':'new','disabled':true}");
        var plan = rw.plan(TOOL, there).structured();
        rw.commit(TOOL, there, plan);

        var back = plan.object("undo").flatMap(undo -> undo.object("arguments")).orElseThrow();
        var undone = rw.commit(TOOL, back, rw.plan(TOOL, back).structured());

        assertThat(undone.structured().bool("verified"))
                .as(undone.body().toString())
                .contains(true);
        assertThat(config("ber-sw-01").object("ge-0/0/7"))
                .contains(json("{'usage':'office','no_local_overwrite':false}"));
        assertThat(rw.held("/devices/" + rw.device("ber-sw-01") + "/port_config_overwrite"))
                .isEqualTo(json("{'ge-0/0/7':{'description':'meeting room 7','speed':'1g'}}"));
    }

    @Test
    void isStaleAndSendsNothingWhenThePortMoved() throws IOException {
        var arguments = json("{'device':'ber-sw-01','port':'ge-0/0/44','usage':'iot'}");
        var plan = rw.plan(TOOL, arguments).structured();
        patch("ber-sw-01", "port_config/ge-0~10~144", json("{'usage':'office'}"));

        var refused = rw.commit(TOOL, arguments, plan);

        assertThat(refused.isError()).isTrue();
        assertThat(refused.code()).isEqualTo("stale");
        assertThat(refused.structured().bool("sent")).contains(false);
        assertThat(strings(refused, "moved")).contains("before");
        assertThat(rw.writes()).isEmpty();
    }

    @Test
    void isStaleWhenTheRangeThatCoversThePortMoved() throws IOException {
        var arguments = json("{'device':'ber-sw-01','port':'ge-0/0/12','disabled':true}");
        var plan = rw.plan(TOOL, arguments).structured();
        patch("ber-sw-01", "port_config/ge-0~10~10-23", json("{'usage':'guest'}"));

        assertThat(rw.commit(TOOL, arguments, plan).code()).isEqualTo("stale");
        assertThat(rw.writes()).isEmpty();
    }

    @Test
    void isNotStaleWhenAnotherPortMovedAndPreservesThatMove() throws IOException {
        var arguments = json("{'device':'ber-sw-01','port':'ge-0/0/44','usage':'iot'}");
        var plan = rw.plan(TOOL, arguments).structured();
        patch("ber-sw-01", "port_config/ge-0~10~147", json("{'usage':'guest'}"));

        var applied = rw.commit(TOOL, arguments, plan);

        assertThat(applied.structured().bool("verified"))
                .as(applied.body().toString())
                .contains(true);
        assertThat(config("ber-sw-01").object("ge-0/0/47")).contains(json("{'usage':'guest'}"));
        assertThat(config("ber-sw-01").object("ge-0/0/44").flatMap(entry -> entry.string("usage")))
                .contains("iot");
    }

    @Test
    void answersAlreadySoForAFreshPreviewAfterTheChange() throws IOException {
        var arguments = json("{'device':'ber-sw-01','port':'ge-0/0/12','usage':'iot'}");
        rw.commit(TOOL, arguments, rw.plan(TOOL, arguments).structured());

        var again = rw.plan(TOOL, arguments);

        assertThat(again.isError()).isFalse();
        assertThat(again.code()).isEqualTo("nothing_to_change");
        assertThat(again.structured().bool("alreadySo")).contains(true);
        assertThat(again.structured().array("diff")).contains(JsonArray.EMPTY);
        assertThat(again.structured().get("before"))
                .isEqualTo(again.structured().get("after"));
    }

    @Test
    void refusesAnUnknownProfileAndNamesTheKnownOnes() throws IOException {
        var refused = rw.plan(TOOL, json("{'device':'ber-sw-01','port':'ge-0/0/12','usage':'iott'}"));

        assertThat(refused.isError()).isTrue();
        assertThat(refused.code()).isEqualTo("unknown_usage");
        assertThat(strings(refused, "known")).contains("iot", "office", "printer", "uplink");
        assertThat(rw.writes()).isEmpty();
    }

    @Test
    void refusesWhatIsNoPhysicalPortOfTheSwitch() throws IOException {
        for (var port : List.of("vme", "ae0", "irb.10", "ge-0/0/0-3", "None", "")) {
            var refused = rw.plan(TOOL, JsonObject.of("device", "ber-sw-01", "port", port, "disabled", true));
            assertThat(refused.code()).as(port).isEqualTo("invalid_arguments");
        }
        assertThat(rw.plan(TOOL, json("{'device':'ber-sw-01','port':'ge-0/0/99','disabled':true}"))
                        .code())
                .isEqualTo("not_found");
        assertThat(rw.writes()).isEmpty();
    }

    @Test
    void refusesArgumentsThatSayNothingOrContradictThemselves() throws IOException {
        for (var arguments : List.of(
                "{'device':'ber-sw-01','port':'ge-0/0/12'}",
                "{'device':'ber-sw-01','port':'ge-0/0/12','disabled':true,'reset':['disabled']}",
                "{'device':'ber-sw-01','port':'ge-0/0/12','usage':'inet'}",
                "{'device':'ber-ap-01','port':'ge-0/0/12','disabled':true}",
                "{'device':'ber-sw-01','port':'ge-0/0/12','description':'two\\nlines'}")) {
            assertThat(rw.plan(TOOL, json(arguments)).code()).as(arguments).isEqualTo("invalid_arguments");
        }
        assertThat(rw.writes()).isEmpty();
    }

    @Test
    void refusesMissingUnknownAndMistypedArgumentsWithACodeEach() throws IOException {
        assertThat(rw.plan(TOOL, json("{'device':'ber-sw-01','disabled':true}")).code())
                .isEqualTo("argument_missing");
        assertThat(rw.plan(TOOL, json("{'device':'ber-sw-01','port':'ge-0/0/12','disabled':true,'confirmed':true}"))
                        .code())
                .isEqualTo("argument_unknown");
        assertThat(rw.plan(TOOL, json("{'device':'ber-sw-01','port':'ge-0/0/12','disabled':'None'}"))
                        .code())
                .isEqualTo("argument_type");
        assertThat(rw.writes()).isEmpty();
    }

    @Test
    void answersForASwitchOutsideTheScopeAsForOneThatIsNotThere() throws IOException {
        var lyon = List.of(rw.site("Lyon-Branch"));
        var outside = rw.tool(
                TOOL,
                json("{'device':'ber-sw-01','port':'ge-0/0/12','disabled':true}"),
                one -> RunningRw.with(one, "dry_run", "ReadWrite", lyon, Optional.empty()));
        var absent = rw.tool(
                TOOL,
                json("{'device':'ber-sw-99','port':'ge-0/0/12','disabled':true}"),
                one -> RunningRw.with(one, "dry_run", "ReadWrite", lyon, Optional.empty()));

        assertThat(outside.code()).isEqualTo("not_found");
        assertThat(outside.body().toString().replace("ber-sw-01", "X"))
                .isEqualTo(absent.body().toString().replace("ber-sw-99", "X"));
    }

    @Test
    void judgesTheScopeByWhereTheSwitchReallyIs() throws IOException {
        var lyon = rw.site("Lyon-Branch");
        var byId = JsonObject.of("device", rw.device("ber-sw-01"), "site", lyon, "port", "ge-0/0/12", "disabled", true);

        assertThat(rw.tool(
                                TOOL,
                                byId,
                                one -> RunningRw.with(one, "dry_run", "ReadWrite", List.of(lyon), Optional.empty()))
                        .code())
                .isEqualTo("not_found");
        assertThat(rw.plan(TOOL, byId).code()).isEqualTo("not_found");
    }

    @Test
    void warnsOfAnUplinkWithAManagedNeighbour() throws IOException {
        var plan = rw.plan(TOOL, json("{'device':'ber-sw-01','port':'xe-0/2/0','disabled':true}"));

        assertThat(strings(plan, "warnings"))
                .anyMatch(warning -> warning.contains("is an uplink"))
                .anyMatch(warning -> warning.contains("Mist manages"))
                .anyMatch(warning -> warning.contains("is up"));
        assertThat(plan.structured().object("impact").flatMap(impact -> impact.bool("uplink")))
                .contains(true);
    }

    @Test
    void warnsOfALocalOverrideThatStaysTheStrongerWord() throws IOException {
        var plan = rw.plan(TOOL, json("{'device':'ber-sw-01','port':'ge-0/0/18','usage':'iot'}"));

        assertThat(strings(plan, "warnings")).anyMatch(warning -> warning.contains("local override"));
    }

    @Test
    void doesNotWarnOfALocalOverrideThatMistIgnores() throws IOException {
        // `no_local_overwrite` is true where it is not set.
        patch("ber-sw-01", "port_config/ge-0~10~10-23/no_local_overwrite", JsonNull.NULL);

        var plan = rw.plan(TOOL, json("{'device':'ber-sw-01','port':'ge-0/0/18','usage':'iot'}"));

        assertThat(strings(plan, "warnings")).noneMatch(warning -> warning.contains("local override"));
    }

    @Test
    void seesAMismatchWhenMistMergesTheMapInsteadOfReplacingIt() throws Exception {
        try (var other = new RunningRw(SimSettings.fresh().without(Quirk.MAP_REPLACED_WHOLE))) {
            var arguments = json("{'device':'ber-sw-01','port':'ge-0/0/12','usage':'iot'}");
            var applied =
                    other.commit(TOOL, arguments, other.plan(TOOL, arguments).structured());

            assertThat(applied.structured().string("status")).contains("applied");
            assertThat(applied.structured().bool("verified")).contains(false);
            assertThat(applied.structured().array("mismatch").orElseThrow().toString())
                    .contains("/port_config/ge-0~10~10-23");
        }
    }

    @Test
    void leavesOtherRootsAloneBecauseMistMergesAtTheRoot() throws IOException {
        var before = ((JsonObject) rw.held("/devices/" + rw.device("ber-sw-01")));
        var arguments = json("{'device':'ber-sw-01','port':'ge-0/0/12','usage':'iot'}");
        rw.commit(TOOL, arguments, rw.plan(TOOL, arguments).structured());

        assertThat(((JsonObject) rw.held("/devices/" + rw.device("ber-sw-01"))).without("port_config", "modified_time"))
                .isEqualTo(before.without("port_config", "modified_time"));
    }

    @Test
    void isUnknownAndSentOnceWhenMistFailsOrBreaksOff() throws IOException {
        var arguments = json("{'device':'ber-sw-01','port':'ge-0/0/44','usage':'iot'}");
        var plan = rw.plan(TOOL, arguments).structured();
        for (var fault : List.<Fault>of(new Fault.Status(503), new Fault.Cut(), new Fault.WrongType())) {
            rw.mist.journal().clear();
            rw.mist.faults().add("PUT", "/api/v1/sites/**", 1, fault);

            var unknown = rw.commit(TOOL, arguments, plan);

            assertThat(unknown.structured().string("status")).as(fault.kind()).contains("unknown");
            assertThat(unknown.structured().bool("sent")).contains(true);
            assertThat(unknown.isError()).as("a report, not a refusal").isFalse();
            assertThat(rw.writes()).as(fault.kind()).hasSize(1);
            // Nothing has changed: a fresh preview is the plan again.
            assertThat(rw.plan(TOOL, arguments).structured().get("beforeHash")).isEqualTo(plan.get("beforeHash"));
        }
    }

    @Test
    void isUnknownAndSettledByAFreshPreviewWhenMistBreaksOffAfterTheEffect() throws IOException {
        int vlan = 0;
        for (var fault :
                List.<Fault>of(new Fault.StatusAfterApply(502), new Fault.CutAfterApply(), new Fault.CutInBody())) {
            var arguments = json("{'device':'ber-sw-01','port':'ge-0/0/44','description':'try " + vlan++ + "'}");
            var plan = rw.plan(TOOL, arguments).structured();
            rw.mist.journal().clear();
            rw.mist.faults().add("PUT", "/api/v1/sites/**", 1, fault);

            var unknown = rw.commit(TOOL, arguments, plan);

            assertThat(unknown.structured().string("status")).as(fault.kind()).contains("unknown");
            assertThat(rw.writes()).as(fault.kind()).hasSize(1);
            assertThat(rw.plan(TOOL, arguments).structured().bool("alreadySo"))
                    .as(fault.kind())
                    .contains(true);
        }
    }

    @Test
    void isRejectedWhenTheTokenMayNotWrite() throws Exception {
        try (var reading = new RunningRw(SimSettings.fresh(), mist -> mist.readToken())) {
            var arguments = json("{'device':'ber-sw-01','port':'ge-0/0/44','usage':'iot'}");
            var rejected = reading.commit(
                    TOOL, arguments, reading.plan(TOOL, arguments).structured());

            assertThat(rejected.structured().string("status")).contains("rejected");
            assertThat(rejected.code()).isEqualTo("mist_forbidden");
            assertThat(reading.writes()).singleElement().matches(write -> !write.applied());
        }
    }

    @Test
    void isRejectedOnceWhenMistLimitsTheRate() throws IOException {
        var arguments = json("{'device':'ber-sw-01','port':'ge-0/0/44','usage':'iot'}");
        var plan = rw.plan(TOOL, arguments).structured();
        rw.mist.faults().add("PUT", "/api/v1/sites/**", 1, new Fault.RateLimit(Optional.of(1)));

        var rejected = rw.commit(TOOL, arguments, plan);

        assertThat(rejected.structured().string("status")).contains("rejected");
        assertThat(rejected.code()).isEqualTo("mist_rate_limited");
        assertThat(rw.writes()).hasSize(1);
    }

    @Test
    void reportsAMismatchWhenSomebodyChangesThePortRightAfter() throws IOException {
        var arguments = json("{'device':'ber-sw-01','port':'ge-0/0/44','usage':'iot'}");
        var plan = rw.plan(TOOL, arguments).structured();
        var pointer = "/devices/" + rw.device("ber-sw-01") + "/port_config/ge-0~10~144";
        rw.mist
                .faults()
                .add("GET", "/api/v1/sites/*/devices/*", 1, 1, new Fault.Drift(pointer, json("{'usage':'guest'}")));

        var applied = rw.commit(TOOL, arguments, plan);

        assertThat(applied.structured().string("status"))
                .as(applied.body().toString())
                .contains("applied");
        assertThat(applied.structured().bool("verified")).contains(false);
        assertThat(applied.structured().array("mismatch").orElseThrow().objects())
                .singleElement()
                .isEqualTo(json("{'path':'/port_config/ge-0~10~144/usage','expected':'iot','actual':'guest'}"));
    }

    @Test
    void sendsNothingWhenTheDriftComesRightBeforeTheWriteIsPlannedAgain() throws IOException {
        var arguments = json("{'device':'ber-sw-01','port':'ge-0/0/44','usage':'iot'}");
        var plan = rw.plan(TOOL, arguments).structured();
        var pointer = "/devices/" + rw.device("ber-sw-01") + "/port_config/ge-0~10~144";
        rw.mist
                .faults()
                .add("GET", "/api/v1/sites/*/devices/*", 1, new Fault.Drift(pointer, json("{'usage':'guest'}")));

        assertThat(rw.commit(TOOL, arguments, plan).code()).isEqualTo("stale");
        assertThat(rw.writes()).isEmpty();
    }

    @Test
    void keepsTheChangesOfTwoCommitsThatComeAtOnce() throws Exception {
        var ports = List.of("ge-0/0/1", "ge-0/0/9", "ge-0/0/17", "ge-0/0/30");
        var plans = new java.util.ArrayList<JsonObject>();
        for (var port : ports) {
            plans.add(rw.plan(TOOL, disabling(port)).structured());
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var commits = IntStream.range(0, ports.size())
                    .mapToObj(i -> threads.submit(() -> rw.commit(TOOL, disabling(ports.get(i)), plans.get(i))))
                    .toList();
            for (var commit : commits) {
                assertThat(commit.get().structured().string("status")).contains("applied");
            }
        }
        assertThat(((JsonObject) rw.held("/devices/" + rw.device("ber-sw-01") + "/port_config_overwrite")).names())
                .containsAll(ports);
    }

    private static JsonObject disabling(String port) {
        return JsonObject.of("device", "ber-sw-01", "port", port, "disabled", true);
    }

    @Test
    void showsNoSecretOfTheSwitch() throws IOException {
        var plan = rw.plan(TOOL, json("{'device':'ber-sw-01','port':'ge-0/0/12','usage':'iot'}"));

        assertThat(plan.body().toString()).doesNotContain("s3cret");
    }

    @Test
    void tellsWhatWasSentUnderAPlanWithinTheScope() throws IOException {
        var arguments = json("{'device':'ber-sw-01','port':'ge-0/0/12','usage':'iot'}");
        var plan = rw.plan(TOOL, arguments).structured();
        rw.tool(TOOL, arguments, one -> {
            var committing = RunningRw.committing(plan).apply(one);
            return new mistmcp.assertion.Assertion(
                    committing.audience(),
                    committing.principal(),
                    committing.role(),
                    committing.sites(),
                    committing.mode(),
                    committing.method(),
                    committing.target(),
                    committing.argumentsDigest(),
                    committing.id(),
                    committing.expiresAt(),
                    committing
                            .commit()
                            .map(commit -> new mistmcp.assertion.Assertion.Commit(
                                    "pl_one", commit.changeDigest(), commit.beforeHash())));
        });

        var seen = rw.call(
                "resources/read",
                "mist://changes/pl_one",
                json("{'uri':'mist://changes/pl_one'}"),
                one -> RunningRw.with(one, "read", "ReadOnly", List.of(rw.site("Berlin-HQ")), Optional.empty()));
        var hidden = rw.call(
                "resources/read",
                "mist://changes/pl_one",
                json("{'uri':'mist://changes/pl_one'}"),
                one -> RunningRw.with(one, "read", "ReadOnly", List.of(rw.site("Lyon-Branch")), Optional.empty()));

        assertThat(seen.body().toString()).contains("applied").contains("ge-0/0/12");
        assertThat(hidden.body().has("error")).isTrue();
    }

    private JsonObject config(String device) {
        return (JsonObject) rw.held("/devices/" + rw.device(device) + "/port_config");
    }

    private void patch(String device, String below, mistmcp.json.JsonValue patch) {
        rw.mist.state().patch("/devices/" + rw.device(device) + "/" + below, patch);
    }

    private static List<String> strings(RunningRw.Answer answer, String member) {
        return answer.structured().array(member).orElse(JsonArray.EMPTY).strings();
    }

    private static JsonObject json(String text) {
        return Json.parseObject(text.replace('\'', '"'));
    }
}

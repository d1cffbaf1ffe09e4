package mistmcp.rw;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.sim.Fault;
import mistmcp.sim.Journal;
import mistmcp.sim.SimSettings;
import mistmcp.sim.api.Quirk;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

final class MarkAlarmsIT {
    private static final String ACK = "ack_alarms";
    private static final String UNACK = "unack_alarms";
    private static final String LYON_OFFLINE = "{'site':'Lyon-Branch','type':'ap_offline','note':'planned CHG-1042'}";

    @AutoClose
    private final RunningRw rw = RunningRw.fresh();

    @Test
    void plansWithoutSendingAWrite() throws IOException {
        var open = open("Lyon-Branch", "ap_offline");
        var plan = rw.plan(ACK, json(LYON_OFFLINE));

        assertThat(plan.isError()).as(plan.body().toString()).isFalse();
        assertThat(ids(plan.structured()))
                .containsExactlyInAnyOrderElementsOf(open)
                .isNotEmpty();
        assertThat(plan.structured().string("phrase")).contains("ack " + open.size() + " alarms");
        assertThat(plan.structured().object("impact").flatMap(impact -> impact.object("bySite")))
                .contains(JsonObject.of("Lyon-Branch", open.size()));
        assertThat(plan.structured().object("undo"))
                .contains(
                        JsonObject.of("tool", UNACK, "arguments", JsonObject.of("alarm_ids", ids(plan.structured()))));
        assertThat(rw.writes()).isEmpty();
    }

    @Test
    void sendsExactlyTheseIdsToTheSiteAndReadsThemBack() throws IOException {
        var open = open("Lyon-Branch", "ap_offline");
        var plan = rw.plan(ACK, json(LYON_OFFLINE)).structured();
        var applied = rw.commit(ACK, json(LYON_OFFLINE), plan);

        assertThat(applied.structured().string("status"))
                .as(applied.body().toString())
                .contains("applied");
        assertThat(applied.structured().bool("verified")).contains(true);
        var write = rw.writes();
        assertThat(write).singleElement().extracting(Journal.Entry::operation).isEqualTo("AckSiteMultipleAlarms");
        var body = (JsonObject) write.getFirst().body().orElseThrow();
        assertThat(body.array("alarm_ids").orElseThrow().strings()).containsExactlyInAnyOrderElementsOf(open);
        assertThat(body.string("note")).contains("planned CHG-1042");
        assertThat(open("Lyon-Branch", "ap_offline")).isEmpty();
    }

    @Test
    void takesAnEmptyAnswerForWhatItIs() throws Exception {
        // Mist answers 200 without a body here; with the quirk off it is `{}`. Both are read back.
        try (var other = new RunningRw(SimSettings.fresh().without(Quirk.EMPTY_BODIES))) {
            for (var each : List.of(rw, other)) {
                var plan = each.plan(ACK, json(LYON_OFFLINE)).structured();
                var applied = each.commit(ACK, json(LYON_OFFLINE), plan);
                assertThat(applied.structured().bool("verified"))
                        .as(applied.body().toString())
                        .contains(true);
            }
        }
    }

    @Test
    void takesAnAcknowledgementBackByItsUndo() throws IOException {
        var before = open("Lyon-Branch", "ap_offline");
        var plan = rw.plan(ACK, json(LYON_OFFLINE)).structured();
        rw.commit(ACK, json(LYON_OFFLINE), plan);

        var back = plan.object("undo").flatMap(undo -> undo.object("arguments")).orElseThrow();
        var undone = rw.commit(UNACK, back, rw.plan(UNACK, back).structured());

        assertThat(undone.structured().bool("verified"))
                .as(undone.body().toString())
                .contains(true);
        assertThat(open("Lyon-Branch", "ap_offline")).containsExactlyInAnyOrderElementsOf(before);
    }

    @Test
    void isStaleAndSendsNothingWhenAnAlarmMoved() throws IOException {
        var plan = rw.plan(ACK, json(LYON_OFFLINE)).structured();
        rw.mist.state().patch("/alarms/" + ids(plan).getFirst(), JsonObject.of("acked", true));

        assertThat(rw.commit(ACK, json(LYON_OFFLINE), plan).code()).isEqualTo("stale");
        assertThat(rw.writes()).isEmpty();
    }

    @Test
    void countsPerSiteSeverityAndTypeForTheWholeOrganisation() throws IOException {
        var plan = rw.plan(ACK, JsonObject.EMPTY).structured();
        var impact = plan.object("impact").orElseThrow();

        assertThat(impact.object("bySite").orElseThrow().size()).isGreaterThan(1);
        assertThat(impact.object("bySeverity").orElseThrow().names()).contains("critical");
        assertThat(impact.object("byType").orElseThrow().names()).contains("ap_offline");
        assertThat(plan.array("warnings").orElseThrow().strings()).anyMatch(warning -> warning.contains("critical"));
        assertThat(plan.array("requests").orElseThrow().toString())
                .contains("/alarms/ack")
                .doesNotContain("ack_all");
        assertThat(rw.writes()).isEmpty();
    }

    @Test
    void asksAllSitesForTheWholeOrganisation() throws IOException {
        for (var arguments : List.of("{}", "{'type':'ap_offline'}", "{'severity':'critical'}")) {
            assertThat(scoped(arguments, "Lyon-Branch").code()).as(arguments).isEqualTo("needs_all_sites");
        }
        assertThat(rw.writes()).isEmpty();
    }

    @Test
    void answersForAnAlarmOutsideTheScopeAsForOneThatIsNotThere() throws IOException {
        var lyon = open("Lyon-Branch", "ap_offline").getFirst();
        var outside = scoped("{'alarm_ids':['" + lyon + "']}", "Berlin-HQ");
        var absent = scoped("{'alarm_ids':['00000000-0000-4000-8000-00000000abcd']}", "Berlin-HQ");

        assertThat(outside.code()).isEqualTo("not_found");
        assertThat(outside.body().toString().replace(lyon, "X"))
                .isEqualTo(absent.body().toString().replace("00000000-0000-4000-8000-00000000abcd", "X"));
        assertThat(scoped("{'site':'Lyon-Branch'}", "Berlin-HQ").code()).isEqualTo("not_found");
        assertThat(scoped("{'alarm_ids':['" + lyon + "']}", "Lyon-Branch").isError())
                .isFalse();
        assertThat(rw.writes()).isEmpty();
    }

    @Test
    void answersAlreadySoWhenNothingIsOpen() throws IOException {
        var id = open("Lyon-Branch", "ap_offline").getFirst();
        rw.mist.state().patch("/alarms/" + id, JsonObject.of("acked", true));

        var plan = rw.plan(ACK, json("{'alarm_ids':['" + id + "']}"));

        assertThat(plan.isError()).isFalse();
        assertThat(plan.code()).isEqualTo("nothing_to_change");
        assertThat(plan.structured().bool("alreadySo")).contains(true);
        assertThat(plan.structured().array("requests")).contains(JsonArray.EMPTY);
    }

    @Test
    void isUnknownAndSettledByAFreshPreviewWhenMistBreaksOffAfterTheEffect() throws IOException {
        var plan = rw.plan(ACK, json(LYON_OFFLINE)).structured();
        rw.mist.faults().add("POST", "/api/v1/sites/*/alarms/ack", 1, new Fault.CutAfterApply());

        assertThat(rw.commit(ACK, json(LYON_OFFLINE), plan).structured().string("status"))
                .contains("unknown");
        assertThat(rw.writes()).hasSize(1);
        assertThat(rw.plan(ACK, json(LYON_OFFLINE)).structured().bool("alreadySo"))
                .contains(true);
    }

    @Test
    void showsAPlanOfManyAlarmsInCountsAndStillSendsEachId() throws Exception {
        try (var large = new RunningRw(SimSettings.fresh().withSeed("large:900"))) {
            var plan = large.plan(ACK, JsonObject.EMPTY).structured();
            var impact = plan.object("impact").orElseThrow();
            long alarms = impact.integer("alarms").orElseThrow();

            assertThat(alarms).isGreaterThan(900).isLessThanOrEqualTo(1_000);
            assertThat(impact.object("bySite").orElseThrow().size()).isEqualTo(21);
            assertThat(impact.object("bySite").orElseThrow().names()).anyMatch(name -> name.endsWith(" more sites)"));
            assertThat(Json.bytes(impact)).hasSizeLessThan(5_000);
            assertThat(plan.string("phrase")).contains("ack " + alarms + " alarms");

            var applied = large.commit(ACK, JsonObject.EMPTY, plan);

            assertThat(applied.structured().bool("verified")).contains(true);
            assertThat(large.writes())
                    .singleElement()
                    .satisfies(write -> assertThat(((JsonObject) write.body().orElseThrow())
                                    .array("alarm_ids")
                                    .orElseThrow()
                                    .size())
                            .isEqualTo((int) alarms));
        }
    }

    @Test
    void refusesIdsBesideAFilter() throws IOException {
        assertThat(rw.plan(ACK, json("{'alarm_ids':['x'],'site':'Lyon-Branch'}"))
                        .code())
                .isEqualTo("invalid_arguments");
        assertThat(rw.plan(UNACK, json("{}")).code()).isEqualTo("argument_missing");
        assertThat(rw.writes()).isEmpty();
    }

    private RunningRw.Answer scoped(String arguments, String site) throws IOException {
        var only = List.of(rw.site(site));
        return rw.tool(
                ACK, json(arguments), one -> RunningRw.with(one, "dry_run", "ReadWrite", only, Optional.empty()));
    }

    private List<String> open(String site, String type) {
        var id = rw.site(site);
        return rw.alarms().stream()
                .filter(alarm -> alarm.string("site_id").equals(Optional.of(id))
                        && alarm.string("type").equals(Optional.of(type))
                        && !alarm.bool("acked").orElse(false))
                .flatMap(alarm -> alarm.string("id").stream())
                .toList();
    }

    private static List<String> ids(JsonObject plan) {
        return plan.object("after")
                .flatMap(after -> after.array("acknowledged"))
                .orElse(JsonArray.EMPTY)
                .strings();
    }

    private static JsonObject json(String text) {
        return Json.parseObject(text.replace('\'', '"'));
    }
}

package mistmcp.rw;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import mistmcp.json.Json;
import mistmcp.json.JsonObject;
import mistmcp.sim.Fault;
import mistmcp.sim.Journal;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

final class CreateSiteIT {
    private static final String TOOL = "create_site";
    private static final JsonObject OSLO = json("{'name':'Oslo-Branch','address':'Karl Johans gate 1, Oslo, Norway',"
            + "'country_code':'NO','timezone':'Europe/Oslo','latlng':{'lat':59.9127,'lng':10.7461},"
            + "'like_site':'Lyon-Branch'}");

    @AutoClose
    private final RunningRw rw = RunningRw.fresh();

    @Test
    void plansWithoutSendingAWrite() throws IOException {
        var plan = rw.plan(TOOL, OSLO);

        assertThat(plan.isError()).as(plan.body().toString()).isFalse();
        assertThat(plan.structured().object("before")).contains(JsonObject.EMPTY);
        assertThat(plan.structured().object("after").flatMap(after -> after.object("site")))
                .contains(OSLO.without("like_site").with("networktemplate_id", lyonTemplate()));
        assertThat(plan.structured().string("phrase")).contains("create Oslo-Branch");
        assertThat(plan.structured().bool("reversible")).contains(false);
        assertThat(plan.structured().object("undo").orElseThrow().has("impossible"))
                .isTrue();
        assertThat(rw.writes()).isEmpty();
    }

    @Test
    void createsTheSiteOnceAndReadsItBack() throws IOException {
        var applied = rw.commit(TOOL, OSLO, rw.plan(TOOL, OSLO).structured());

        assertThat(applied.structured().string("status"))
                .as(applied.body().toString())
                .contains("applied");
        assertThat(applied.structured().bool("verified")).contains(true);
        assertThat(rw.writes())
                .singleElement()
                .extracting(Journal.Entry::operation)
                .isEqualTo("createOrgSite");
        assertThat(rw.held("/sites/" + rw.site("Oslo-Branch") + "/networktemplate_id"))
                .isEqualTo(Json.of(lyonTemplate()));
    }

    @Test
    void takesANetworkTemplateByName() throws IOException {
        var plan = rw.plan(TOOL, json("{'name':'Oslo-Branch','network_template':'hq-switching'}"));

        assertThat(plan.structured().object("after").flatMap(after -> after.object("site")))
                .as(plan.body().toString())
                .hasValueSatisfying(
                        site -> assertThat(site.has("networktemplate_id")).isTrue());
        assertThat(rw.plan(TOOL, json("{'name':'Oslo-Branch','network_template':'nope'}"))
                        .code())
                .isEqualTo("not_found");
    }

    @Test
    void refusesANameThatIsTaken() throws IOException {
        for (var name : List.of("Lyon-Branch", "lyon-branch")) {
            assertThat(rw.plan(TOOL, JsonObject.of("name", name, "country_code", "DE"))
                            .code())
                    .as(name)
                    .isEqualTo("already_exists");
        }
        assertThat(rw.writes()).isEmpty();
    }

    @Test
    void isRefusedWhenTheNameWasTakenSinceThePlan() throws IOException {
        var plan = rw.plan(TOOL, OSLO).structured();
        var other = json("{'name':'Oslo-Branch','country_code':'SE'}");
        rw.commit(TOOL, other, rw.plan(TOOL, other).structured());
        rw.mist.journal().clear();

        var refused = rw.commit(TOOL, OSLO, plan);

        assertThat(refused.isError()).isTrue();
        assertThat(refused.structured().bool("sent")).contains(false);
        assertThat(rw.writes()).isEmpty();
    }

    @Test
    void needsAllSitesInScope() throws IOException {
        var lyon = List.of(rw.site("Lyon-Branch"));

        assertThat(rw.tool(TOOL, OSLO, one -> RunningRw.with(one, "dry_run", "ReadWrite", lyon, Optional.empty()))
                        .code())
                .isEqualTo("needs_all_sites");
        assertThat(rw.writes()).isEmpty();
    }

    @Test
    void refusesWhatMistWouldNotUnderstand() throws IOException {
        for (var arguments : List.of(
                "{'name':'  '}",
                "{'name':'a\\u202eb'}",
                "{'name':'Oslo','country_code':'XX'}",
                "{'name':'Oslo','timezone':'Oslo'}",
                "{'name':'Oslo','latlng':{'lat':91,'lng':0}}",
                "{'name':'Oslo','like_site':'Lyon-Branch','network_template':'hq-switching'}")) {
            assertThat(rw.plan(TOOL, json(arguments)).code()).as(arguments).isEqualTo("invalid_arguments");
        }
        assertThat(rw.plan(TOOL, json("{'name':'Oslo','tzoffset':60}")).code()).isEqualTo("argument_unknown");
        assertThat(rw.writes()).isEmpty();
    }

    @Test
    void isUnknownAndNeverSentAgainWhenMistBreaksOffAfterTheEffect() throws IOException {
        var plan = rw.plan(TOOL, OSLO).structured();
        rw.mist.faults().add("POST", "/api/v1/orgs/*/sites", 1, new Fault.CutAfterApply());

        var unknown = rw.commit(TOOL, OSLO, plan);

        assertThat(unknown.structured().string("status")).contains("unknown");
        assertThat(rw.writes()).hasSize(1);
        assertThat(rw.plan(TOOL, OSLO).structured().bool("alreadySo")).contains(true);
        assertThat(rw.commit(TOOL, OSLO, plan).code()).isEqualTo("stale");
        assertThat(rw.writes()).hasSize(1);
    }

    private String lyonTemplate() {
        return ((JsonObject) rw.held("/sites/" + rw.site("Lyon-Branch")))
                .string("networktemplate_id")
                .orElseThrow();
    }

    private static JsonObject json(String text) {
        return Json.parseObject(text.replace('\'', '"'));
    }
}

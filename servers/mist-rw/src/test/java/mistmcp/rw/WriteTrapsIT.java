package mistmcp.rw;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.sim.SimSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The habits of the Mist API that a writer falls for. Each test first shows the habit on the bare API, so
/// that it fails when the simulator's quirk is off, and then that our tools cope with it.
final class WriteTrapsIT {
    private static final JsonObject CHANGE = JsonObject.of("device", "ber-sw-01", "port", "ge-0/0/12", "usage", "iot");
    private static final JsonObject LYON_OFFLINE = JsonObject.of("site", "Lyon-Branch", "type", "ap_offline");

    private RunningRw rw;
    private HttpClient client;

    @BeforeEach
    void start() throws InterruptedException {
        rw = new RunningRw(SimSettings.fresh());
        client = HttpClient.newHttpClient();
    }

    @AfterEach
    void stop() {
        client.close();
        rw.close();
    }

    @Test
    void sendsNoRootThatWouldRemoveOne() throws Exception {
        bare("PUT", device("ber-sw-02"), "{\"-networks\":\"\"}");
        assertThat(held("ber-sw-02").has("networks")).isFalse();

        applied("set_switch_port", CHANGE);

        assertThat(rw.writes().stream()
                        .skip(1)
                        .map(write -> ((JsonObject) write.body().orElseThrow()).names()))
                .isNotEmpty()
                .allSatisfy(names -> assertThat(names).noneMatch(name -> name.startsWith("-")));
    }

    @Test
    void leavesTheOverridesAloneThatAWriteWouldReplaceWhole() throws Exception {
        var overrides = "/local_port_config/" + rw.device("ber-sw-01") + "/ports";
        bare("PUT", device("ber-sw-01") + "/local_port_config", "{\"ge-0/0/3\":{\"usage\":\"iot\"}}");
        assertThat(((JsonObject) rw.held(overrides)).names()).containsExactly("ge-0/0/3");

        applied("set_switch_port", CHANGE);

        assertThat(((JsonObject) rw.held(overrides)).names()).containsExactly("ge-0/0/3");
    }

    @Test
    void warnsOfNoOverrideThatMistIgnoresWhereNothingAllowsIt() throws Exception {
        bare("PUT", device("ber-sw-02") + "/local_port_config", "{\"ge-0/0/3\":{\"usage\":\"iot\"}}");
        var port = bare(
                "GET", "/api/v1/orgs/" + rw.mist.orgId() + "/stats/ports/search?mac=5c4527100202&port_id=ge-0/0/3", "");
        assertThat(port).contains("\"port_usage\":\"office\"");

        var plan =
                rw.plan("set_switch_port", JsonObject.of("device", "ber-sw-02", "port", "ge-0/0/3", "disabled", true));

        assertThat(plan.isError()).isFalse();
        assertThat(plan.structured().array("warnings").orElse(JsonArray.EMPTY).toString())
                .doesNotContain("local override");
    }

    @Test
    void takesAnAnswerWithoutABodyForDone() throws Exception {
        var ids = Json.text(JsonObject.of("alarm_ids", List.of(alarm("Berlin-HQ"))));
        assertThat(bare("POST", "/api/v1/orgs/" + rw.mist.orgId() + "/alarms/ack", ids))
                .isEmpty();

        var applied = applied("ack_alarms", LYON_OFFLINE);

        assertThat(applied.structured().bool("verified")).contains(true);
    }

    @Test
    void acknowledgesItsIdsOnlyAlthoughOneCallWouldTakeAll() throws Exception {
        bare("POST", "/api/v1/orgs/" + rw.mist.orgId() + "/alarms/unack_all", "{}");
        assertThat(rw.alarms()).noneMatch(alarm -> alarm.bool("acked").orElse(false));

        applied("ack_alarms", LYON_OFFLINE);

        var lyon = Optional.of(rw.site("Lyon-Branch"));
        assertThat(rw.alarms().stream().filter(alarm -> alarm.bool("acked").orElse(false)))
                .isNotEmpty()
                .allMatch(alarm -> alarm.string("site_id").equals(lyon));
        assertThat(rw.writes().stream().skip(1)).noneMatch(write -> write.path().endsWith("_all"));
    }

    @Test
    void isNotStaleWhenOnlyTheTimeOfTheLastChangeMoved() throws Exception {
        var before = held("ber-sw-01").get("modified_time");
        var plan = rw.plan("set_switch_port", CHANGE).structured();
        bare("PUT", device("ber-sw-01"), "{\"notes\":\"rack 7\"}");
        assertThat(held("ber-sw-01").get("modified_time")).isNotEqualTo(before);

        var applied = rw.commit("set_switch_port", CHANGE, plan);

        assertThat(applied.structured().string("status")).contains("applied");
    }

    @Test
    void leavesItsTraceInMistsOwnLogForAChangeAndNoneForADryRun() throws Exception {
        rw.plan("set_switch_port", CHANGE);
        assertThat(log()).isZero();

        applied("set_switch_port", CHANGE);

        assertThat(log()).isEqualTo(1);
    }

    private RunningRw.Answer applied(String tool, JsonObject arguments) throws IOException {
        var applied = rw.commit(tool, arguments, rw.plan(tool, arguments).structured());
        assertThat(applied.structured().string("status"))
                .as(applied.body().toString())
                .contains("applied");
        return applied;
    }

    private long log() throws IOException, InterruptedException {
        var found = bare("GET", "/api/v1/orgs/" + rw.mist.orgId() + "/logs/search?admin_name=Gateway*", "");
        return Json.parseObject(found).array("results").orElseThrow().size();
    }

    private String alarm(String site) {
        return rw.alarms().stream()
                .filter(alarm -> alarm.string("site_id").equals(Optional.of(rw.site(site))))
                .flatMap(alarm -> alarm.string("id").stream())
                .findFirst()
                .orElseThrow();
    }

    private String device(String name) {
        return "/api/v1/sites/" + held(name).string("site_id").orElseThrow() + "/devices/" + rw.device(name);
    }

    private JsonObject held(String device) {
        return rw.held("/devices/" + rw.device(device)) instanceof JsonObject found ? found : JsonObject.EMPTY;
    }

    private String bare(String method, String path, String body) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(rw.mist.baseUri().resolve(path))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .header("Authorization", "Token " + rw.mist.writeToken().reveal())
                .header("Content-Type", "application/json")
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }
}

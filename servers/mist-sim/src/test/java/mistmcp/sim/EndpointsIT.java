package mistmcp.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What each family of endpoints answers.
class EndpointsIT {
    private static SimulatedMist mist;
    private static Client client;

    @BeforeAll
    static void start() {
        mist = SimulatedMist.start(SimSettings.fresh());
        client = new Client(mist);
    }

    @AfterAll
    static void stop() {
        client.close();
        mist.close();
    }

    @BeforeEach
    void reset() {
        mist.reset();
    }

    @Test
    void tellsRoleAndOrganisationOfAToken() throws IOException {
        var self = client.get("/api/v1/self").object();

        var privilege = self.array("privileges").orElseThrow().objects().getFirst();
        assertThat(privilege.string("role")).contains("read");
        assertThat(privilege.string("scope")).contains("org");
        assertThat(privilege.string("org_id")).contains(mist.orgId());
    }

    @Test
    void refusesARequestWithoutAToken() throws IOException {
        var reply = client.raw("GET", "/api/v1/self", Map.of(), Optional.empty());

        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.object().string("detail")).isPresent();
    }

    @Test
    void doesNotTakeABearerToken() throws IOException {
        var token = mist.readToken().reveal();

        var reply = client.raw("GET", "/api/v1/self", Map.of("Authorization", "Bearer " + token), Optional.empty());

        assertThat(reply.status()).isEqualTo(401);
    }

    @Test
    void countsTheDevicesOfEachSite() throws IOException {
        var stats = client.get("/api/v1/orgs/ORG/stats/sites").array().objects();

        assertThat(stats).hasSize(4);
        var berlin = stats.stream()
                .filter(site -> site.string("name").equals(Optional.of("Berlin-HQ")))
                .findFirst()
                .orElseThrow();
        assertThat(berlin.integer("num_ap")).contains(6L);
        assertThat(berlin.integer("num_switch")).contains(3L);
        assertThat(stats).anyMatch(site -> site.integer("num_devices").equals(Optional.of(0L)));
    }

    @Test
    void findsASiteByThePrefixOfItsName() throws IOException {
        var found =
                client.get("/api/v1/orgs/ORG/sites/search?name=lyon*").results().objects();

        assertThat(found)
                .singleElement()
                .satisfies(site -> assertThat(site.string("name")).contains("Lyon-Branch"));
    }

    @Test
    void createsASiteThatIsThereAfterwards() throws IOException {
        var created = client.post("/api/v1/orgs/ORG/sites", JsonObject.of("name", "Oslo-Branch", "country_code", "NO"));

        var id = created.object().string("id").orElseThrow();
        assertThat(client.get("/api/v1/sites/" + id).object().string("name")).contains("Oslo-Branch");
        assertThat(client.get("/api/v1/sites/" + id + "/setting").status()).isEqualTo(200);
        assertThat(mist.journal().of("createOrgSite"))
                .singleElement()
                .satisfies(entry -> assertThat(entry.applied()).isTrue());
    }

    @Test
    void refusesASiteWithoutName() throws IOException {
        var reply = client.post("/api/v1/orgs/ORG/sites", JsonObject.of("country_code", "NO"));

        assertThat(reply.status()).isEqualTo(400);
        assertThat(client.get("/api/v1/orgs/ORG/sites").array().size()).isEqualTo(4);
    }

    @Test
    void joinsTemplateAndSiteInTheDerivedSetting() throws IOException {
        var site = client.site("Lyon-Branch");

        var usages = client.get("/api/v1/sites/" + site + "/setting/derived")
                .object()
                .object("port_usages")
                .orElseThrow();

        assertThat(usages.names()).contains("uplink", "camera", "iot");
        assertThat(usages.object("iot").orElseThrow().integer("mac_limit")).contains(1L);
    }

    @Test
    void showsThePortsOfASwitchWithWhatItsConfigurationMakesOfThem() throws IOException {
        var ports = client.get("/api/v1/orgs/ORG/stats/ports/search?mac=5c4527100101&limit=1000")
                .results()
                .objects();

        assertThat(ports).hasSize(52);
        assertThat(port(ports, "ge-0/0/12").string("port_usage")).contains("office");
        assertThat(port(ports, "ge-0/0/30").string("port_usage")).contains("office");
        assertThat(port(ports, "ge-0/0/47").string("port_usage")).contains("parking");
        assertThat(port(ports, "ge-0/0/18").string("port_usage")).contains("printer");
        assertThat(port(ports, "xe-0/2/0").string("neighbor_system_name")).contains("ber-sw-03");
    }

    @Test
    void takesAPortDownThatAWriteDisables() throws IOException {
        var path = client.device("ber-sw-01");

        client.put(
                path,
                JsonObject.of("port_config_overwrite", JsonObject.of("ge-0/0/12", JsonObject.of("disabled", true))));

        var port = client.get("/api/v1/orgs/ORG/stats/ports/search?mac=5c4527100101&port_id=ge-0/0/12")
                .results()
                .objects()
                .getFirst();
        assertThat(port.bool("disabled")).contains(true);
        assertThat(port.bool("up")).contains(false);
    }

    @Test
    void findsAWiredClientByItsMacInAnyForm() throws IOException {
        var found = client.get("/api/v1/orgs/ORG/wired_clients/search?mac=5C:5B:35:0E:00:61")
                .results()
                .objects();

        assertThat(found)
                .singleElement()
                .satisfies(wired -> assertThat(
                                wired.array("port_id").orElseThrow().strings().getLast())
                        .isEqualTo("ge-0/0/12"));
    }

    @Test
    void findsAWirelessClientByItsHostname() throws IOException {
        var found = client.get("/api/v1/orgs/ORG/clients/search?hostname=lpt-4711")
                .results()
                .objects();

        assertThat(found)
                .singleElement()
                .satisfies(found1 -> assertThat(found1.string("last_ssid")).contains("Acme-Corp"));
    }

    @Test
    void countsInsteadOfPaging() throws IOException {
        var counts = client.get("/api/v1/orgs/ORG/alarms/count?distinct=type&duration=7d")
                .object();

        long sum = counts.array("results").orElseThrow().objects().stream()
                .mapToLong(row -> row.integer("count").orElseThrow())
                .sum();
        assertThat(sum).isEqualTo(40);
        assertThat(counts.string("distinct")).contains("type");
    }

    @Test
    void acknowledgesTheAlarmsNamedAndNoOther() throws IOException {
        var site = client.site("Lyon-Branch");
        var open = "/api/v1/sites/" + site + "/alarms/search?type=ap_offline&acked=false&duration=7d";
        var ids = client.get(open).results().objects().stream()
                .map(alarm -> alarm.string("id").orElseThrow())
                .toList();

        var reply = client.post(
                "/api/v1/sites/" + site + "/alarms/ack",
                JsonObject.of("alarm_ids", ids.subList(0, 2), "note", "planned power work CHG-1042"));

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text()).isEmpty();
        assertThat(client.get(open).results().size()).isEqualTo(ids.size() - 2);
        assertThat(mist.state().at("/alarms/" + ids.getFirst() + "/note").orElseThrow())
                .hasToString("\"planned power work CHG-1042\"");
    }

    @Test
    void refusesMoreThanAThousandAlarms() throws IOException {
        var ids = java.util.Collections.nCopies(1001, "x");

        var reply = client.post("/api/v1/orgs/ORG/alarms/ack", JsonObject.of("alarm_ids", ids));

        assertThat(reply.status()).isEqualTo(400);
        assertThat(mist.journal().writes()).noneMatch(Journal.Entry::applied);
    }

    @Test
    void ranksSitesByServiceLevel() throws IOException {
        var rows = client.get("/api/v1/orgs/ORG/insights/sites-sle?sle=wifi&duration=7d")
                .results()
                .objects();

        assertThat(rows)
                .hasSize(3)
                .allMatch(row -> row.number("ap-availability").isPresent());
    }

    @Test
    void listsRoguesOfOneKind() throws IOException {
        var site = client.site("Lyon-Branch");

        var found = client.get("/api/v1/sites/" + site + "/insights/rogues?type=honeypot")
                .results();

        assertThat(found.objects())
                .singleElement()
                .satisfies(rogue -> assertThat(rogue.string("ssid")).contains("Acme-Corp"));
    }

    @Test
    void addsWlansOfTheSiteToThoseOfTheOrganisation() throws IOException {
        var site = client.site("Lyon-Branch");

        var ssids = client.get("/api/v1/sites/" + site + "/wlans/derived").array().objects().stream()
                .map(wlan -> wlan.string("ssid").orElseThrow())
                .toList();

        assertThat(ssids).containsExactlyInAnyOrder("Acme-Corp", "Acme-Guest", "Acme-IoT", "Lyon-Events");
    }

    @Test
    void movesADeviceToASite() throws IOException {
        var site = client.site("Vienna-Lab");
        var spare = client.get("/api/v1/orgs/ORG/inventory?limit=1000").array().objects().stream()
                .filter(device -> device.string("site_id").equals(Optional.of("")))
                .findFirst()
                .orElseThrow();

        var reply = client.put(
                "/api/v1/orgs/ORG/inventory",
                JsonObject.of("op", "assign", "site_id", site, "macs", JsonArray.of(spare.string("mac"))));

        assertThat(reply.object().array("success").orElseThrow().size()).isEqualTo(1);
        assertThat(client.get("/api/v1/sites/" + site + "/devices").array().size())
                .isEqualTo(1);
    }

    @Test
    void refusesJsonThatIsNone() throws IOException {
        var headers = Map.of("Authorization", "Token " + mist.writeToken().reveal());
        var body = Optional.of("{\"name\":".getBytes(java.nio.charset.StandardCharsets.UTF_8));

        var reply = client.raw("POST", "/api/v1/orgs/ORG/sites", headers, body);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(client.get("/api/v1/orgs/ORG/sites").array().size()).isEqualTo(4);
    }

    private static JsonObject port(java.util.List<JsonObject> ports, String id) {
        return ports.stream()
                .filter(port -> port.string("port_id").equals(Optional.of(id)))
                .findFirst()
                .orElseThrow();
    }
}

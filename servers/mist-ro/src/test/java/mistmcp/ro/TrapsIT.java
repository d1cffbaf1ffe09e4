package mistmcp.ro;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonNull;
import mistmcp.json.JsonObject;
import mistmcp.mist.MistAnswer;
import mistmcp.mist.MistApi;
import mistmcp.mist.MistFault;
import mistmcp.mist.MistGet;
import mistmcp.mist.MistReading;
import mistmcp.mist.SiteId;
import mistmcp.mist.SiteScope;
import mistmcp.sim.Fault;
import mistmcp.sim.SimSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The habits of the Mist API that a client falls for. Each test first shows the habit on the bare API, so
/// that it fails when the simulator's quirk is off, and then that our tools cope with it.
class TrapsIT {
    private RoFixture fixture = RoFixture.fresh();

    @BeforeEach
    void forget() {
        fixture.mist().journal().clear();
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void listsSwitchesAlthoughTheApiDefaultsToAccessPoints() throws InterruptedException {
        var bare = bare("/api/v1/sites/" + berlin() + "/stats/devices", Map.of());
        assertThat(bare.rows()).isNotEmpty().allMatch(device -> is(device, "type", "ap"));

        var switches = fixture.rows("devices", "list_devices", "site", "Berlin-HQ", "type", "switch");
        var all = fixture.rows("devices", "list_devices", "site", "Berlin-HQ");

        assertThat(switches).hasSize(3).allMatch(device -> is(device, "type", "switch"));
        assertThat(all).extracting(device -> device.string("type").orElse("")).contains("ap", "switch", "gateway");
        assertThat(fixture.mist().journal().of("listSiteDevicesStats").stream().skip(1))
                .allMatch(request -> request.query().contains("type="));
    }

    @Test
    void countsByTheTotalHeaderAndNotByThePage() throws InterruptedException {
        var bare =
                bare("/api/v1/orgs/" + fixture.mist().orgId() + "/stats/devices", Map.of("type", "all", "limit", "3"));
        assertThat(bare.total()).contains(18L);

        var first = fixture.call("list_devices", "limit", 3);

        assertThat(first.integer("shown")).contains(3L);
        assertThat(first.integer("total")).contains(18L);
        assertThat(first.bool("truncated")).contains(true);
    }

    @Test
    void followsTheRelativeNextOfASearchToItsEnd() throws InterruptedException {
        var bare = bare(
                "/api/v1/orgs/" + fixture.mist().orgId() + "/alarms/search", Map.of("duration", "7d", "limit", "5"));
        assertThat(bare.object().string("next").orElse("")).startsWith("/api/v1/orgs/");

        var ids = new java.util.LinkedHashSet<String>();
        Optional<String> cursor = Optional.empty();
        do {
            var page = cursor.isPresent()
                    ? fixture.call("search_alarms", "limit", 7, "cursor", cursor.get())
                    : fixture.call("search_alarms", "limit", 7);
            page.array("alarms")
                    .orElseThrow()
                    .objects()
                    .forEach(alarm -> ids.add(alarm.string("alarmId").orElseThrow()));
            cursor = page.string("cursor");
            assertThat(page.integer("total")).contains(40L);
        } while (cursor.isPresent());

        assertThat(ids).hasSize(40);
    }

    @Test
    void readsAllSitesAlthoughAPageHasAThousandAtMost() throws InterruptedException {
        fixture.close();
        fixture = new RoFixture(RoFixture.quirks(SimSettings.fresh().withSeed("large:1200")));
        var bare = bare("/api/v1/orgs/" + fixture.mist().orgId() + "/sites", Map.of("limit", "5000"));
        assertThat(bare.rows()).hasSize(MistReading.LARGEST_PAGE);

        assertThat(fixture.call("list_sites").integer("total")).contains(1200L);
    }

    @Test
    void takesNullForAnEmptyList() throws InterruptedException {
        var vienna = fixture.siteId("Vienna-Lab");
        assertThat(bare("/api/v1/sites/" + vienna + "/stats/devices", Map.of("type", "switch"))
                        .body())
                .isEqualTo(JsonNull.NULL);

        var result = fixture.result(SiteScope.ALL, "list_devices", "site", "Vienna-Lab", "type", "switch");

        assertThat(result.bool("isError")).contains(false);
        assertThat(result.object("structuredContent").orElseThrow().integer("total"))
                .contains(0L);
    }

    @Test
    void readsFractionalTimes() throws InterruptedException {
        var bare = bare("/api/v1/sites/" + berlin() + "/stats/devices", Map.of("type", "switch"));
        assertThat(bare.rows())
                .anySatisfy(device -> assertThat(
                                device.get("last_seen").orElseThrow().toString())
                        .contains("."));

        assertThat(fixture.rows("devices", "list_devices", "site", "Berlin-HQ", "type", "switch"))
                .allSatisfy(device -> assertThat(
                                Instant.parse(device.string("lastSeen").orElseThrow()))
                        .isBefore(Instant.now().plusSeconds(5)));
    }

    @Test
    void findsAClientWhateverFormItsMacAddressHas() throws InterruptedException {
        var bare = bare("/api/v1/sites/" + berlin() + "/wired_clients/search", Map.of("mac", "5c5b350e0061"));
        assertThat(bare.rows()
                        .getFirst()
                        .array("device_mac")
                        .orElse(JsonArray.EMPTY)
                        .strings())
                .allMatch(mac -> mac.contains(":"));

        for (var form : new String[] {"5c:5b:35:0e:00:61", "5C-5B-35-0E-00-61", "5c5b.350e.0061", "5c5b350e0061"}) {
            var clients = fixture.rows("clients", "search_clients", "mac", form);
            assertThat(clients).hasSize(1);
            assertThat(clients.getFirst().string("device")).contains("ber-sw-01");
            assertThat(clients.getFirst().string("port")).contains("ge-0/0/12");
            assertThat(clients.getFirst().string("mac")).contains("5c:5b:35:0e:00:61");
        }
    }

    @Test
    void toleratesAttributesThatNoDocumentKnows() throws InterruptedException {
        var device = bare("/api/v1/sites/" + berlin() + "/devices/" + switchOne(), Map.of());
        assertThat(device.object().has("deployment_ring")).isTrue();

        assertThat(fixture.result("get_device", "device", "ber-sw-01").bool("isError"))
                .contains(false);
    }

    @Test
    void toleratesValuesOutsideAClosedList() throws InterruptedException {
        assertThat(bare("/api/v1/self", Map.of()).body().toString()).contains("\"views\"");

        assertThat(fixture.call("whoami").string("access")).contains("read only");
    }

    @Test
    void takesANotFoundWithoutABodyForNotFound() throws IOException, InterruptedException {
        var path = "/api/v1/sites/" + berlin() + "/devices/00000000-0000-0000-1000-000000000001";
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(fixture.mist().baseUri().resolve(path))
                    .header(
                            "Authorization",
                            "Token " + fixture.mist().readToken().reveal())
                    .build();
            assertThat(client.send(request, HttpResponse.BodyHandlers.ofString())
                            .body())
                    .isEmpty();
        }

        var answer = fixture.api().reading(SiteScope.ALL, Duration.ofSeconds(5)).answer(get(path, Map.of()));

        assertThat(answer).isEqualTo(new MistAnswer.Failed(new MistFault.NotFound()));
        assertThat(fixture.call("get_device", "device", "00000000-0000-0000-1000-000000000001")
                        .string("code"))
                .contains("not_found");
    }

    @Test
    void waitsAsLongAsMistAsksFor() throws InterruptedException {
        fixture.mist().faults().add("GET", "/api/v1/orgs/*/alarms/count", 1, new Fault.RateLimit(Optional.of(1)));

        var result = fixture.result("count_alarms");

        assertThat(result.bool("isError")).contains(false);
        assertThat(fixture.mist().journal().of("countOrgAlarms")).hasSize(2);
    }

    @Test
    void waitsAMinuteAtMostWhenMistSaysHowLong() throws InterruptedException {
        fixture.close();
        fixture = new RoFixture(RoFixture.quirks(SimSettings.fresh().withHourlyBudget(1)));
        var now = Instant.parse("2026-01-01T10:15:00Z");
        try (var api = new MistApi(RoFixture.settings(fixture.mist()), InstantSource.fixed(now))) {
            var reading = api.reading(SiteScope.ALL, Duration.ofSeconds(1));
            reading.answer(get("/api/v1/self", Map.of()));

            var second = (MistAnswer.Failed) reading.answer(get("/api/v1/self", Map.of()));

            assertThat(second.fault()).isEqualTo(new MistFault.RateLimited(now.plusSeconds(60)));
        }
    }

    @Test
    void stopsAtTheHourlyBudgetAndSaysUntilWhen() throws InterruptedException {
        fixture.close();
        fixture = new RoFixture(RoFixture.quirks(SimSettings.fresh().withHourlyBudget(2)));

        fixture.call("count_alarms");
        fixture.call("count_alarms");
        var third = fixture.call("count_alarms");
        int asked = fixture.mist().journal().entries().size();
        var fourth = fixture.call("count_alarms", "by", "severity");

        assertThat(third.string("code")).contains("mist_rate_limited");
        assertThat(fourth.string("code")).contains("mist_rate_limited");
        assertThat(fixture.mist().journal().entries()).hasSize(asked);
    }

    @Test
    void findsAnEndOfAHostNameAlthoughThatWildcardFindsNothing() throws InterruptedException {
        var path = "/api/v1/orgs/" + fixture.mist().orgId() + "/clients/search";
        assertThat(bare(path, Map.of("hostname", "*4711")).rows()).isEmpty();

        assertThat(fixture.rows("clients", "search_clients", "hostname", "4711"))
                .isNotEmpty();
        assertThat(fixture.rows("clients", "search_clients", "hostname", "*4711"))
                .isNotEmpty();
    }

    @Test
    void picksTheRowsOfOneClientAlthoughMistIgnoresTheMac() throws InterruptedException {
        var path = "/api/v1/orgs/" + fixture.mist().orgId() + "/clients/sessions/search";
        assertThat(bare(path, Map.of("mac", "a483e7002000", "duration", "7d")).rows())
                .anyMatch(session -> !is(session, "mac", "a483e7002000"));

        var rows = fixture.rows("history", "client_history", "client", "a4:83:e7:00:20:00", "since", "7d");

        assertThat(rows).extracting(row -> row.string("kind").orElse("")).contains("event", "session");
        assertThat(rows.stream().filter(row -> is(row, "kind", "session")))
                .as("the seed has one session of each client")
                .hasSize(1);
    }

    @Test
    void tellsAClientsHistoryWithoutMarvis() throws InterruptedException {
        var path = "/api/v1/orgs/" + fixture.mist().orgId() + "/troubleshoot";
        var answer = fixture.api()
                .reading(SiteScope.ALL, Duration.ofSeconds(5))
                .answer(get(path, Map.of("mac", "a483e7002000")));
        assertThat(answer).isEqualTo(new MistAnswer.Failed(new MistFault.NotFound()));

        var history = fixture.call("client_history", "client", "a483e7002000");

        assertThat(history.array("history").orElseThrow()).isNotEmpty();
        assertThat(history.string("marvisUnavailable")).contains("not_found");
    }

    @Test
    void seesThatATokenMayNotWrite() throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(fixture.mist().baseUri().resolve("/api/v1/sites/" + berlin()))
                    .PUT(HttpRequest.BodyPublishers.ofString("{\"notes\":\"x\"}"))
                    .header("Content-Type", "application/json")
                    .header(
                            "Authorization",
                            "Token " + fixture.mist().readToken().reveal())
                    .build();
            assertThat(client.send(request, HttpResponse.BodyHandlers.discarding())
                            .statusCode())
                    .isEqualTo(403);
        }

        assertThat(fixture.call("whoami").string("access")).contains("read only");
    }

    private MistAnswer.Read bare(String path, Map<String, String> query) throws InterruptedException {
        return fixture.api().reading(SiteScope.ALL, Duration.ofSeconds(5)).get(get(path, query));
    }

    private static MistGet get(String path, Map<String, String> query) {
        return new MistGet("bare", path, Optional.empty(), new TreeMap<>(query), Duration.ZERO);
    }

    private static boolean is(JsonObject object, String name, String value) {
        return object.string(name).filter(value::equals).isPresent();
    }

    private SiteId berlin() throws InterruptedException {
        return new SiteId(fixture.siteId("Berlin-HQ"));
    }

    private String switchOne() throws InterruptedException {
        return fixture.api().reading(SiteScope.ALL, Duration.ofSeconds(5)).devices().stream()
                .filter(device -> device.name().equals("ber-sw-01"))
                .map(device -> device.id().value())
                .findFirst()
                .orElseThrow();
    }
}

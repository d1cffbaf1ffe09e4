package mistmcp.ro;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import mistmcp.json.Json;
import mistmcp.json.JsonObject;
import mistmcp.mist.SiteScope;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A caller of some sites sees these and nothing of others: in arguments, results, names, cursors, counts.
class SiteScopeIT {
    private static final List<String> SITE_TOOLS = List.of(
            "site_health",
            "list_devices",
            "list_switch_ports",
            "search_clients",
            "search_alarms",
            "count_alarms",
            "list_wlans",
            "list_rogues",
            "search_events",
            "sle_summary",
            "count_clients");
    private static final RoFixture FIXTURE = RoFixture.fresh();
    private static SiteScope lyon = new SiteScope(false, java.util.Set.of());
    private static String berlinId = "";

    @BeforeAll
    static void scope() throws InterruptedException {
        lyon = FIXTURE.scopeOf("Lyon-Branch");
        berlinId = FIXTURE.siteId("Berlin-HQ");
    }

    @AfterAll
    static void close() {
        FIXTURE.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "whoami",
                "list_sites",
                "site_health",
                "list_devices",
                "list_switch_ports",
                "search_clients",
                "search_alarms",
                "count_alarms",
                "search_events",
                "sle_summary",
                "count_clients"
            })
    void showsNothingOfOtherSites(String tool) throws InterruptedException {
        assertNothingOfOthers(FIXTURE.result(lyon, tool));
    }

    @Test
    void findsNothingOfOtherSites() throws InterruptedException {
        for (var query :
                new String[] {"ber", "Berlin-HQ", berlinId, "5c:45:27:10:01:01", "5c:5b:35:0e:00:61", "10.10."}) {
            assertThat(FIXTURE.call(lyon, "find", "query", query).integer("total"))
                    .contains(0L);
        }
        assertThat(FIXTURE.rows(lyon, "results", "find", "query", "lyo")).isNotEmpty();
    }

    @Test
    void answersForAnotherSiteAsForAnAbsentOne() throws InterruptedException {
        for (var tool : SITE_TOOLS) {
            var absent = FIXTURE.result(lyon, tool, "site", "No-Such-Site");
            assertThat(bare(FIXTURE.result(lyon, tool, "site", "Berlin-HQ"))).isEqualTo(bare(absent));
            assertThat(bare(FIXTURE.result(lyon, tool, "site", berlinId))).isEqualTo(bare(absent));
            assertThat(absent.bool("isError")).contains(true);
        }
    }

    @Test
    void answersForAnotherDeviceAsForAnAbsentOne() throws InterruptedException {
        for (var tool : List.of("get_device", "list_switch_ports", "search_clients", "search_events")) {
            var absent = FIXTURE.result(lyon, tool, "device", "no-such-device");
            for (var name : List.of("ber-sw-01", "00000000-0000-0000-1000-5c4527100101", "5c4527100101")) {
                assertThat(bare(FIXTURE.result(lyon, tool, "device", name))).isEqualTo(bare(absent));
            }
        }
    }

    @Test
    void tellsNothingOfAClientOfAnotherSite() throws InterruptedException {
        var absent = FIXTURE.result(lyon, "client_history", "client", "a4:83:e7:99:99:99");
        var other = FIXTURE.result(lyon, "client_history", "client", "a4:83:e7:00:20:00");

        assertThat(other.object("structuredContent").orElseThrow().without("mac"))
                .isEqualTo(absent.object("structuredContent").orElseThrow().without("mac"));
        assertThat(bare(FIXTURE.result(lyon, "client_history", "client", "lpt-4711")))
                .isEqualTo(bare(FIXTURE.result(lyon, "client_history", "client", "no-such-host")));
    }

    @Test
    void explainsNoPortOfAnotherSite() throws InterruptedException {
        var absent = FIXTURE.result(lyon, "explain_switch_port", "device", "no-such-device", "port", "ge-0/0/1");
        var other = FIXTURE.result(lyon, "explain_switch_port", "device", "ber-sw-01", "port", "ge-0/0/1");

        assertThat(bare(other)).isEqualTo(bare(absent));
        assertNothingOfOthers(FIXTURE.result(lyon, "explain_switch_port", "device", "lyo-sw-01", "port", "ge-0/0/1"));
    }

    @Test
    void asksMistForNoOtherSite() throws InterruptedException {
        FIXTURE.mist().journal().clear();

        FIXTURE.result(lyon, "search_alarms");
        FIXTURE.result(lyon, "search_clients");
        FIXTURE.result(lyon, "get_device", "device", "ber-sw-01");
        FIXTURE.result(lyon, "list_switch_ports", "site", berlinId);

        assertThat(FIXTURE.mist().journal().entries())
                .noneMatch(request -> request.path().contains(berlinId))
                .noneMatch(request ->
                        request.path().contains("/orgs/") && request.path().contains("/search"));
    }

    @Test
    void countsOnlyItsOwn() throws InterruptedException {
        var mine = FIXTURE.call(lyon, "count_alarms");
        var all = FIXTURE.call("count_alarms");
        var listed = FIXTURE.call(lyon, "search_alarms", "limit", 1);

        assertThat(mine.integer("alarms").orElseThrow())
                .isPositive()
                .isLessThan(all.integer("alarms").orElseThrow());
        assertThat(listed.integer("total")).isEqualTo(mine.integer("alarms"));
        assertThat(FIXTURE.call(lyon, "list_sites").integer("total")).contains(1L);
        assertThat(FIXTURE.call(lyon, "list_devices").integer("total")).contains(5L);
    }

    @Test
    void walksOverTheSitesOfItsScope() throws InterruptedException {
        var two = FIXTURE.scopeOf("Lyon-Branch", "Porto-Depot");
        var names = new java.util.ArrayList<String>();
        var page = FIXTURE.call(two, "list_devices", "limit", 3);
        assertThat(page.integer("total")).contains(8L);
        while (true) {
            page.array("devices")
                    .orElseThrow()
                    .objects()
                    .forEach(row -> names.add(row.string("name").orElseThrow()));
            var cursor = page.string("cursor");
            if (cursor.isEmpty()) {
                break;
            }
            page = FIXTURE.call(two, "list_devices", "limit", 3, "cursor", cursor.get());
        }

        assertThat(names).hasSize(8).doesNotHaveDuplicates().noneMatch(name -> name.startsWith("ber-"));
    }

    @Test
    void refusesACursorOfAnotherScopeOrCall() throws InterruptedException {
        var cursor = FIXTURE.call("search_alarms", "limit", 2).string("cursor").orElseThrow();

        assertThat(FIXTURE.call(lyon, "search_alarms", "cursor", cursor).string("code"))
                .contains("invalid_cursor");
        assertThat(FIXTURE.call("search_clients", "cursor", cursor).string("code"))
                .contains("invalid_cursor");
        assertThat(FIXTURE.call("search_alarms", "severity", "info", "cursor", cursor)
                        .string("code"))
                .contains("invalid_cursor");
        var altered = (cursor.startsWith("A") ? "B" : "A") + cursor.substring(1);
        assertThat(FIXTURE.call("search_alarms", "cursor", altered).string("code"))
                .contains("invalid_cursor");
        assertThat(FIXTURE.call("search_alarms", "limit", 2, "cursor", cursor).string("code"))
                .isEmpty();
    }

    @Test
    void keepsTheCacheOfOneCallerFromAnother() throws InterruptedException {
        FIXTURE.call("list_sites");
        FIXTURE.call("list_devices");

        assertNothingOfOthers(FIXTURE.result(lyon, "list_sites"));
        assertNothingOfOthers(FIXTURE.result(lyon, "list_devices"));
    }

    @Test
    void seesNothingWithoutSites() throws InterruptedException {
        var none = SiteScope.of(List.of());

        assertThat(FIXTURE.call(none, "list_sites").integer("total")).contains(0L);
        assertThat(FIXTURE.call(none, "list_devices").integer("total")).contains(0L);
        assertThat(FIXTURE.call(none, "search_alarms").integer("total")).contains(0L);
        assertThat(FIXTURE.call(none, "count_alarms").integer("alarms")).contains(0L);
    }

    @Test
    void readsResourcesOfItsSitesOnly() throws InterruptedException {
        var other = FIXTURE.reply(lyon, "resources/read", "mist://site/" + berlinId, JsonObject.EMPTY);
        var absent = FIXTURE.reply(
                lyon, "resources/read", "mist://site/00000000-0000-0000-0000-000000000009", JsonObject.EMPTY);

        assertThat(other.integer("error")).isPresent().isEqualTo(absent.integer("error"));
        assertThat(other.string("message")).isEqualTo(absent.string("message"));
        assertNothingOfOthers(FIXTURE.reply(lyon, "resources/read", "mist://sites", JsonObject.EMPTY));
        assertNothingOfOthers(FIXTURE.reply(lyon, "resources/read", "mist://org", JsonObject.EMPTY));
        assertThat(Json.text(FIXTURE.reply(
                        lyon, "resources/read", "mist://site/" + FIXTURE.siteId("Lyon-Branch"), JsonObject.EMPTY)))
                .contains("Lyon-Branch");
    }

    private static void assertNothingOfOthers(JsonObject result) {
        assertThat(Json.text(result))
                .doesNotContain("Berlin", "Porto", "Vienna", berlinId, "ber-sw", "ber-ap", "por-sw")
                .doesNotContain("\"isError\":true");
    }

    /// The result less what counts calls.
    private static Map<String, mistmcp.json.JsonValue> bare(JsonObject result) {
        return result.without("_meta").members();
    }
}

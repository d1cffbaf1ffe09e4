package mistmcp.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import mistmcp.json.JsonNull;
import mistmcp.json.JsonNumber;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonValue;
import mistmcp.sim.api.Quirk;
import org.junit.jupiter.api.Test;

/// Each quirk, on and off.
class QuirksIT {
    private static final JsonObject ONE_PORT =
            JsonObject.of("port_config", JsonObject.of("ge-0/0/5", JsonObject.of("usage", "iot")));

    private interface Look<T> {
        T at(Client client, SimulatedMist mist) throws IOException;
    }

    private static <T> void differs(Quirk quirk, Look<T> look, T on, T off) throws IOException {
        assertThat(seen(SimSettings.fresh(), look)).as(quirk + " on").isEqualTo(on);
        assertThat(seen(SimSettings.fresh().without(quirk), look))
                .as(quirk + " off")
                .isEqualTo(off);
    }

    private static <T> T seen(SimSettings settings, Look<T> look) throws IOException {
        try (var mist = SimulatedMist.start(settings);
                var client = new Client(mist)) {
            return look.at(client, mist);
        }
    }

    private static <T> T device(SimulatedMist mist, String name, Function<JsonObject, T> read) {
        return read.apply(mist.state().rows(mistmcp.sim.api.Table.DEVICES).stream()
                .filter(device -> device.string("name").equals(Optional.of(name)))
                .findFirst()
                .orElseThrow());
    }

    @Test
    void assumesAccessPointsWhenNoTypeIsSent() throws IOException {
        differs(
                Quirk.TYPE_DEFAULTS_TO_AP,
                (client, _) ->
                        client.get("/api/v1/orgs/ORG/stats/devices").array().size(),
                11,
                18);
    }

    @Test
    void changesOnlyTheRootsSent() throws IOException {
        differs(
                Quirk.ROOT_LEVEL_PUT,
                (client, mist) -> {
                    client.put(client.device("ber-sw-01"), JsonObject.of("notes", "moved"));
                    return mist.state()
                            .at("/devices/00000000-0000-0000-1000-5c4527100101/port_config")
                            .isPresent();
                },
                true,
                false);
    }

    @Test
    void replacesTheWholeMapSent() throws IOException {
        differs(
                Quirk.MAP_REPLACED_WHOLE,
                (client, mist) -> {
                    client.put(client.device("ber-sw-01"), ONE_PORT);
                    return device(
                            mist,
                            "ber-sw-01",
                            found -> found.object("port_config").orElseThrow().size());
                },
                1,
                5);
    }

    @Test
    void removesARootByItsNameWithADash() throws IOException {
        differs(
                Quirk.DASH_REMOVES,
                (client, mist) -> {
                    client.put(client.device("ber-sw-01"), JsonObject.of("-port_config_overwrite", ""));
                    return device(mist, "ber-sw-01", found -> found.has("port_config_overwrite"));
                },
                false,
                true);
    }

    @Test
    void replacesAllLocalOverrides() throws IOException {
        differs(
                Quirk.LOCAL_PORT_CONFIG_REPLACED,
                (client, mist) -> {
                    client.put(
                            client.device("ber-sw-01") + "/local_port_config",
                            JsonObject.of("ge-0/0/3", JsonObject.of("usage", "iot")));
                    var id = device(
                            mist, "ber-sw-01", found -> found.string("id").orElseThrow());
                    return ((JsonObject) mist.state()
                                    .at("/local_port_config/" + id + "/ports")
                                    .orElseThrow())
                            .size();
                },
                1,
                2);
    }

    @Test
    void ignoresLocalOverridesUnlessThePortAllowsThem() throws IOException {
        differs(
                Quirk.NO_LOCAL_OVERWRITE,
                (client, _) -> {
                    client.put(
                            client.device("ber-sw-02") + "/local_port_config",
                            JsonObject.of("ge-0/0/3", JsonObject.of("usage", "iot")));
                    return client.get("/api/v1/orgs/ORG/stats/ports/search?mac=5c4527100202&port_id=ge-0/0/3")
                            .results()
                            .objects()
                            .getFirst()
                            .string("port_usage")
                            .orElseThrow();
                },
                "office",
                "iot");
    }

    @Test
    void tellsTotalsOfPagesInHeaders() throws IOException {
        differs(
                Quirk.PAGE_HEADERS,
                (client, _) -> Optional.ofNullable(client.get("/api/v1/orgs/ORG/sites?limit=3&page=2")
                        .headers()
                        .get("X-Page-Total")),
                Optional.of("4"),
                Optional.empty());
    }

    @Test
    void sendsARelativeNextThatLeadsToTheRest() throws IOException {
        try (var mist = SimulatedMist.start(SimSettings.fresh());
                var client = new Client(mist)) {
            var seen = new java.util.HashSet<String>();
            Optional<String> next = Optional.of("/api/v1/orgs/ORG/alarms/search?duration=7d&limit=7");
            int pages = 0;
            while (next.isPresent()) {
                var page = client.get(next.get()).object();
                page.array("results")
                        .orElseThrow()
                        .objects()
                        .forEach(alarm -> seen.add(alarm.string("id").orElseThrow()));
                next = page.string("next");
                pages++;
            }
            assertThat(seen).hasSize(40);
            assertThat(pages).isEqualTo(6);
        }
        differs(
                Quirk.RELATIVE_NEXT,
                (client, _) -> client.get("/api/v1/orgs/ORG/alarms/search?duration=7d&limit=7")
                        .object()
                        .string("next")
                        .orElseThrow()
                        .startsWith("/api/v1/orgs/"),
                true,
                false);
    }

    @Test
    void refusesACursorThatItDidNotIssue() throws IOException {
        int status = seen(
                SimSettings.fresh(),
                (client, _) -> client.get("/api/v1/orgs/ORG/alarms/search?search_after=expired")
                        .status());

        assertThat(status).isEqualTo(400);
    }

    @Test
    void neverSendsMoreThanAThousandRows() throws IOException {
        Look<Integer> rows = (client, _) ->
                client.get("/api/v1/orgs/ORG/sites?limit=5000").array().size();

        assertThat(seen(SimSettings.fresh().withSeed("large:1200"), rows)).isEqualTo(1000);
        assertThat(seen(SimSettings.fresh().withSeed("large:1200").without(Quirk.LIMIT_CAP), rows))
                .isEqualTo(1200);
    }

    @Test
    void answersAnAcknowledgementWithoutBody() throws IOException {
        differs(
                Quirk.EMPTY_BODIES,
                (client, _) -> {
                    var id = client.get("/api/v1/orgs/ORG/alarms/search")
                            .results()
                            .objects()
                            .getFirst();
                    return client.post(
                                    "/api/v1/orgs/ORG/alarms/ack", JsonObject.of("alarm_ids", List.of(id.string("id"))))
                            .text();
                },
                "",
                "{}");
    }

    @Test
    void writesAnEmptyListAsNull() throws IOException {
        differs(
                Quirk.NULL_LISTS,
                (client, _) -> client.get("/api/v1/sites/" + client.site("Vienna-Lab") + "/devices")
                                .json()
                        instanceof JsonNull,
                true,
                false);
    }

    @Test
    void writesTimesWithFractions() throws IOException {
        differs(
                Quirk.FRACTIONAL_TIMES,
                (client, _) -> ((JsonNumber) client.get("/api/v1/orgs/ORG/sites")
                                .array()
                                .objects()
                                .getFirst()
                                .get("modified_time")
                                .orElseThrow())
                        .text()
                        .contains("."),
                true,
                false);
    }

    @Test
    void writesMacsInSeveralForms() throws IOException {
        differs(
                Quirk.MIXED_MACS,
                (client, _) -> client.get("/api/v1/orgs/ORG/stats/ports/search?neighbor_system_name=ber-sw-03")
                        .results()
                        .objects()
                        .getFirst()
                        .string("neighbor_mac")
                        .orElseThrow(),
                "5C:45:27:10:03:03",
                "5c4527100303");
    }

    @Test
    void sendsAttributesThatTheDocumentDoesNotKnow() throws IOException {
        differs(
                Quirk.UNKNOWN_FIELDS,
                (client, _) -> client.get(client.device("ber-sw-01")).object().has("deployment_ring"),
                true,
                false);
    }

    @Test
    void sendsAViewOutsideItsList() throws IOException {
        differs(
                Quirk.OPEN_ENUMS,
                (client, _) -> client.get("/api/v1/self").text().contains("org_admin"),
                true,
                false);
    }

    @Test
    void answersNotFoundWithoutBody() throws IOException {
        differs(
                Quirk.EMPTY_NOT_FOUND,
                (client, _) -> {
                    var path = client.device("ber-sw-01");
                    var reply = client.get(path.substring(0, path.lastIndexOf('/')) + "/none");
                    return reply.status() + reply.text();
                },
                "404",
                "404{\"id\":\"none\"}");
    }

    @Test
    void answersNotFoundForASiteWithItsId() throws IOException {
        var reply = seen(SimSettings.fresh(), (client, _) -> client.get("/api/v1/sites/none"));

        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.object().string("id")).contains("none");
    }

    @Test
    void tellsWhenToTryAgainOnceTheBudgetIsUsedUp() throws IOException {
        Look<Optional<String>> third = (client, _) -> {
            client.get("/api/v1/self");
            client.get("/api/v1/self");
            var reply = client.get("/api/v1/self");
            return reply.status() == 429
                    ? Optional.of(reply.headers().getOrDefault("Retry-After", "none"))
                    : Optional.empty();
        };
        var settings = SimSettings.fresh().withHourlyBudget(2).withClock(() -> Instant.parse("2026-05-04T10:59:30Z"));

        assertThat(seen(settings, third)).contains("30");
        assertThat(seen(settings.without(Quirk.RETRY_AFTER), third)).contains("none");
        assertThat(seen(settings.without(Quirk.HOURLY_BUDGET), third)).isEmpty();
    }

    @Test
    void givesEachTokenItsOwnBudget() throws IOException {
        int status = seen(SimSettings.fresh().withHourlyBudget(1), (client, mist) -> {
            client.get("/api/v1/self");
            return client.send("GET", "/api/v1/self", Optional.<JsonValue>empty(), mist.writeToken())
                    .status();
        });

        assertThat(status).isEqualTo(200);
    }

    @Test
    void forbidsWritesToAReadToken() throws IOException {
        differs(
                Quirk.TOKEN_ROLES,
                (client, mist) -> {
                    var site = Optional.<JsonValue>of(JsonObject.of("name", "Sneaky"));
                    int status = client.send("POST", "/api/v1/orgs/ORG/sites", site, mist.readToken())
                            .status();
                    boolean there =
                            mist.state().rows(mistmcp.sim.api.Table.SITES).size() == 5;
                    return status + " " + there + " "
                            + mist.journal().writes().getFirst().applied();
                },
                "403 false false",
                "200 true true");
    }

    @Test
    void acknowledgesEverythingWhenAskedTo() throws IOException {
        differs(
                Quirk.ACK_ALL,
                (client, _) -> {
                    client.post("/api/v1/orgs/ORG/alarms/ack_all", JsonObject.of("note", "all"));
                    return client.get("/api/v1/orgs/ORG/alarms/search?duration=7d&acked=false")
                            .results()
                            .isEmpty();
                },
                true,
                false);
    }

    @Test
    void ignoresTheMacInASearchOfSessions() throws IOException {
        differs(
                Quirk.MAC_FILTER_IGNORED,
                (client, _) -> client.get("/api/v1/orgs/ORG/clients/sessions/search?mac=a483e7002003")
                        .results()
                        .size(),
                20,
                1);
    }

    @Test
    void findsNothingBySuffix() throws IOException {
        differs(
                Quirk.NO_SUFFIX_WILDCARD,
                (client, _) -> client.get("/api/v1/orgs/ORG/sites/search?name=*Branch")
                        .results()
                        .size(),
                0,
                1);
    }

    @Test
    void movesTheTimeOfModificationOn() throws IOException {
        differs(
                Quirk.MODIFIED_TIME,
                (client, mist) -> {
                    var before = device(mist, "ber-sw-01", found -> found.get("modified_time"));
                    client.put(client.device("ber-sw-01"), JsonObject.of("notes", "x"));
                    return !device(mist, "ber-sw-01", found -> found.get("modified_time"))
                            .equals(before);
                },
                true,
                false);
    }

    @Test
    void writesTheAuditLog() throws IOException {
        differs(
                Quirk.AUDIT_LOG,
                (client, _) -> {
                    client.put(client.device("ber-sw-01"), JsonObject.of("notes", "x"));
                    return client.get("/api/v1/orgs/ORG/logs/search?admin_name=Gateway*")
                            .results()
                            .size();
                },
                1,
                0);
    }

    @Test
    void hasNoSubscriptionForTroubleshooting() throws IOException {
        differs(
                Quirk.NO_MARVIS,
                (client, _) -> client.get("/api/v1/orgs/ORG/troubleshoot?mac=a483e7002000")
                        .status(),
                404,
                200);
    }
}

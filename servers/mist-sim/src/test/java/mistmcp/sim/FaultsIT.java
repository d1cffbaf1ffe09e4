package mistmcp.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import mistmcp.http.HttpFailure;
import mistmcp.json.InvalidJson;
import mistmcp.json.JsonObject;
import mistmcp.sim.api.Table;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What goes wrong on demand, and whether the effect happened.
class FaultsIT {
    private static final JsonObject SITE = JsonObject.of("name", "Oslo-Branch");
    private static final String SITES = "/api/v1/orgs/ORG/sites";

    private static final SimSettings SETTINGS = SimSettings.fresh();

    private static SimulatedMist mist;
    private static Client client;

    @BeforeAll
    static void start() {
        mist = SimulatedMist.start(SETTINGS);
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

    private static int sites() {
        return mist.state().rows(Table.SITES).size();
    }

    @Test
    void failsBeforeTheEffect() throws IOException {
        mist.faults().add("POST", "/api/v1/orgs/*/sites", 1, new Fault.Status(503));

        assertThat(client.post(SITES, SITE).status()).isEqualTo(503);

        assertThat(sites()).isEqualTo(4);
        assertThat(client.post(SITES, SITE).status()).isEqualTo(200);
    }

    @Test
    void failsAfterTheEffect() throws IOException {
        mist.faults().add("POST", "**", 1, new Fault.StatusAfterApply(502));

        assertThat(client.post(SITES, SITE).status()).isEqualTo(502);

        assertThat(sites()).isEqualTo(5);
        assertThat(mist.journal().writes()).singleElement().satisfies(entry -> {
            assertThat(entry.applied()).isTrue();
            assertThat(entry.status()).isEqualTo(502);
            assertThat(entry.fault()).isEqualTo("status_after_apply");
        });
    }

    @Test
    void cutsTheConnectionBeforeTheEffect() {
        mist.faults().add("POST", "**", 1, new Fault.Cut());

        assertThatThrownBy(() -> client.post(SITES, SITE)).isInstanceOf(HttpFailure.class);

        assertThat(sites()).isEqualTo(4);
    }

    @Test
    void cutsTheConnectionAfterTheEffect() {
        mist.faults().add("POST", "**", 1, new Fault.CutAfterApply());

        assertThatThrownBy(() -> client.post(SITES, SITE))
                .isInstanceOfSatisfying(
                        HttpFailure.class,
                        failure -> assertThat(failure.maybeSent()).isTrue());

        assertThat(sites()).isEqualTo(5);
    }

    @Test
    void cutsTheConnectionWithinTheBody() {
        mist.faults().add("GET", "**", 1, new Fault.CutInBody());

        assertThatThrownBy(() -> client.get(SITES)).isInstanceOf(HttpFailure.class);
    }

    @Test
    void answersLate() throws IOException {
        mist.faults().add("GET", "**", 1, new Fault.Latency(Duration.ofMillis(300)));
        long before = System.nanoTime();

        client.get(SITES);

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
    }

    @Test
    void limitsTheRateWithAndWithoutRetryAfter() throws IOException {
        mist.faults().add("GET", "**", 1, new Fault.RateLimit(Optional.of(2)));
        mist.faults().add("GET", "**", 1, new Fault.RateLimit(Optional.empty()));

        var first = client.get(SITES);
        var second = client.get(SITES);

        assertThat(first.status()).isEqualTo(429);
        assertThat(first.headers()).containsEntry("Retry-After", "2");
        assertThat(second.status()).isEqualTo(429);
        assertThat(second.headers()).doesNotContainKey("Retry-After");
    }

    @Test
    void sendsAnotherTypeAGarbledBodyAndARedirect() throws IOException {
        mist.faults().add("GET", "**", 1, new Fault.WrongType());
        mist.faults().add("GET", "**", 1, new Fault.Garbage());
        mist.faults().add("GET", "**", 1, new Fault.Redirect("https://example.com/"));

        assertThat(client.get(SITES).headers()).containsEntry("Content-Type", "text/html");
        var garbage = client.get(SITES);
        assertThatThrownBy(garbage::json).isInstanceOf(InvalidJson.class);
        var redirect = client.get(SITES);
        assertThat(redirect.status()).isEqualTo(302);
        assertThat(redirect.headers()).containsEntry("Location", "https://example.com/");
    }

    @Test
    void sendsAHugeBody() throws IOException {
        mist.faults().add("GET", "**", 1, new Fault.Huge(5 << 20));

        assertThat(client.get(SITES).text()).hasSize(5 << 20);
    }

    @Test
    void changesAnObjectRightBeforeARequest() throws IOException {
        var site = client.site("Lyon-Branch");
        mist.faults()
                .add(
                        "GET",
                        "/api/v1/sites/*",
                        1,
                        1,
                        new Fault.Drift("/sites/" + site, JsonObject.of("notes", "changed by somebody")));

        var first = client.get("/api/v1/sites/" + site).object();
        var second = client.get("/api/v1/sites/" + site).object();

        assertThat(first.string("notes")).isNotEqualTo(second.string("notes"));
        assertThat(second.string("notes")).contains("changed by somebody");
        assertThat(second.get("modified_time")).isNotEqualTo(first.get("modified_time"));
    }

    @Test
    void controlsASimulatorOfAnotherProcess() throws IOException {
        var token = Map.of("X-Sim-Control", control());
        var fault = bytes(JsonObject.of(
                "match",
                JsonObject.of("method", "POST", "pathPattern", "/api/v1/orgs/*/sites"),
                "kind",
                "status",
                "status",
                500));

        assertThat(client.raw("POST", "/sim/faults", token, fault).status()).isEqualTo(200);
        assertThat(client.post(SITES, SITE).status()).isEqualTo(500);
        var site = client.site("Lyon-Branch");
        var drift = bytes(JsonObject.of("pointer", "/sites/" + site, "patch", JsonObject.of("notes", "moved")));
        assertThat(client.raw("POST", "/sim/drift", token, drift).status()).isEqualTo(200);
        assertThat(client.raw("GET", "/sim/state?path=/sites/" + site + "/notes", token, Optional.empty())
                        .object()
                        .string("value"))
                .contains("moved");
        assertThat(client.raw("GET", "/sim/journal?writes=1", token, Optional.empty())
                        .object()
                        .array("requests")
                        .orElseThrow()
                        .objects())
                .singleElement()
                .satisfies(entry -> assertThat(entry.bool("applied")).contains(false));
        client.raw("POST", "/sim/reset", token, Optional.empty());
        assertThat(mist.journal().entries()).isEmpty();
    }

    @Test
    void keepsControlToItsToken() throws IOException {
        for (var headers : java.util.List.of(
                Map.<String, String>of(),
                Map.of("X-Sim-Control", "wrong"),
                Map.of("Authorization", "Token " + mist.writeToken().reveal()))) {
            assertThat(client.raw("GET", "/sim/journal", headers, Optional.empty())
                            .status())
                    .isEqualTo(403);
        }
    }

    private static String control() {
        return SETTINGS.controlToken().orElseThrow().reveal();
    }

    private static Optional<byte[]> bytes(JsonObject body) {
        return Optional.of(mistmcp.json.Json.bytes(body));
    }
}
